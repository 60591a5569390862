internal import StrictJSON

extension UInt64 {
  /// What stands in the place of the number of an entry that is not here: the number of nothing.
  ///
  /// Source: FORMAT section 5.
  public static let missingEntry = UInt64(Int64.max)
}

extension JSONObject {
  /// The numbers of entries in a field, of one value or of a list.
  func entryNumbers(_ field: String) -> [UInt64] {
    (self[field]?.arrayValue ?? self[field].map { [$0] } ?? []).compactMap(\.unsignedValue)
  }
}
