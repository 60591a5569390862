public import EvidenceVault
public import Wording

/// Counts as text and as comma-separated values.
public struct CountReport {
  let table: CountTable

  /// Reports on `table`.
  public init(_ table: CountTable) { self.table = table }

  /// What stands for a count that is hidden.
  public static let hidden = "hidden"

  /// A count as it is printed.
  public static func shown(_ count: Int?) -> String { count.map(String.init) ?? hidden }

  /// A count as people read it.
  public static func phrase(_ count: Int?) -> Phrase { count.map { "\($0)" } ?? "hidden" }

  /// A table for the terminal.
  public func text(in language: Language) -> String {
    func say(_ phrase: Phrase) -> String { phrase.text(in: language) }
    let head = table.dimensions.map(\.name) + [say("cases")]
    let rows = table.rows.map { $0.values + [say(Self.phrase($0.count))] }
    let foot = [say("all")] + table.dimensions.dropFirst().map { _ in "" } + [say(Self.phrase(table.total))]
    return TextTable.text([head] + rows + [foot]) + say(note) + "\n"
  }

  /// A row for each combination of values, then `count`; the number of cases has `all` for a value.
  public var csv: String {
    let head = table.dimensions.map(\.name) + ["count"]
    let rows = table.rows.map { $0.values + [Self.shown($0.count)] }
    let foot = table.dimensions.map { _ in "all" } + [Self.shown(table.total)]
    return ([head] + rows + [foot]).map(SpreadsheetLine.text).joined()
  }

  /// What a reader of the figures has to know.
  public var note: Phrase {
    var sentences: [Phrase] = []
    if table.isMultiple {
      sentences.append("A case counts in each of its values of \(multiple), so the rows add up to more than the cases.")
    }
    if table.minimum > 1 {
      sentences.append(
        "Counts below \(table.minimum) are hidden, and others with them so that they cannot be worked out.")
    }
    return .list(sentences, separator: " ")
  }

  private var multiple: String { table.dimensions.filter(\.isMultiple).map(\.name).joined(separator: ", ") }
}

/// Rows of text in columns of equal width.
public enum TextTable {
  /// The rows, each on a line, without spaces at the end. Numbers in the last column stand to the right.
  public static func text(_ rows: [[String]], isLastToTheRight: Bool = true) -> String {
    let rows = rows.map { $0.map(Printable.line) }
    let widths = (rows.first ?? []).indices.map { place in rows.map { width($0[place]) }.max() ?? 0 }
    var bytes: [UInt8] = []
    for row in rows {
      for (place, text) in row.enumerated() {
        let pad = repeatElement(UInt8(ascii: " "), count: widths[place] - width(text))
        let isToTheRight = isLastToTheRight && place == row.count - 1
        if place > 0 { bytes += [UInt8(ascii: " "), UInt8(ascii: " ")] }
        if isToTheRight { bytes += pad }
        bytes += text.utf8
        if !isToTheRight { bytes += pad }
      }
      while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
      bytes.append(UInt8(ascii: "\n"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How many letters a text takes on a line, marks above them not counted.
  private static func width(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
  }
}
