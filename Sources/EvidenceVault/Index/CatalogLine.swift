internal import Primitives
internal import StrictJSON

/// What a catalog says of one entry.
///
/// Source: FORMAT section 8.
protocol CatalogLine: Sendable {
  /// The catalog that has such lines.
  static var catalog: Catalog.Contents { get }

  /// The number of the entry.
  var index: UInt64 { get }
  /// The number of the item whose record this entry supersedes, if it does.
  var amends: UInt64? { get }

  init(_ record: Record)
  /// The line of an entry that was withdrawn and cannot be read any more.
  init(withdrawn index: UInt64)

  /// Reads what follows the head of a line up to its closing brace; `nil` if it is not as the format says.
  init?(_ head: LineHead, _ scanner: inout LineScanner)

  /// The members that follow the head of a line.
  var members: JSONObject { get }

  /// This item with the record that a later entry gave it.
  func amended(by newer: Self) -> Self
}

extension CatalogLine {
  /// The line as compact JSON with a line feed.
  var line: [UInt8] {
    var object = LineHead(index: index, amends: amends).json
    for member in members.members { object[member.name] = member.value }
    return object.serialized() + [UInt8(ascii: "\n")]
  }
}

/// How every line of a catalog begins.
struct LineHead {
  let index: UInt64
  let amends: UInt64?

  private static let item = Array(#"{"item":"#.utf8)
  private static let amendment = Array(#","amends":"#.utf8)

  init(index: UInt64, amends: UInt64?) {
    self.index = index
    self.amends = amends
  }

  init?(_ scanner: inout LineScanner) {
    guard scanner.skip(Self.item), let index = scanner.number() else { return nil }
    self.index = index
    if scanner.skip(Self.amendment) {
      guard let amends = scanner.number() else { return nil }
      self.amends = amends
    } else {
      self.amends = nil
    }
  }

  var json: JSONObject {
    var json: JSONObject = ["item": .integer(Int64(clamping: index))]
    if let amends { json["amends"] = .integer(Int64(clamping: amends)) }
    return json
  }
}

/// Which entries gave earlier items a new record: those items as they are now, and the entries that are no items of
/// their own.
struct Amendments<Line: CatalogLine>: Sendable {
  private(set) var newest: [UInt64: Line] = [:]
  private var firsts: [UInt64: UInt64] = [:]

  /// Takes a line, in the order of entries. An entry that says to amend itself or a later one is taken as it is.
  mutating func take(_ line: Line) {
    guard let amended = line.amends, amended < line.index else { return }
    let first = firsts[amended] ?? amended
    firsts[line.index] = first
    newest[first] = line
  }

  func isAmendment(_ index: UInt64) -> Bool { firsts[index] != nil }
}
