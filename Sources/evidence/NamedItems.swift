internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What a testimony names as its own, and that does not say itself whose consent speaks for it.
enum NamedItems {
  /// Says so on standard error, once the testimony is there. Exports heed it all the same; what is told is for whoever
  /// gets such an item, and for the time when the testimony names it no more.
  static func tell(_ fields: JSONObject, of schema: Schema, item: UInt64, in reader: VaultReader) {
    for (named, field) in reader.namedWithoutConsentBy(in: fields, kind: schema.kind) {
      Message.note(
        """
        item \(named) follows the consent of item \(item), whose \(field) names it, and has no consent.by of its own: \
        evidence amend \(named) --set consent.by=\(item) --reason TEXT
        """)
    }
  }
}
