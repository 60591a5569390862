internal import Primitives
public import StrictJSON
internal import Tar

/// An item as its current record has it: all fields, and the names of its files.
public struct EntryFields: Sendable {
  /// What is said of one file.
  public struct File: Hashable, Sendable {
    /// Its path in the item.
    public let path: String
    /// Its size in bytes.
    public let byteCount: UInt64
    /// What kind of file it is, guessed from its name.
    public let mediaType: String
  }

  /// The number of the entry; of an item whose record was superseded, its first number.
  public let index: UInt64
  /// The number of the item whose record this entry supersedes, if it does.
  public let amends: UInt64?
  /// The number of the entry that gave the item this record.
  public let recordIndex: UInt64
  /// The name of its schema; of a withdrawn item `withdrawn`.
  public let kind: String
  /// When the item was added.
  public let added: String
  /// Its fields; fewer, where only some were asked for.
  public let fields: JSONObject
  /// Its files.
  public let files: [File]

  /// The title, or what stands for it.
  public var title: String { text("title") ?? text("name") ?? "" }
  /// The case it belongs to, if it says so.
  public var caseCode: String? { text("case") }
  /// Whether the entry is an event rather than an item.
  public var isEvent: Bool { Schema.eventKinds.contains(kind) }

  /// What `list --json` prints of it.
  public var json: JSONObject {
    var json: JSONObject = ["item": .integer(Int64(clamping: index))]
    if recordIndex != index { json["record"] = .integer(Int64(clamping: recordIndex)) }
    json["kind"] = .string(kind)
    json["title"] = .string(title)
    for member in members.members where member.name != "kind" { json[member.name] = member.value }
    return json
  }

  /// The text of a field.
  public func text(_ name: String) -> String? { fields[name]?.stringValue }

  /// The texts of a field: the elements of a list, or the one value.
  public func texts(_ name: String) -> [String] {
    switch fields[name] {
    case .string(let text): [text]
    case .array(let values): values.compactMap(\.stringValue)
    default: []
    }
  }

  /// The numbers in a field, of one value or of a list.
  public func numbers(_ name: String) -> [Int64] {
    switch fields[name] {
    case .integer(let number): [number]
    case .array(let values): values.compactMap(\.integerValue)
    default: []
    }
  }
}

extension EntryFields: CatalogLine {
  static let catalog = Catalog.Contents.fields

  init(_ record: Record) {
    index = record.index
    amends = record.amends
    recordIndex = record.index
    kind = record.kind
    added = record.added ?? ""
    fields = record.fields
    files = record.files.map {
      File(path: $0.path?.text ?? "", byteCount: $0.byteCount, mediaType: $0.mediaType)
    }
  }

  init(withdrawn index: UInt64) {
    self.index = index
    amends = nil
    recordIndex = index
    kind = Self.withdrawnKind
    added = ""
    fields = [:]
    files = []
  }

  init?(_ head: LineHead, _ scanner: inout LineScanner) { self.init(head, &scanner, fields: .all) }

  /// Reads a line, and of its fields those that are wanted.
  init?(_ head: LineHead, _ scanner: inout LineScanner, fields wanted: FieldSelection) {
    guard scanner.skip(Names.kind), let kind = scanner.kind(), scanner.skip(Names.added),
      let added = scanner.string(), scanner.skip(Names.fields), let fields = scanner.fields(wanted),
      scanner.skip(Names.files), let files = scanner.value()?.arrayValue
    else { return nil }
    self.index = head.index
    self.amends = head.amends
    self.recordIndex = head.index
    self.kind = kind
    self.added = added
    self.fields = fields
    self.files = files.compactMap(File.init)
    guard self.files.count == files.count else { return nil }
  }

  /// The kind of an entry whose line comes next; the scanner itself stays.
  static func peekKind(_ scanner: LineScanner) -> String? {
    var scanner = scanner
    return scanner.skip(Names.kind) ? scanner.kind() : nil
  }

  private enum Names {
    static let kind = Array(#","kind":"#.utf8)
    static let added = Array(#","added":"#.utf8)
    static let fields = Array(#","fields":"#.utf8)
    static let files = Array(#","files":"#.utf8)
  }

  var members: JSONObject {
    [
      "kind": .string(kind), "added": .string(added), "fields": .object(fields),
      "files": .array(files.map { .object($0.json) }),
    ]
  }

  func amended(by newer: EntryFields) -> EntryFields {
    guard kind != Self.withdrawnKind else { return self }
    return EntryFields(
      index: index, amends: nil, recordIndex: newer.index, kind: newer.kind, added: added, fields: newer.fields,
      files: files + newer.files)
  }
}

extension EntryFields.File {
  var json: JSONObject {
    ["path": .string(path), "bytes": .integer(Int64(clamping: byteCount)), "media_type": .string(mediaType)]
  }

  init?(_ json: JSON) {
    guard let path = json["path"]?.stringValue, let mediaType = json["media_type"]?.stringValue,
      let byteCount = json["bytes"]?.unsignedValue
    else { return nil }
    self.init(path: path, byteCount: byteCount, mediaType: mediaType)
  }
}

/// Which fields of a line are to be read: a count over a hundred thousand records needs three of forty.
struct FieldSelection: Sendable {
  static let all = FieldSelection(names: nil)

  fileprivate let names: [[UInt8]]?

  private init(names: [[UInt8]]?) { self.names = names }

  init(_ names: some Sequence<String>) { self.names = Set(names).map { Array($0.utf8) } }
}

extension LineScanner {
  /// The object of fields, with those that are wanted.
  fileprivate mutating func fields(_ wanted: FieldSelection) -> JSONObject? {
    guard let names = wanted.names else { return value()?.objectValue }
    guard skip(UInt8(ascii: "{")) else { return nil }
    var fields = JSONObject()
    if skip(UInt8(ascii: "}")) { return fields }
    repeat {
      guard let (name, _) = stringPlace(), skip(UInt8(ascii: ":")) else { return nil }
      if names.contains(where: { $0.count == name.count && bytes[name].elementsEqual($0) }) {
        guard let value = value(), fields.append(String(decoding: bytes[name], as: UTF8.self), value) else {
          return nil
        }
      } else {
        guard valuePlace() != nil else { return nil }
      }
    } while skip(UInt8(ascii: ","))
    return skip(UInt8(ascii: "}")) ? fields : nil
  }
}
