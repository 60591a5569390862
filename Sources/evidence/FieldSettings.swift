internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// The fields of a record as they are given on the command line: from a file, and one by one.
enum FieldSettings {
  static func fields(
    record: String?, title: String? = nil, settings: [String], unset: [String] = [], schema: Schema
  ) throws -> JSONObject {
    var given: Set<String> = []
    for name in unset + (title == nil ? [] : ["title"]) { try requireOnce(name, schema, &given) }
    var fields: JSONObject = [:]
    if let record { fields = try RecordFile.read(record) }
    if let title { fields["title"] = .string(title) }
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        throw UsageFault("--set \(Message.shown(setting)) has no value", hint: "write --set FIELD=VALUE")
      }
      try requireOnce(parts[0], schema, &given)
      guard let field = schema.field(parts[0]) else {
        var probe: JSONObject = [:]
        probe[parts[0]] = .null
        _ = try schema.validated(probe)
        return fields
      }
      fields[parts[0]] = try field.type.value(typed: parts[1], field: parts[0])
    }
    return fields
  }

  /// A second word about a field would silently go before the first, which may have been a refusal.
  private static func requireOnce(_ name: String, _ schema: Schema, _ given: inout Set<String>) throws {
    guard !given.insert(name).inserted else { return }
    let shown = Message.shown(name)
    var hint: Phrase = "say once what it is to be"
    if case .list = schema.field(name)?.type { hint = "a list is one value with commas: --set \(shown)=ONE,ANOTHER" }
    throw UsageFault("the field \(shown) is given twice", hint: hint)
  }
}
