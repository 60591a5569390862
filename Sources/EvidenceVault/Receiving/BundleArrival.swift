internal import StrictJSON

/// That an item came in a bundle, as its entry of custody says: it stays when the item is withdrawn.
///
/// Source: FORMAT section 14.
struct BundleArrival {
  /// The random name of the bundle.
  let bundle: String
  /// The number of the item at the sender's.
  let there: UInt64
  /// The item here.
  let here: UInt64
  /// The keys of the sender, in words, oldest first; the first one alone in vaults from before they were kept.
  let keys: [String]
  /// Whether they were kept.
  let hasKeys: Bool
  /// The first name of the sender's index, if that was kept.
  let firstOrigin: String?
  /// The head of the bundle, as `SenderHistory` writes it, if that was kept.
  let head: String?
  /// The digest of the tag manifest, if that was kept.
  let manifest: String?
  /// What is kept of the entries of the item.
  let entries: [KeptEntry]

  /// What an entry of custody tells; `nil` if that is not of an item in a bundle.
  init?(_ fields: JSONObject) {
    guard fields["event"]?.stringValue == "received", let name = fields["bundle"]?.stringValue,
      let there = fields["bundle_item"]?.unsignedValue, let here = CustodyBook.items(in: fields).first
    else { return nil }
    (bundle, self.there, self.here) = (name, there, here)
    keys = (fields[Field.keys]?.arrayValue ?? [fields["from"]].compactMap { $0 }).compactMap(\.stringValue)
    hasKeys = fields[Field.keys] != nil
    firstOrigin = fields[Field.origin]?.stringValue
    head = fields[Field.head]?.stringValue
    manifest = fields[Field.manifest]?.stringValue
    entries = KeptEntry.all(in: fields)
  }

  /// What is kept of the entry of the item.
  var ownEntry: KeptEntry? { entries.first { $0.number == there } }

  /// The fields of the entry of custody, beside those that say what came from where.
  enum Field {
    static let head = "bundle_head"
    static let keys = "bundle_keys"
    static let origin = "bundle_origin"
    static let manifest = "bundle_manifest"
  }
}
