public import Primitives
public import StrictJSON

/// A signed JSON object in compact serialization: header, payload and signature in base64url, full stops between them.
///
/// A parsed value is well-formed, but nobody vouches for it until `verify` returns.
///
/// Source: RFC 7515 section 7.1; RFC 8037 section 3.1 for EdDSA.
public struct JWS: Hashable, Sendable {
  /// The protected header.
  public let header: JSONObject
  /// What is signed.
  public let payload: JSONObject
  /// The text, as it was made or received.
  public let compact: String

  private let signature: [UInt8]
  private let signedByteCount: Int

  /// The `typ` of the header, if it has one: what kind of object this is. A caller who accepts several kinds of one key
  /// must compare it.
  public var type: String? { header["typ"]?.stringValue }

  /// Signs an object as an object of kind `type`.
  public static func sign(_ payload: JSONObject, type: String, key: borrowing SigningKey) -> JWS {
    let header: JSONObject = ["alg": "EdDSA", "typ": .string(type)]
    let signed = Base64.url.encode(header.serialized()) + "." + Base64.url.encode(payload.serialized())
    let signature = key.signature(for: Array(signed.utf8))
    return JWS(
      header: header, payload: payload, compact: signed + "." + Base64.url.encode(signature),
      signature: signature, signedByteCount: signed.utf8.count)
  }

  /// Reads a compact serialization without checking the signature.
  ///
  /// - Throws: `malformedJWS`, `malformedJSON`, `unsupportedAlgorithm`, `unsupportedCriticalHeader`, or `tooLarge`.
  public static func parse(_ bytes: some Collection<UInt8>) throws(SDJWTError) -> JWS {
    let bytes = Array(bytes)
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let signature = Base64.url.decode(parts[2]),
      signature.count == VerifyingKey.signatureByteCount, let compact = String(validating: bytes, as: UTF8.self)
    else { throw .malformedJWS }
    let header = try object(parts[0])
    guard header["alg"] == "EdDSA" else { throw .unsupportedAlgorithm }
    guard header["crit"] == nil else { throw .unsupportedCriticalHeader }
    return JWS(
      header: header, payload: try object(parts[1]), compact: compact,
      signature: signature, signedByteCount: parts[2].startIndex - 1)
  }

  private static func object(_ part: ArraySlice<UInt8>) throws(SDJWTError) -> JSONObject {
    guard part.count <= SDJWTLimits.encodedPartByteCount else { throw .tooLarge }
    guard let json = Base64.url.decode(part) else { throw .malformedJWS }
    do throws(JSONError) {
      guard case .object(let object) = try JSON.parse(json, limits: SDJWTLimits.json) else {
        throw JSONError(.unexpectedByte(json.first ?? 0), offset: 0, line: 1)
      }
      return object
    } catch {
      throw .malformedJSON(error)
    }
  }

  /// Checks the signature.
  ///
  /// - Throws: `notAuthentic`.
  public func verify(with key: VerifyingKey) throws(SDJWTError) {
    guard key.isValid(signature, for: Array(compact.utf8.prefix(signedByteCount))) else { throw .notAuthentic }
  }
}
