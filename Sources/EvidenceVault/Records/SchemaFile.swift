internal import StrictJSON

/// One file of `Vault/schema/`, read. The files are part of the program, so a fault in them is a fault of the program;
/// the tests read every one.
///
/// Source: FORMAT section 5; `Vault/schema/README.md`.
struct SchemaFile {
  let kind: String
  let labels: [String: String]
  let summaries: [String: String]
  let isItem: Bool
  let fields: [Schema.Field]
  let required: [String]
  let neededFor: [String: [String]]
  /// What the file says of the values of its field `class`, if it has one.
  let classes: Classes

  /// The classes of recipients, and what is true of some of them.
  struct Classes {
    var all: [String] = []
    var labels: [String: [String: String]] = [:]
    var publishing: [String] = []
    var tellingGovernment: [String] = []
  }

  init(_ bytes: [UInt8]) {
    guard let json = try? JSON.parse(bytes), let kind = json["title"]?.stringValue,
      let properties = json["properties"]?.objectValue
    else { preconditionFailure("EvidenceVault: a schema file is not as Vault/schema/README.md says") }
    self.kind = kind
    labels = Self.texts(json["x-label"])
    summaries = Self.texts(json["x-help"])
    isItem = json["x-entry"]?.stringValue == "item"
    fields = properties.members.map(Self.field)
    required = Self.words(json["required"])
    neededFor = Self.table(json["x-needed-for"], Self.words)
    classes = Self.classes(properties["class"])
  }

  private static func field(_ member: JSONObject.Member) -> Schema.Field {
    let json = member.value
    let need = json["x-consent"]?.stringValue
    guard let sensitivity = json["x-sensitivity"]?.stringValue.flatMap(Schema.Sensitivity.init(rawValue:)),
      let type = FieldType(schema: json), need == nil || need.flatMap(Schema.ConsentNeed.init(rawValue:)) != nil
    else { preconditionFailure("EvidenceVault: field \(member.name) is not as Vault/schema/README.md says") }
    return Schema.Field(
      name: member.name, type: type, sensitivity: sensitivity,
      consentNeed: need.flatMap(Schema.ConsentNeed.init(rawValue:)), links: words(json["x-link"]),
      isSetByProgram: json["x-set-by"]?.stringValue == "program", isPerClass: json["x-per-class"]?.boolValue == true,
      generalName: nil, labels: texts(json["x-label"]), help: texts(json["x-help"]),
      valueLabels: table(json["x-value-label"], texts))
  }

  private static func classes(_ json: JSON?) -> Classes {
    guard let json else { return Classes() }
    return Classes(
      all: words(json), labels: table(json["x-value-label"], texts), publishing: words(json["x-publishes"]),
      tellingGovernment: words(json["x-tells-government"]))
  }

  /// The words of a list, or of the `enum` of a property.
  private static func words(_ json: JSON?) -> [String] {
    (json?["enum"] ?? json)?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  private static func texts(_ json: JSON?) -> [String: String] { table(json) { $0.stringValue ?? "" } }

  private static func table<Value>(_ json: JSON?, _ value: (JSON) -> Value) -> [String: Value] {
    var table: [String: Value] = [:]
    for member in json?.objectValue?.members ?? [] { table[member.name] = value(member.value) }
    return table
  }
}
