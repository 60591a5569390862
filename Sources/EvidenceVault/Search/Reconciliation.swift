internal import CSV
package import Streams
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
  private static let maximumByteCount = 1 << 20

  /// Reads a table whose first row names its columns: dimensions, `count`, and `source` if there is one.
  ///
  /// - Throws: `ImportFault`; `VaultError.unknownField` for a column that is no dimension; what `source` throws.
  package init(_ source: any ByteSource) throws {
    var limits = CSVLimits()
    limits.fileByteCount = Self.maximumByteCount
    do {
      let reader = try CSVReader(source, limits: limits)
      let columns = try Columns(reader.header)
      var figures: [Figure] = []
      while let row = try reader.next() { figures.append(try columns.figure(row)) }
      (dimensions, self.figures) = (columns.dimensions.map(\.of), figures)
    } catch let error as CSVError {
      throw ImportFault(error)
    }
  }

  /// Where each part of a figure stands in a row.
  private struct Columns {
    let dimensions: [(place: Int, of: Dimension)]
    private let names: [String]
    private let count: Int
    private let source: Int?

    init(_ names: [String]) throws {
      guard let count = names.firstIndex(of: "count") else { throw ImportFault(row: 1, "there is no column count") }
      guard Set(names).count == names.count else { throw ImportFault(row: 1, "a column twice") }
      let source = names.firstIndex(of: "source")
      dimensions = try names.indices.filter { $0 != count && $0 != source }.map { ($0, try Dimension(names[$0])) }
      (self.names, self.count, self.source) = (names, count, source)
    }

    func figure(_ row: CSVRow) throws -> Figure {
      guard row.fields.count == names.count else {
        throw ImportFault(row: row.number, "\(row.fields.count) fields, and the header has \(names.count)")
      }
      for (place, dimension) in dimensions where !dimension.has(row.fields[place]) {
        throw VaultError.invalidValue(
          field: dimension.name, expected: "a value of that field, not \(row.fields[place])")
      }
      let stated = row.fields[count]
      let number = Int(stated)
      guard stated.isEmpty || (number ?? -1) >= 0 else {
        throw VaultError.invalidValue(field: "count", expected: "a whole number, not \(stated)")
      }
      return Figure(
        values: dimensions.map { row.fields[$0.place] }, count: number, source: source.map { row.fields[$0] } ?? "")
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
