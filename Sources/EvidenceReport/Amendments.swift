public import EvidenceVault
internal import StrictJSON
public import Wording

/// Which entries of a bundle correct which item: an item is one, whatever entries it has, and the last one counts.
public struct Amendments: Sendable {
  /// The item that an entry amends, by the number of the entry.
  private let amended: [UInt64: UInt64]
  /// The entry that counts now, by the number of the item.
  private let current: [UInt64: UInt64]

  /// Those among the items of a bundle, as far as their records disclose it.
  public init(among records: [Record]) {
    self.init(records.map { ($0.index, $0.fields["amends"]?.unsignedValue) })
  }

  /// Those that a plan has.
  public init(in plan: ExportPlan) { self.init(plan.items.map { ($0.record.index, $0.amends) }) }

  private init(_ entries: [(index: UInt64, item: UInt64?)]) {
    amended = Dictionary(entries.compactMap { entry in entry.item.map { (entry.index, $0) } }) { first, _ in first }
    current = Dictionary(entries.map { ($0.item ?? $0.index, $0.index) }, uniquingKeysWith: max)
  }

  /// How many items there are.
  public var itemCount: Int { current.count }

  /// Whether an entry amends an item, and so is none itself.
  public func isAmendment(_ entry: UInt64) -> Bool { amended[entry] != nil }

  /// Whether an entry is the last one of its item.
  func isCurrent(_ entry: UInt64) -> Bool { current[amended[entry] ?? entry] == entry }

  /// What is said of an entry beside others; `nil` of an item that nothing amends.
  public func remark(on entry: UInt64) -> Phrase? {
    let last = current[amended[entry] ?? entry].flatMap { $0 == entry ? nil : $0 }
    return switch (amended[entry], last) {
    case (let item?, let last?): "amends item \(item), superseded by entry \(last)"
    case (let item?, nil): "amends item \(item)"
    case (nil, let last?): "superseded by entry \(last)"
    case (nil, nil): nil
    }
  }
}
