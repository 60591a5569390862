public import StrictJSON

/// What a list shows of one entry.
public struct Summary: Sendable {
  /// The number of the entry.
  public let index: UInt64
  /// The name of its schema.
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
  /// The item that the entry amends, if it is an amendment.
  public let amends: UInt64?
  /// All fields of an event; empty for an item.
  public let eventFields: JSONObject

  init(_ record: Record) {
    index = record.index
    kind = record.kind
    title = record.title
    added = record.added ?? ""
    caseCode = record.fields["case"]?.stringValue
    fileCount = record.files.count
    byteCount = record.files.reduce(0) { $0 &+ $1.byteCount }
    amends = record.fields[ProgramField.amends]?.integerValue.flatMap { UInt64(exactly: $0) }
    eventFields = Schema.eventKinds.contains(record.kind) ? record.fields : [:]
  }

  /// What is left of an entry that was withdrawn.
  init(withdrawn index: UInt64) {
    self.index = index
    kind = Self.withdrawnKind
    (title, added, caseCode, fileCount, byteCount, amends, eventFields) = ("", "", nil, 0, 0, nil, [:])
  }

  /// Stands for the kind of an entry that was withdrawn.
  public static let withdrawnKind = "withdrawn"

  /// The line of the catalog, and what `list --json` prints.
  public var json: JSONObject {
    var line: JSONObject = [
      "item": .integer(Int64(clamping: index)), "kind": .string(kind), "title": .string(title), "added": .string(added),
    ]
    if let caseCode { line["case"] = .string(caseCode) }
    line["files"] = .integer(Int64(clamping: fileCount))
    line["bytes"] = .integer(Int64(clamping: byteCount))
    if let amends { line["amends"] = .integer(Int64(clamping: amends)) }
    if !eventFields.isEmpty { line["fields"] = .object(eventFields) }
    return line
  }

  /// Whether the entry is an event, such as an export, rather than an item.
  public var isEvent: Bool { Schema.eventKinds.contains(kind) || kind == Self.withdrawnKind }

  init?(_ json: JSON) {
    guard let index = json["item"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
      let kind = json["kind"]?.stringValue, let title = json["title"]?.stringValue,
      let added = json["added"]?.stringValue, let fileCount = json["files"]?.integerValue,
      let byteCount = json["bytes"]?.integerValue.flatMap({ UInt64(exactly: $0) })
    else { return nil }
    self.index = index
    self.kind = kind
    self.title = title
    self.added = added
    self.caseCode = json["case"]?.stringValue
    self.fileCount = Int(fileCount)
    self.byteCount = byteCount
    self.amends = json["amends"]?.integerValue.flatMap { UInt64(exactly: $0) }
    self.eventFields = json["fields"]?.objectValue ?? [:]
  }
}
