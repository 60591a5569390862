internal import Age
public import Primitives
public import TransparencyLog

/// What a recipient answers to a bundle: which one came, when, and whether it verified.
///
/// It is a signed note by the `bundles` key of the recipient's vault, and has that vault's card in it: whoever knows
/// the vault key of the recipient can check it without anything else. Its first line is that of no other note.
///
/// Source: FORMAT section 13.
public struct Receipt: Hashable, Sendable {
  static let firstLine = "evidence-receipt/v1"
  private static let formatName = "evidence-receipt/"
  /// The largest receipt, in bytes: the card of a vault with many readers is the largest part.
  public static let maximumByteCount = 262_144

  /// Why a recipient refused a bundle.
  public enum Refusal: String, CaseIterable, Sendable {
    /// A file, proof or signature of the bundle does not fit.
    case damaged
    /// Another vault signed it than the recipient expected.
    case unknownSigner = "unknown_signer"
    /// It was signed for others than whoever opened it.
    case notAddressed = "not_addressed"

    /// What an error in a check means; `nil` if the check could not be carried out.
    public init?(_ error: VaultError) {
      switch error {
      case .bundle(.newerFormat), .newerFormat, .sealedFile(.header(.unknownVersion)),
        .sealedFile(.header(.workFactorTooHigh)):
        return nil
      case .bundle(.notAddressedToYou): self = .notAddressed
      case .unknownSigner: self = .unknownSigner
      case .bundle, .damaged, .sealedFile(.header), .sealedFile(.headerMAC), .sealedFile(.payload),
        .sealedFile(.armor):
        self = .damaged
      default: return nil
      }
    }
  }

  /// What is known of a bundle that verified.
  public struct Verified: Hashable, Sendable {
    /// The random name of the bundle: 32 hexadecimal digits.
    public let bundle: String
    /// The key of the vault that signed it.
    public let sender: VerifierKey
    /// SHA-256 of the tag manifest, which names every file.
    public let tagManifest: Digest
    /// The head of the sender's index that the proofs lead to: it existed when the bundle was received.
    public let head: TreeHead
    /// That head, countersigned by the recipient's vault as a witness; `nil` if it could not be.
    public let cosigned: SignedNote?
  }

  /// What came of the recipient's check.
  public enum Outcome: Hashable, Sendable {
    /// Every part of the bundle is as its sender signed it.
    case verified(Verified)
    /// It was refused.
    case refused(Refusal)
    /// It arrived, and was not checked.
    case notChecked

    /// The word for it in a receipt, and in its entry.
    public var word: String {
      switch self {
      case .verified: "verified"
      case .refused: "refused"
      case .notChecked: "not_checked"
      }
    }
  }

  /// Who answers.
  public let card: VaultNote
  /// When it was received, on the recipient's clock.
  public let received: Timestamp
  /// SHA-256 of the sealed bundle.
  public let sealed: Digest
  /// What came of the check.
  public let outcome: Outcome
  /// The receipt as it was signed.
  public let note: SignedNote

  /// What a recipient found out about a bundle that verified.
  public var verified: Verified? {
    guard case .verified(let verified) = outcome else { return nil }
    return verified
  }

  /// Signs a receipt.
  ///
  /// - Throws: `VaultError.receipt(.tooLarge)` for a card that leaves no room.
  init(card: VaultNote, received: Timestamp, sealed: Digest, outcome: Outcome, signer: VaultSigner) throws {
    let text = try NoteText(ReceiptText.text(card: card, received: received, sealed: sealed, outcome: outcome))
    let signature = try signer.sign(text, for: .bundles, origin: card.origin)
    (self.card, self.received, self.sealed, self.outcome) = (card, received, sealed, outcome)
    note = try SignedNote(text: text, signatures: [signature])
    guard note.bytes.count <= Self.maximumByteCount else { throw VaultError.receipt(.tooLarge) }
  }

  /// Reads a receipt and checks its signature. That the card in it is the recipient's, the caller has to know.
  ///
  /// - Throws: `VaultError.receipt`.
  public init(_ bytes: [UInt8]) throws(VaultError) {
    guard bytes.count <= Self.maximumByteCount else { throw .receipt(.tooLarge) }
    guard let note = try? SignedNote(bytes) else { throw .receipt(.malformed) }
    if let found = Self.newerFormat(note.text) { throw .receipt(.newerFormat(found: found)) }
    guard note.signatures.count == 1, note.bytes == bytes, let parts = ReceiptText.parse(note.text) else {
      throw .receipt(.malformed)
    }
    guard (try? note.verified(by: [parts.card.key(.bundles)])) != nil else { throw .receipt(.badSignature) }
    (card, received, sealed, outcome) = (parts.card, parts.received, parts.sealed, parts.outcome)
    self.note = note
  }

  private static func newerFormat(_ text: NoteText) -> String? {
    let first = text.bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard first.starts(with: formatName.utf8), !first.elementsEqual(firstLine.utf8) else { return nil }
    return String(decoding: first, as: UTF8.self)
  }
}

/// Why a receipt is not taken.
public enum ReceiptFault: Error, Hashable, Sendable {
  /// It is no receipt, or not spelled as receipts are.
  case malformed
  /// It was made by a later version.
  case newerFormat(found: String)
  /// It is larger than any receipt can be.
  case tooLarge
  /// The card in it did not sign it.
  case badSignature
  /// No recipient of this vault has that key.
  case unknownSigner(fingerprint: String)
  /// The recipient was revoked: whoever has the key now may be somebody else.
  case revoked(name: String)
  /// It is for a bundle of another vault.
  case otherSender
  /// This vault exported no bundle with that digest.
  case notExported
  /// The bundle was sealed to others.
  case notSentTo(name: String)
  /// It says something else of the bundle than the entry of the export or the index does.
  case doesNotFit
}
