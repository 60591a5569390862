internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// The fields of a record as they are given on the command line: from a file, and one by one.
enum FieldSettings {
  static func fields(
    record: String?, title: String? = nil, settings: [String], schema: Schema
  ) throws -> JSONObject {
    var fields: JSONObject = [:]
    if let record { fields = try RecordFile.read(record) }
    if let title { fields["title"] = .string(title) }
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        throw UsageFault("--set \(Message.shown(setting)) has no value", hint: "write --set FIELD=VALUE")
      }
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
}
