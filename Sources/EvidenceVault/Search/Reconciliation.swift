internal import Wording

/// Figures that somebody else published, to be set beside the counts of this vault.
package struct PublishedFigures: Sendable {
  /// One of the figures.
  package struct Figure: Hashable, Sendable {
    /// A value for each dimension.
    package let values: [String]
    /// How many cases are stated; `nil` if none are.
    package let count: Int?
    /// Who says so.
    package let source: String
  }

  /// What they count by: the columns other than `count` and `source`.
  package let dimensions: [Dimension]
  /// The figures in the order of the file.
  package let figures: [Figure]

  /// The largest file that is read, in bytes.
  package static let maximumByteCount = 1 << 20

  /// Reads a table whose first row names its columns: dimensions, `count`, and `source` if there is one.
  ///
  /// - Throws: `CSV.Fault`; `VaultError.unknownField` for a column that is no dimension.
  package init(_ bytes: [UInt8]) throws {
    let rows = try CSV.parse(bytes)
    guard let columns = rows.first, let counts = columns.firstIndex(of: "count") else {
      throw CSV.Fault(detail: "there is no column count", line: 1)
    }
    guard Set(columns).count == columns.count else { throw CSV.Fault(detail: "a column twice", line: 1) }
    let sources = columns.firstIndex(of: "source")
    let places = columns.indices.filter { $0 != counts && $0 != sources }
    let dimensions = try places.map { try Dimension(columns[$0]) }
    self.dimensions = dimensions
    figures = try rows.dropFirst().map { row in
      for (place, dimension) in zip(places, dimensions) where !dimension.has(row[place]) {
        throw VaultError.invalidValue(
          field: dimension.name, expected: "a value of that field, not \(row[place])")
      }
      let count = row[counts].isEmpty ? nil : Int(row[counts])
      guard row[counts].isEmpty || (count ?? -1) >= 0 else {
        throw VaultError.invalidValue(field: "count", expected: "a whole number, not \(row[counts])")
      }
      return Figure(values: places.map { row[$0] }, count: count, source: sources.map { row[$0] } ?? "")
    }
  }

  /// A figure beside the count of this vault.
  package struct Comparison: Hashable, Sendable {
    /// A value for each dimension.
    package let values: [String]
    /// The count of this vault.
    package let ours: Ours
    /// The figure that was published; `nil` if none is stated.
    package let theirs: Int?
    /// Who says so.
    package let source: String

    /// What was published less what this vault has; `nil` unless both are stated.
    package var difference: Int? {
      guard case .count(let ours) = ours, let theirs else { return nil }
      return theirs - ours
    }
  }

  /// What this vault says of a combination of values.
  package enum Ours: Hashable, Sendable {
    /// So many cases; 0 where there is none.
    case count(Int)
    /// Too few to be shown, or hidden with such.
    case hidden
  }

  /// Each figure beside the count in `table`, and the counts for which nobody published a figure.
  package func beside(_ table: CountTable) -> [Comparison] {
    let counts = Dictionary(uniqueKeysWithValues: table.rows.map { ($0.values, $0) })
    func ours(_ values: [String]) -> Ours {
      guard let row = counts[values] else { return .count(0) }
      return row.count.map { .count($0) } ?? .hidden
    }
    let stated = Set(figures.map(\.values))
    return figures.map { figure in
      Comparison(values: figure.values, ours: ours(figure.values), theirs: figure.count, source: figure.source)
    }
      + table.rows.filter { !stated.contains($0.values) }.map { row in
        Comparison(values: row.values, ours: ours(row.values), theirs: nil, source: "")
      }
  }
}
