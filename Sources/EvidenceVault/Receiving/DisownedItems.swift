internal import StrictJSON

/// Items that came under a key which their sender revoked since, and that the sender does not stand by: an entry of
/// custody keeps that, so that nobody forgets it.
///
/// Source: FORMAT section 14.
enum DisownedItems {
  /// The field that has the name of the bundle with the sender's word.
  static let field = "bundle_disowned"
  private static let result = "signed by a key that the sender revoked, and not what the sender stands by"

  /// The item of which an event says it.
  static func item(in event: JSONObject) -> UInt64? { event[field] == nil ? nil : CustodyBook.items(in: event).first }

  /// What is entered for each of the items that nothing is said of yet.
  static func events(
    for arrivals: [BundleArrival], saidBy bundle: CheckedBundle, on day: String, in book: CustodyBook
  ) -> [JSONObject] {
    Set(arrivals.map(\.here)).filter { book.disowningEntry(of: $0) == nil }.sorted()
      .map { item in
        [
          "item": .integer(Int64(clamping: item)), "event": "verified", "at": .string(day),
          "result": .string(result), field: .string(bundle.note.identifier),
        ]
      }
  }
}
