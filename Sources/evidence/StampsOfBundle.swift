internal import EvidenceReport
internal import EvidenceVault
internal import Wording

/// The time-stamps that go into a bundle. They need no key, so that whoever could write to the vault may have put them
/// there: they are shown before they leave under a signature.
struct StampsOfBundle {
  private let plan: ExportPlan

  init(_ plan: ExportPlan) { self.plan = plan }

  var times: [TrustedTime] { plan.times }

  /// A line for each that goes.
  var lines: [Phrase] { times.map { "  a time-stamp goes along (\(Message.shown($0.path))): \($0.sentence)" } }

  /// What is wrong with them, and with the dates of the bundle.
  var notes: [Phrase] {
    let unsound = plan.unsoundStampPaths.map { path -> Phrase in
      "\(Message.shown(path)) does not hold, and stays here; evidence verify says why"
    }
    let doubtful = DateDoubts(in: plan).phrases.map { doubt -> Phrase in
      "the recipients are told that dates do not agree with one another: \(doubt)"
    }
    let unasked: Phrase =
      """
      a time-stamp that none of you asked for belongs out of the folder timestamps: whoever can write there can put one
      """
    return unsound + doubtful + (times.isEmpty || doubtful.isEmpty ? [] : [unasked])
  }
}
