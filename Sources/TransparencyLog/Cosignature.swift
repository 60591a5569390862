public import Primitives

/// The public key of a witness, under its name. It verifies cosignatures and nothing else.
///
/// Source: C2SP tlog-cosignature section "Ed25519 signatures"; the textual form is that of verifier keys.
public struct WitnessKey: Hashable, Sendable, CustomStringConvertible {
  /// Says that a key signs timestamped cosignatures.
  static let algorithm: UInt8 = 4

  let named: NamedKey

  /// The name of the key.
  public var name: KeyName { named.name }
  /// The first 32 bits of a digest of name and key, in big-endian order: a label, not a proof.
  public var keyID: UInt32 { named.keyID }
  /// The Ed25519 key.
  public var key: VerifyingKey { named.key }

  /// Names a key; the key ID follows from both.
  public init(name: KeyName, key: VerifyingKey) {
    named = NamedKey(name: name, algorithm: Self.algorithm, key: key)
  }

  /// Reads `<name>+<key ID in 8 hexadecimal digits>+<base64 of the byte 4 and the key>`.
  ///
  /// - Throws: `malformed(.verifierKey)` for another form, kind of key or key ID, `malformed(.keyName)` or
  ///   `beyondLimit(.keyName)`.
  public init(_ text: String) throws(LogError) { named = try NamedKey(text, algorithm: Self.algorithm) }

  /// The textual form.
  public var description: String { named.description }
}

/// A private key with which a witness countersigns checkpoints.
///
/// Source: C2SP tlog-cosignature.
public struct CosignatureSigner: ~Copyable, Sendable {
  private let key: SigningKey
  /// The public half, under the same name.
  public let witnessKey: WitnessKey

  /// Takes the key over and names it.
  public init(name: KeyName, key: consuming SigningKey) {
    self.witnessKey = WitnessKey(name: name, key: key.verifyingKey)
    self.key = key
  }

  /// Says that at `time`, in seconds since 1970, this was the largest checkpoint of its log that the witness had seen.
  public borrowing func sign(_ text: NoteText, time: UInt64) -> NoteSignature {
    let signature = BigEndian.bytes(time) + key.signature(for: Cosignature.message(text, time: time))
    return NoteSignature(signed: signature, name: witnessKey.name, keyID: witnessKey.keyID)
  }
}

/// A cosignature that was checked: by its time, the witness had seen no larger checkpoint of the log, and all it had
/// seen were consistent.
///
/// Source: C2SP tlog-cosignature.
public struct Cosignature: Hashable, Sendable {
  private static let timeByteCount = 8
  /// The last second that a cosignature can name.
  public static let maximumTime = UInt64(Int64.max)

  /// Who signed.
  public let witness: WitnessKey
  /// When, by the witness's clock, in seconds since 1970.
  public let time: UInt64

  static func message(_ text: NoteText, time: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n".utf8) + text.bytes
  }

  fileprivate init(_ signature: NoteSignature, of text: NoteText, by witness: WitnessKey) throws(LogError) {
    let time = BigEndian.value(signature.signature.prefix(Self.timeByteCount))
    guard signature.signature.count == Self.timeByteCount + VerifyingKey.signatureByteCount,
      (1...Self.maximumTime).contains(time),
      witness.key.isValid(
        Array(signature.signature.dropFirst(Self.timeByteCount)), for: Self.message(text, time: time))
    else { throw .invalidSignature(by: witness.name) }
    self.witness = witness
    self.time = time
  }
}

extension SignedNote {
  /// Checks every cosignature in the name of one of `witnesses`, and returns the latest of each, in the order of
  /// `witnesses`. Signatures of others are ignored.
  ///
  /// - Throws: `invalidSignature` if one in the name of a known witness is wrong, or names no time; `ambiguousKeys` if
  ///   two witnesses cannot be told apart.
  ///
  /// Source: C2SP tlog-cosignature.
  public func cosignatures(by witnesses: [WitnessKey]) throws(LogError) -> [Cosignature] {
    var latest: [WitnessKey: Cosignature] = [:]
    for signature in signatures {
      let matches = Set(witnesses.filter { $0.keyID == signature.keyID && $0.name == signature.name })
      guard matches.count <= 1 else { throw .ambiguousKeys(signature.name) }
      guard let witness = matches.first else { continue }
      let cosignature = try Cosignature(signature, of: text, by: witness)
      if cosignature.time > latest[witness]?.time ?? 0 { latest[witness] = cosignature }
    }
    var seen: Set<WitnessKey> = []
    return witnesses.compactMap { seen.insert($0).inserted ? latest[$0] : nil }
  }
}
