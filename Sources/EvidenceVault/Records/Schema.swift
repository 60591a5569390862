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

  /// What a witness has to have agreed to before a field is shown.
  public enum ConsentNeed: String, Sendable, CaseIterable {
    /// To be known by a code name.
    case code
    /// To be known by initials.
    case initials
    /// To be known by name.
    case name
    /// That the account is retold in the words of others.
    case paraphrase
    /// That the own words of the witness are quoted.
    case verbatim
    /// That the region is named.
    case region
    /// That the district is named.
    case district
    /// That the exact place is named.
    case place
    /// That something is told about the family.
    case family
    /// That voice or image is used.
    case voiceImage = "voice_image"
  }

  /// One field.
  public struct Field: Sendable {
    /// Its dotted name.
    public let name: String
    /// What its value may be.
    public let type: FieldType
    /// How closely it is held.
    public let sensitivity: Sensitivity
    /// What the witness has to have agreed to before it is shown, beyond the class of the recipient.
    public let consentNeed: ConsentNeed?
    /// The kinds of items that the numbers in it may point to; empty if they are no numbers of items.
    public let links: [String]
    /// Whether the program alone writes it: no form, import or option sets it.
    public let isSetByProgram: Bool
    /// Whether the question can also be answered for one class of recipients alone.
    public let isPerClass: Bool
    /// The question that this field answers for one class alone; `nil` if it answers for all.
    public let generalName: String?
    /// Its name for people, by language: `en`, `ru`, `tg`.
    public let labels: [String: String]
    /// What to write into it, by language.
    public let help: [String: String]
    /// Its values for people: by value, then by language; empty if it is no choice.
    public let valueLabels: [String: [String: String]]
  }

  /// The name of the kind.
  public let kind: String
  /// Its name for people, by language.
  public let labels: [String: String]
  /// What it is for, in a sentence, by language.
  public let summaries: [String: String]
  /// Whether entries of the kind are pieces of evidence, rather than events.
  public let isItem: Bool
  /// The fields in the order of forms and reports; those for one class alone follow the question they answer.
  public let fields: [Field]
  /// The fields without which a record makes no sense.
  public let required: [String]
  /// By the name of a template: the fields that it cannot do without.
  public let neededFor: [String: [String]]

  private let positions: [ExactText: Int]

  /// What the kind is for, in an English sentence.
  public var summary: String { summaries["en"] ?? "" }

  init(_ file: SchemaFile, fields: [Field]) {
    kind = file.kind
    labels = file.labels
    summaries = file.summaries
    isItem = file.isItem
    required = file.required
    neededFor = file.neededFor
    self.fields = fields
    var positions: [ExactText: Int] = [:]
    for (position, field) in fields.enumerated() { positions[ExactText(field.name)] = position }
    self.positions = positions
  }

  /// The field of that name.
  public func field(_ name: String) -> Field? { positions[ExactText(name)].map { fields[$0] } }

  /// Checks a whole record and returns its fields in the order of the schema. The fields that only the program sets
  /// are refused unless the record comes from the program. Of what came in a bundle, required fields may be withheld.
  ///
  /// - Throws: `VaultError.unknownField`, `.programField`, `.invalidValue` or `.missingField`.
  public func validated(_ record: JSONObject, fromProgram: Bool = false) throws(VaultError) -> JSONObject {
    var found: [(position: Int, value: JSON)] = []
    for member in record.members {
      guard let position = positions[ExactText(member.name)] else { throw unknown(member.name) }
      found.append((position, member.value))
    }
    found.sort { $0.position < $1.position }
    var ordered = JSONObject()
    for (position, value) in found {
      let field = fields[position]
      guard fromProgram || !field.isSetByProgram else { throw .programField(field.name, kind: kind) }
      if let expected = field.type.refusal(of: value) { throw .invalidValue(field: field.name, expected: expected) }
      ordered[field.name] = value
    }
    if fromProgram, ReceivedField.isReceived(ordered) { return ordered }
    for name in required where ordered[name] == nil { throw .missingField(name, kind: kind) }
    return ordered
  }

  /// Whether a record is an item without any file: a document is its files, a testimony a recording or an account, and
  /// all other kinds are their record.
  public func isWhole(withoutFiles record: JSONObject) -> Bool {
    switch kind {
    case "document": false
    case "testimony": record["account"] != nil
    default: true
    }
  }

  private func unknown(_ name: String) -> VaultError {
    .unknownField(name, kind: kind, nearest: nearestName(to: name, among: fields.map(\.name)))
  }
}
