public import Age
internal import Primitives
internal import TransparencyLog

/// How people made sure that keys are those of the recipient they are meant for.
public enum KeyComparison: String, CaseIterable, Sendable {
  /// They met.
  case inPerson = "in_person"
  /// They talked and knew each other's voice.
  case call
  /// By another way than the one on which the keys came.
  case otherChannel = "other_channel"
}

/// What two people read out to each other to find out whether they have the same keys: eight words, or the same as
/// digits for whoever does not speak English.
///
/// Source: FORMAT section 2.
public struct KeyFingerprint: Hashable, Sendable {
  private static let digitCount = 4

  /// Eight words.
  public let words: String
  /// The same: the place of each word in the list, counted from 0, as four digits.
  public let digits: String

  private init(_ digest: Digest) {
    words = WordList.fingerprint(of: digest)
    digits = WordList.places(of: digest).map(Self.digits).joined(separator: " ")
  }

  /// The fingerprint of the key that a card is compared by.
  init(_ key: VerifierKey) { self.init(of: key.key) }

  init(of key: VerifyingKey) { self.init(SHA256Hasher.digest(of: key.bytes)) }

  /// The fingerprint of keys that came without a card: that of their spellings, sorted by bytes, a line feed between.
  /// For one key that is the digest by which `bundle.note` names it.
  public init(of keys: [Recipient]) {
    let spellings = keys.map { Array($0.description.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    self.init(SHA256Hasher.digest(of: Array(spellings.joined(separator: [UInt8(ascii: "\n")]))))
  }

  /// Whether these are the words or the digits, as people type them: in any case, with spaces, hyphens or commas
  /// between; digits also without.
  public func isSame(asTyped text: String) -> Bool {
    let parts = Self.parts(text)
    guard Self.areDigits(parts) else { return parts.joined(separator: " ").utf8.elementsEqual(words.utf8) }
    return parts.joined().utf8.elementsEqual(digits.utf8.filter { $0 != UInt8(ascii: " ") })
  }

  /// What is wrong with a text that somebody typed for a fingerprint, before it is compared with one.
  public enum TypedFault: Equatable, Sendable {
    /// It has so many words, or groups of digits, and not eight.
    case count(Int)
    /// This is no word of the list.
    case unknownWord(String)
  }

  /// Why a text is no fingerprint, whosever; `nil` for eight words of the list, or their digits.
  public static func fault(asTyped text: String) -> TypedFault? {
    let parts = parts(text)
    if areDigits(parts) {
      let (count, rest) = parts.joined().utf8.count.quotientAndRemainder(dividingBy: digitCount)
      return count == WordList.fingerprintWordCount && rest == 0 ? nil : .count(count)
    }
    if let unknown = parts.first(where: { !WordList.words.contains($0) }) { return .unknownWord(unknown) }
    return parts.count == WordList.fingerprintWordCount ? nil : .count(parts.count)
  }

  private static func parts(_ text: String) -> [String] {
    text.lowercased().split { $0.isWhitespace || $0 == "-" || $0 == "," }.map(String.init)
  }

  private static func areDigits(_ parts: [String]) -> Bool {
    parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static func digits(_ place: Int) -> String {
    let text = String(place)
    return String(repeating: "0", count: max(0, digitCount - text.utf8.count)) + text
  }
}

extension VaultNote {
  /// What people compare, as words and as digits.
  public var keyFingerprint: KeyFingerprint { KeyFingerprint(vaultKey) }
}
