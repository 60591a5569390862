internal import Wording

/// How many dissolution cases there are of each sort, with small counts hidden.
///
/// What is printed is a count for each combination of values that occurs, and the number of cases. A count below the
/// minimum is hidden. Since the number of cases less the counts that are shown would tell it, the last of the other
/// counts is hidden with it, and looks the same. Which one that is depends on the order of values alone: if it were
/// the smallest, the next one would bound it. Where the hidden counts together are so small that each is as small as
/// it can be, or nearly, or no other count is there to be hidden, the number of cases is hidden instead. Where a case
/// may count in several rows, that is always done: rows that overlap bound each other in ways that are hard to
/// foresee.
///
/// Source: FORMAT section 8 for what a current record is.
public struct CountTable: Sendable {
  /// The kind of record that is counted.
  public static let kind = "dissolution_case"
  /// The minimum if none is stated.
  public static let defaultMinimum = 5

  /// One combination of values.
  public struct Row: Hashable, Sendable {
    /// A value for each dimension.
    public let values: [String]
    /// How many cases; `nil` if hidden.
    public let count: Int?
  }

  /// What is counted by.
  public let dimensions: [Dimension]
  /// The combinations that occur, in order.
  public let rows: [Row]
  /// The number of cases; `nil` if hidden.
  public let total: Int?
  /// The smallest count that is shown; 1 if all are.
  public let minimum: Int

  /// Whether a case may count in several rows, whose sum is then no number of cases.
  public var isMultiple: Bool { dimensions.contains(where: \.isMultiple) }

  /// Hides what has to be hidden.
  ///
  /// A minimum of 2 would hide nothing: a count that is there, and below 2, is 1.
  ///
  /// - Throws: `VaultError.invalidValue` for such a minimum.
  init(_ counts: [[String]: Int], of caseCount: Int, by dimensions: [Dimension], minimum: Int) throws(VaultError) {
    guard minimum == 1 || (3...1_000_000).contains(minimum) else {
      throw .invalidValue(field: "--minimum", expected: "1 to show all, or a number from 3 to 1000000")
    }
    self.dimensions = dimensions
    self.minimum = minimum
    let ordered = counts.sorted { Self.precedes($0.key, $1.key, dimensions) }
    let isMultiple = dimensions.contains(where: \.isMultiple)
    let small = ordered.indices.filter { ordered[$0].value < minimum }
    let other = small.isEmpty || isMultiple ? nil : ordered.indices.last { ordered[$0].value >= minimum }
    let hidden = Set(small + (other.map { [$0] } ?? []))
    rows = ordered.indices.map { place in
      Row(values: ordered[place].key, count: hidden.contains(place) ? nil : ordered[place].value)
    }
    let sum = hidden.reduce(0) { $0 + ordered[$1].value }
    let isOpen =
      if small.isEmpty {
        true
      } else if other != nil {
        sum > small.count + minimum + 1
      } else {
        !isMultiple && Self.isOpen(sum, ofSmall: small.count, minimum)
      }
    total = isOpen && (caseCount >= minimum || caseCount == 0) ? caseCount : nil
  }

  /// Whether the sum of small counts, which are all that there is, leaves each of them open: neither all as small as
  /// can be nor all as large, and not one less or more, so that hiding the sum leaves them open as well.
  private static func isOpen(_ sum: Int, ofSmall count: Int, _ minimum: Int) -> Bool {
    count >= 2 && sum > count + 1 && sum < count * (minimum - 1) - 1
  }

  private static func precedes(_ left: [String], _ right: [String], _ dimensions: [Dimension]) -> Bool {
    for (place, dimension) in dimensions.enumerated() {
      if dimension.precedes(left[place], right[place]) { return true }
      if dimension.precedes(right[place], left[place]) { return false }
    }
    return false
  }
}

extension VaultReader {
  /// Counts dissolution cases by their current records; one that came in several bundles, once.
  ///
  /// - Throws: as `forEachSummary`; `VaultError.invalidValue` for a minimum that hides nothing.
  public func counts(
    by dimensions: [Dimension], where conditions: [FieldCondition] = [], minimum: Int = CountTable.defaultMinimum
  ) throws(VaultError) -> CountTable {
    struct Tally: Sendable {
      var caseCount = 0
      var counts: [[String]: Int] = [:]
    }
    let wanted = FieldSelection(dimensions.map(\.field) + conditions.map(\.field))
    let repeated = try custody().repeatedItems
    let task = CatalogTask<EntryFields, Tally>(
      isCurrent: true, empty: Tally(),
      read: { head, scanner in
        guard EntryFields.peekKind(scanner) == CountTable.kind else { return .unwanted }
        return EntryFields(head, &scanner, fields: wanted).map { .line($0) } ?? .unreadable
      },
      collect: { entry, tally in
        guard entry.kind == CountTable.kind, !repeated.contains(entry.amends ?? entry.index),
          conditions.allSatisfy({ $0.isMet(by: entry) })
        else { return }
        tally.caseCount += 1
        for values in combinations(dimensions.map { $0.values(of: entry) }) { tally.counts[values, default: 0] += 1 }
      })
    var tally = Tally()
    try forEachPart(of: task) { part in
      tally.caseCount += part.caseCount
      tally.counts.merge(part.counts, uniquingKeysWith: +)
    }
    return try CountTable(tally.counts, of: tally.caseCount, by: dimensions, minimum: minimum)
  }
}

/// Each way to take one element of every list.
private func combinations(_ lists: [[String]]) -> [[String]] {
  lists.reduce([[]]) { taken, list in taken.flatMap { start in list.map { start + [$0] } } }
}
