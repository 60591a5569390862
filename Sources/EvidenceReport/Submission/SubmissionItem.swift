internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// An item as a sheet sees it: what a plan discloses of it, and of the rest only why it is withheld.
struct SubmissionItem {
  let number: UInt64
  let kind: String
  let fields: JSONObject
  let withheld: [String: WithheldReason]
  let files: [String]
  /// The numbers of its entries, by any of which a translation may call it.
  let entries: [UInt64]

  /// The items of a plan, each with the record that counts now and the files of all its entries: those that were asked
  /// for, or those that go along with what their witness allows.
  static func items(of plan: ExportPlan, areAlong: Bool = false) -> [SubmissionItem] {
    plan.wholeItems.compactMap { number, all in
      guard let current = all.last, current.isAlong == areAlong else { return nil }
      var withheld: [String: WithheldReason] = [:]
      for field in current.withheldFields { withheld[field.name] = field.reason }
      return SubmissionItem(
        number: number, kind: current.record.kind, fields: current.record.fields, withheld: withheld,
        files: all.flatMap(\.filePaths), entries: all.map(\.record.index))
    }
  }

  /// The name under which the record answers: a question of consent may be answered for the class alone.
  func name(of field: String, for recipientClass: String) -> String {
    guard let general = try? Schema.named(kind).field(field), general.isPerClass else { return field }
    let group = field.prefix { $0 != "." }
    let own = "\(group).\(recipientClass)\(field.dropFirst(group.count))"
    return fields[own] != nil ? own : field
  }

  /// The language in which a text of the record is written, as far as it says so.
  func language(of field: String) -> String? {
    (fields["\(field).language"] ?? fields["texts.language"])?.stringValue
  }

  /// What the witness goes by, if this is testimony.
  var witness: Phrase {
    guard let code = fields["witness.code"]?.stringValue else { return "the witness of item \(number)" }
    return "\(Printable.line(code)) (item \(number))"
  }
}
