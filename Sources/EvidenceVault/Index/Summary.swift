public import StrictJSON

/// What a list shows of one entry.
public struct Summary: Sendable {
  /// The number of the entry.
  public let index: UInt64
  /// The number of the item whose record this entry supersedes, if it does.
  public let amends: UInt64?
  /// The name of its schema; of a withdrawn item `withdrawn`.
  public let kind: String
  /// Its title, or the name that it is about.
  public let title: String
  /// When it was added.
  public let added: String
  /// The case it belongs to, if it says so.
  public let caseCode: String?
  /// How many files it has.
  public let fileCount: Int
  /// The size of its files together, in bytes.
  public let byteCount: UInt64
  /// All fields of an event; empty for an item.
  public let eventFields: JSONObject

  /// What `list --json` prints.
  public var json: JSONObject {
    var json: JSONObject = ["item": .integer(Int64(clamping: index))]
    for member in members.members { json[member.name] = member.value }
    return json
  }

  /// Whether the entry is an event, such as an export, rather than an item.
  public var isEvent: Bool { Schema.eventKinds.contains(kind) || kind == Self.withdrawnKind }

  /// Whether it is of something that was sealed to somebody: a bundle, or a supplement to one.
  var isExport: Bool { kind == "export" || kind == "disclosure" }
}

extension Summary: CatalogLine {
  static let catalog = Catalog.Contents.summaries

  init(_ record: Record) {
    index = record.index
    amends = record.amends
    kind = record.kind
    title = record.title
    added = record.added ?? ""
    caseCode = record.fields["case"]?.stringValue
    fileCount = record.files.count
    byteCount = record.files.reduce(0) { $0 &+ $1.byteCount }
    eventFields = Schema.eventKinds.contains(record.kind) ? record.fields : [:]
  }

  init(withdrawn index: UInt64) {
    self.index = index
    amends = nil
    kind = Self.withdrawnKind
    title = ""
    added = ""
    caseCode = nil
    fileCount = 0
    byteCount = 0
    eventFields = [:]
  }

  init?(_ head: LineHead, _ scanner: inout LineScanner) {
    guard scanner.skip(Names.kind), let kind = scanner.kind(), scanner.skip(Names.title),
      let title = scanner.string(), scanner.skip(Names.added), let added = scanner.string()
    else { return nil }
    self.index = head.index
    self.amends = head.amends
    self.kind = kind
    self.title = title
    self.added = added
    if scanner.skip(Names.caseCode) {
      guard let code = scanner.string() else { return nil }
      caseCode = code
    } else {
      caseCode = nil
    }
    guard scanner.skip(Names.files), let fileCount = scanner.number().flatMap({ Int(exactly: $0) }),
      scanner.skip(Names.bytes), let byteCount = scanner.number()
    else { return nil }
    self.fileCount = fileCount
    self.byteCount = byteCount
    if scanner.skip(Names.fields) {
      guard let fields = scanner.value()?.objectValue else { return nil }
      eventFields = fields
    } else {
      eventFields = [:]
    }
  }

  private enum Names {
    static let kind = Array(#","kind":"#.utf8)
    static let title = Array(#","title":"#.utf8)
    static let added = Array(#","added":"#.utf8)
    static let caseCode = Array(#","case":"#.utf8)
    static let files = Array(#","files":"#.utf8)
    static let bytes = Array(#","bytes":"#.utf8)
    static let fields = Array(#","fields":"#.utf8)
  }

  var members: JSONObject {
    var members: JSONObject = ["kind": .string(kind), "title": .string(title), "added": .string(added)]
    if let caseCode { members["case"] = .string(caseCode) }
    members["files"] = .integer(Int64(clamping: fileCount))
    members["bytes"] = .integer(Int64(clamping: byteCount))
    if !eventFields.isEmpty { members["fields"] = .object(eventFields) }
    return members
  }

  func amended(by newer: Summary) -> Summary {
    Summary(
      index: index, amends: nil, kind: newer.kind, title: newer.title, added: added, caseCode: newer.caseCode,
      fileCount: fileCount + newer.fileCount, byteCount: byteCount &+ newer.byteCount, eventFields: newer.eventFields)
  }
}

extension CatalogLine {
  /// What stands in the place of the kind of an item that was withdrawn.
  static var withdrawnKind: String { "withdrawn" }
}

extension LineScanner {
  private static let knownKinds = Schema.all.map { (name: $0.kind, bytes: Array("\"\($0.kind)\"".utf8)) }

  /// The name of a kind; for those that are known no new text is made.
  mutating func kind() -> String? {
    for known in Self.knownKinds where skip(known.bytes) { return known.name }
    return string()
  }
}

extension Record {
  /// The number of the item whose record this entry supersedes, if it does.
  var amends: UInt64? { fields["amends"]?.unsignedValue }
}
