public import EvidenceVault
public import Wording

/// Dates of a bundle that cannot all be right: somebody's clock was wrong, or somebody lied. Nothing else tells it, as
/// order is that of the index, and no clock is trusted.
///
/// Source: FORMAT section 7.
public struct DateDoubts {
  /// So far apart are clocks that nobody set wrongly, and the beginnings of two entries of which the later one came
  /// first into the index, in seconds.
  static let tolerance: Int64 = 600
  /// The most that are told of each kind.
  private static let maximumCount = 10

  /// An entry and when it was made, by the clock of whoever made it.
  private struct Dated {
    let entry: UInt64
    let date: Timestamp
  }

  private let entries: [Dated]
  private let created: Timestamp?
  private let stamps: [TrustedTime]

  /// Those of a bundle that was checked.
  public init(in bundle: CheckedBundle) {
    self.init(
      bundle.items + bundle.events, created: Timestamp(bundle.note.created), stamps: bundle.trustedTimes)
  }

  /// Those of a planned bundle with its time-stamps.
  public init(in plan: ExportPlan) {
    self.init((plan.items + plan.events).map(\.record), created: plan.created, stamps: plan.times)
  }

  private init(_ records: [Record], created: Timestamp?, stamps: [TrustedTime]) {
    entries = records.sorted { $0.index < $1.index }.compactMap { record in
      record.added.flatMap { Timestamp($0) }.map { Dated(entry: record.index, date: $0) }
    }
    self.created = created
    self.stamps = stamps
  }

  /// A sentence for each; clocks can be wrong, and nobody is accused.
  public var phrases: [Phrase] {
    let all = [backwards, afterTheBundle, beforeTheStamp, afterTheStamp]
    return all.flatMap { few($0) }
  }

  /// The first entry of each row of entries that are dated earlier than one before them.
  private var backwards: [Phrase] {
    var phrases: [Phrase] = []
    var latest: Dated?
    var isWithinRow = false
    for entry in entries {
      if let latest, isLater(latest.date, than: entry.date) {
        if !isWithinRow {
          phrases.append(
            "entry \(entry.entry) is dated \(entry.date), and entry \(latest.entry), made before it, \(latest.date)")
        }
        isWithinRow = true
      } else {
        isWithinRow = false
        if latest.map({ $0.date.secondsSince1970 < entry.date.secondsSince1970 }) ?? true { latest = entry }
      }
    }
    return phrases
  }

  private var afterTheBundle: [Phrase] {
    guard let created else { return [] }
    return entries.filter { isLater($0.date, than: created) }.map {
      "entry \($0.entry) is dated \($0.date), and the bundle that has it \(created)"
    }
  }

  private var beforeTheStamp: [Phrase] {
    guard let created else { return [] }
    // A stamp says between which moments it was made; only one that cannot be from before contradicts the bundle.
    return stamps.filter { isLater($0.earliest, than: created) }.map {
      "the bundle is dated \(created), and the time-stamp in it \($0.earliest)"
    }
  }

  private var afterTheStamp: [Phrase] {
    stamps.flatMap { stamp in
      entries.filter { $0.entry < stamp.entryCount && isLater($0.date, than: stamp.latest) }.map {
        "entry \($0.entry) is dated \($0.date), and a time-stamp says that it existed on \(stamp.latest)"
      }
    }
  }

  private func isLater(_ date: Timestamp, than other: Timestamp) -> Bool {
    date.secondsSince1970 > other.secondsSince1970 + Self.tolerance
  }

  private func few(_ phrases: [Phrase]) -> [Phrase] {
    let more = phrases.count - Self.maximumCount
    guard more > 0 else { return phrases }
    return Array(phrases.prefix(Self.maximumCount)) + ["and \(more) more of this kind"]
  }
}
