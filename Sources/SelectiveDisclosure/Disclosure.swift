public import Primitives
public import StrictJSON

/// One claim that its issuer signed only as a digest: a salt, a name unless it is an array element, and a value.
///
/// The digest covers the encoded text, not the value, so the text is kept exactly as it was made or received.
///
/// Source: RFC 9901 section 4.2.
public struct Disclosure: Hashable, Sendable {
  /// Randomness in each salt, in bytes.
  public static let saltByteCount = 16

  /// The text that keeps the value from being guessed.
  public var salt: String { parts?.first?.stringValue ?? "" }
  /// The name of the claim; `nil` for an array element.
  public let name: String?
  /// The value, which may hold digests of further disclosures. Of a disclosure that was read, it is read from the text
  /// each time: a record of many files has many disclosures.
  public var value: JSON { made ?? parts?.last ?? .null }
  /// The base64url text that is presented.
  public let encoded: String
  /// SHA-256 of the ASCII bytes of `encoded`.
  public let digest: Digest
  /// The value of a disclosure that was made here, and that no reader may accept.
  private let made: JSON?

  /// Hides a member of an object behind a new salt.
  ///
  /// - Throws: `reservedName` for a name that belongs to the format.
  public init(
    name: String, value: JSON, randomness: any RandomSource = SystemRandomness()
  ) throws(SDJWTError) {
    guard !ReservedName.contains(name) else { throw .reservedName }
    self.init(salt: Self.newSalt(randomness), name: name, value: value)
  }

  /// Hides an element of an array behind a new salt.
  public init(element value: JSON, randomness: any RandomSource = SystemRandomness()) {
    self.init(salt: Self.newSalt(randomness), name: nil, value: value)
  }

  private init(salt: String, name: String?, value: JSON) {
    let parts: [JSON] = [.string(salt)] + (name.map { [.string($0)] } ?? []) + [value]
    self.init(name: name, made: value, encoded: Base64.url.encode(JSON.array(parts).serialized()))
  }

  private init(name: String?, made: JSON? = nil, encoded: String) {
    self.name = name
    self.made = made
    self.encoded = encoded
    self.digest = SHA256Hasher.digest(of: encoded.utf8)
  }

  /// What the text says.
  private var parts: [JSON]? {
    Base64.url.decode(Array(encoded.utf8)).flatMap { try? JSON.parse($0, limits: SDJWTLimits.json) }?.arrayValue
  }

  private static func newSalt(_ randomness: any RandomSource) -> String {
    Base64.url.encode(randomness.bytes(saltByteCount))
  }

  /// Reads an encoded disclosure; white space and escapes inside it are the issuer's choice.
  ///
  /// Source: RFC 9901 sections 4.2.1 and 4.2.2; 7.1 step 3.c for the names refused.
  ///
  /// - Throws: `malformedDisclosure`, `reservedName`, or `tooLarge`.
  public static func parse(_ encoded: some Collection<UInt8>) throws(SDJWTError) -> Disclosure {
    guard encoded.count <= SDJWTLimits.encodedPartByteCount else { throw .tooLarge }
    let encoded = Array(encoded)
    guard let text = String(validating: encoded, as: UTF8.self), let json = Base64.url.decode(encoded),
      case .array(let parts)? = try? JSON.parse(json, limits: SDJWTLimits.json),
      (2...3).contains(parts.count), case .string = parts[0]
    else { throw .malformedDisclosure }
    if parts.count == 2 { return Disclosure(name: nil, encoded: text) }
    guard case .string(let name) = parts[1] else { throw .malformedDisclosure }
    guard !ReservedName.contains(name) else { throw .reservedName }
    return Disclosure(name: name, encoded: text)
  }

  /// Whether two disclosures are the same text.
  public static func == (left: Disclosure, right: Disclosure) -> Bool { left.encoded == right.encoded }

  /// Feeds the digest to a hash table.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension Digest {
  /// The digest as it stands in `_sd` and behind `...`.
  var disclosureText: JSON { .string(Base64.url.encode(bytes)) }

  init(disclosureText json: JSON) throws(SDJWTError) {
    guard case .string(let text) = json, let bytes = Base64.url.decode(text), let digest = Digest(bytes) else {
      throw .malformedDigest
    }
    self = digest
  }
}
