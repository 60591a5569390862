internal import Age
internal import Primitives
internal import TransparencyLog

/// The signing seed of a vault, from which a key for each purpose is derived.
///
/// Source: FORMAT section 2; RFC 5869.
public final class VaultSigner: Sendable {
  static let seedByteCount = 32

  private let seed: SecretBytes

  /// Takes a 32-byte seed over.
  init(seed: consuming SecretBytes) {
    precondition(seed.count == Self.seedByteCount, "EvidenceVault: a signing seed has 32 bytes")
    self.seed = seed
  }

  /// Makes a new seed.
  convenience init(generatingFrom randomness: any RandomSource) {
    self.init(seed: SecretBytes(randomCount: Self.seedByteCount, from: randomness))
  }

  /// The text form: 64 hexadecimal digits, in guarded memory.
  func encoded() -> SecretBytes { Hex.encode(seed) }

  /// Reads the text form; `nil` if it is not one.
  convenience init?(encoded text: borrowing SecretBytes) {
    guard let seed = Hex.decode(text), seed.count == Self.seedByteCount else { return nil }
    self.init(seed: seed)
  }

  func key(for purpose: KeyPurpose) -> SigningKey {
    let label = Array("\(VaultNote.firstLine)/sign/\(purpose.rawValue)".utf8)
    return SigningKey(seed: HKDF.derive32(from: seed, salt: [], info: label))
  }

  /// What opens a file that only whoever has the seed is to open.
  var sealingIdentity: Identity? {
    let label = Array("\(VaultNote.firstLine)/seal/reason".utf8)
    return Identity(.hybrid, seed: HKDF.derive32(from: seed, salt: [], info: label))
  }

  func sign(_ text: NoteText, for purpose: KeyPurpose, origin: NoteLine) throws(LogError) -> NoteSignature {
    NoteSigner(name: try VaultNote.name(purpose, origin: origin), key: key(for: purpose)).sign(text)
  }

  func verifierKeys(origin: NoteLine) -> [KeyPurpose: VerifierKey] {
    var keys: [KeyPurpose: VerifierKey] = [:]
    for purpose in KeyPurpose.allCases {
      guard let name = try? VaultNote.name(purpose, origin: origin) else { continue }
      keys[purpose] = VerifierKey(name: name, key: key(for: purpose).verifyingKey)
    }
    return keys
  }
}
