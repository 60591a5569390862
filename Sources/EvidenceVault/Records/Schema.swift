public import StrictJSON

/// One kind of record: its fields, read from `Vault/schema/`. Adding a field is editing a file there.
///
/// Source: FORMAT section 5; JSON Schema draft 2020-12, the part of it that `Vault/schema/README.md` names.
public struct Schema: Sendable {
  /// How closely a field is held.
  public enum Sensitivity: String, Sendable {
    /// May be shown to any recipient.
    case open
    /// Shown as consent allows.
    case restricted
    /// Leads to a person; withheld unless disclosed on purpose.
    case identity
  }

  /// One field.
  public struct Field: Sendable {
    /// Its dotted name.
    public let name: String
    /// What its value may be.
    public let type: FieldType
    /// How closely it is held.
    public let sensitivity: Sensitivity
    /// Its name for people, by language: `en`, `ru`, `tg`.
    public let labels: [String: String]
    /// What to write into it, by language.
    public let help: [String: String]
  }

  /// The name of the kind.
  public let kind: String
  /// What it is for, in a sentence.
  public let summary: String
  /// Whether entries of the kind are pieces of evidence, rather than events.
  public let isItem: Bool
  /// The fields in the order of forms and reports.
  public let fields: [Field]
  /// The fields without which a record makes no sense.
  public let required: [String]

  /// All kinds, in the order of help texts.
  public static let all: [Schema] = [
    PackageResources.testimony_json, PackageResources.document_json, PackageResources.dissolution_case_json,
    PackageResources.recipient_json, PackageResources.recipient_revoked_json, PackageResources.export_json,
    PackageResources.salvage_json,
  ].map(parse)

  /// The names of the kinds that are events.
  static let eventKinds = Set(all.filter { !$0.isItem }.map(\.kind))

  /// The schema of a kind.
  ///
  /// - Throws: `VaultError.unknownKind` with the nearest one.
  public static func named(_ kind: String) throws(VaultError) -> Schema {
    guard let schema = all.first(where: { $0.kind.utf8.elementsEqual(kind.utf8) }) else {
      throw .unknownKind(kind, nearest: nearestName(to: kind, among: all.filter(\.isItem).map(\.kind)))
    }
    return schema
  }

  /// The field of that name.
  public func field(_ name: String) -> Field? { fields.first { $0.name.utf8.elementsEqual(name.utf8) } }

  /// Checks a whole record and returns its fields in the order of the schema.
  ///
  /// - Throws: `VaultError.unknownField`, `.invalidValue` or `.missingField`.
  public func validated(_ record: JSONObject) throws(VaultError) -> JSONObject {
    for member in record.members where field(member.name) == nil {
      throw .unknownField(
        member.name, kind: kind, nearest: nearestName(to: member.name, among: fields.map(\.name)))
    }
    var ordered = JSONObject()
    for field in fields {
      guard let value = record[field.name] else { continue }
      if let expected = field.type.refusal(of: value) { throw .invalidValue(field: field.name, expected: expected) }
      ordered[field.name] = value
    }
    for name in required where ordered[name] == nil { throw .missingField(name, kind: kind) }
    return ordered
  }

  // The files are part of the program, so a fault in them is a fault of the program; the tests read every one.
  private static func parse(_ bytes: [UInt8]) -> Schema {
    guard let json = try? JSON.parse(bytes), let kind = json["title"]?.stringValue,
      let properties = json["properties"]?.objectValue
    else { preconditionFailure("EvidenceVault: a schema file is not as Vault/schema/README.md says") }
    return Schema(
      kind: kind, summary: json["description"]?.stringValue ?? "",
      isItem: json["x-entry"]?.stringValue == "item", fields: properties.members.map(field),
      required: json["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
  }

  private static func field(_ member: JSONObject.Member) -> Field {
    guard let sensitivity = member.value["x-sensitivity"]?.stringValue.flatMap(Sensitivity.init(rawValue:)),
      let type = FieldType(schema: member.value)
    else { preconditionFailure("EvidenceVault: field \(member.name) is not as Vault/schema/README.md says") }
    return Field(
      name: member.name, type: type, sensitivity: sensitivity, labels: texts(member.value["x-label"]),
      help: texts(member.value["x-help"]))
  }

  private static func texts(_ json: JSON?) -> [String: String] {
    var texts: [String: String] = [:]
    for member in json?.objectValue?.members ?? [] { texts[member.name] = member.value.stringValue }
    return texts
  }
}

/// The name with the fewest letters changed, if it is near enough to be meant.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let nearest = candidates.map { (name: $0, distance: editDistance(name, $0)) }.min { $0.distance < $1.distance }
  guard let nearest, nearest.distance <= max(2, name.utf8.count / 3) else { return nil }
  return nearest.name
}

private func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.utf8.prefix(100))
  let right = Array(right.utf8.prefix(100))
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in right.enumerated() {
      let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[right.count]
}
