public import StrictJSON
public import Wording

/// Finds words of a name where they are not kept as one: in a field that is not of the identity, or a file name.
public struct NamesInRecord: Sendable {
  /// A name that stands elsewhere.
  public struct Found: Equatable, Sendable {
    /// The identity field that has the name.
    public let field: String
    /// Where its words stand as well.
    public let place: Phrase
  }

  /// What was found, each place once.
  public let all: [Found]

  /// The first of them.
  public var first: Found? { all.first }

  /// Searches the texts of a record and the names of its files.
  public init(schema: Schema, fields: JSONObject, paths: [String] = []) {
    let places = Self.places(schema, fields) + paths.map { (place: "the name of file \($0)", text: $0) }
    var found: [Found] = []
    for field in schema.fields where field.sensitivity == .identity && NameMatch.isName(field.name) {
      for match in (fields[field.name].map(Self.texts) ?? []).map({ NameMatch($0, field: field.name) }) {
        for (place, text) in places where match.isFound(in: NameMatch.Searched(text)) {
          let new = Found(field: field.name, place: place)
          if !found.contains(new) { found.append(new) }
        }
      }
    }
    all = found
  }

  /// The free texts that are not of the identity.
  private static func places(_ schema: Schema, _ fields: JSONObject) -> [(place: Phrase, text: String)] {
    schema.fields.filter { $0.sensitivity != .identity && $0.type.isFreeText }.flatMap { field in
      (fields[field.name].map(texts) ?? []).map { (Phrase(verbatim: field.name), $0) }
    }
  }

  private static func texts(_ json: JSON) -> [String] {
    if case .array(let values) = json { return values.flatMap(texts) }
    return json.stringValue.map { [$0] } ?? []
  }
}

extension FieldType {
  /// Whether people write what they like.
  var isFreeText: Bool {
    switch self {
    case .text: true
    case .list(let element): element.isFreeText
    default: false
    }
  }
}
