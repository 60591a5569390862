internal import SelectiveDisclosure
internal import StrictJSON
internal import Wording

/// `record.json` inside an object: it explains the object to whoever opens it with stock tools, and carries the
/// disclosures from which the record can be proven, or rebuilt, without the rest of the vault.
///
/// Source: FORMAT section 4.
enum RecordDocument {
  static let format = "evidence-item/v1"
  /// The longest record, in bytes.
  static let maximumByteCount = 64 << 20

  /// The document; the same bytes for the same disclosures.
  static func bytes(origin: String, _ record: ComposedRecord) throws -> [UInt8] {
    // The claims are put together by the same code that reads them later, from an object signed by nobody.
    let payload = try IssuerClaims.payload([:], hiding: record.top)
    return try bytes(origin: origin, payload: payload, disclosures: record.disclosures)
  }

  /// The document that the object of an entry must hold.
  static func bytes(origin: String, _ record: Record) throws -> [UInt8] {
    var payload = record.presentation.jws.payload
    for name in ["iss", "object", "records"] { payload[name] = nil }
    return try bytes(origin: origin, payload: payload, disclosures: record.presentation.disclosures)
  }

  private static func bytes(origin: String, payload: JSONObject, disclosures: [Disclosure]) throws -> [UInt8] {
    let claims = try DisclosedClaims(signed: payload, disclosures: disclosures)
    let document: JSONObject = [
      "format": .string(format), "origin": .string(origin), "record": .object(claims.payload),
      "disclosures": .array(disclosures.map { .string($0.encoded) }),
    ]
    let bytes = document.serialized(pretty: true) + [UInt8(ascii: "\n")]
    guard bytes.count <= maximumByteCount else { throw VaultError.tooLarge(path: "record.json") }
    return bytes
  }
}
