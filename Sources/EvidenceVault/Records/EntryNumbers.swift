internal import StrictJSON

extension JSONObject {
  /// The numbers of entries in a field, of one value or of a list.
  func entryNumbers(_ field: String) -> [UInt64] {
    (self[field]?.arrayValue ?? self[field].map { [$0] } ?? []).compactMap(\.unsignedValue)
  }
}
