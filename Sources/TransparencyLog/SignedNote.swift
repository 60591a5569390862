internal import Primitives

/// A text with the signatures of one or more keys. The text means nothing until `verified(by:)` has returned.
///
/// Source: C2SP signed-note.
public struct SignedNote: Hashable, Sendable {
  /// The largest note, in bytes.
  public static let maximumByteCount = 1_000_000
  /// The most signatures.
  public static let maximumSignatureCount = 100

  /// What is signed.
  public let text: NoteText
  /// The signatures in the order of their lines; at least one.
  public let signatures: [NoteSignature]

  /// Joins a text with its signatures.
  ///
  /// - Throws: `malformed(.note)` without any signature; `beyondLimit(.note)`.
  public init(text: NoteText, signatures: [NoteSignature]) throws(LogError) {
    guard !signatures.isEmpty else { throw .malformed(.note) }
    guard signatures.count <= Self.maximumSignatureCount else { throw .beyondLimit(.note) }
    self.text = text
    self.signatures = signatures
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.note) }
  }

  /// Reads a whole note. The last empty line parts the text from the signatures.
  ///
  /// - Throws: `malformed` or `beyondLimit`.
  public init(_ bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.note) }
    guard let emptyLine = Self.lastEmptyLine(of: bytes) else { throw .malformed(.note) }
    let text = try NoteText(bytes[..<emptyLine])
    var lines = LineReader(bytes[(emptyLine + 1)...])
    var signatures: [NoteSignature] = []
    while let line = lines.next() {
      guard signatures.count < Self.maximumSignatureCount else { throw .beyondLimit(.note) }
      signatures.append(try NoteSignature(line: line))
    }
    guard lines.rest.isEmpty else { throw .malformed(.note) }
    try self.init(text: text, signatures: signatures)
  }

  /// The note as it is stored.
  public var bytes: [UInt8] { text.bytes + [ASCII.lineFeed] + signatures.flatMap { $0.line + [ASCII.lineFeed] } }

  /// The note with one more signature, as a witness adds it.
  ///
  /// - Throws: `beyondLimit(.note)`.
  public func adding(_ signature: NoteSignature) throws(LogError) -> SignedNote {
    try SignedNote(text: text, signatures: signatures + [signature])
  }

  /// Checks every signature in the name of one of `keys`, and returns those of the keys that signed, each once.
  ///
  /// Signatures of other keys are ignored. A key counts once however many lines it has, so that a repeated line cannot
  /// stand for a second signer.
  ///
  /// - Throws: `invalidSignature` if a signature in the name of a known key is wrong, `notSigned` if there is none,
  ///   `ambiguousKeys` if two of `keys` cannot be told apart.
  ///
  /// Source: C2SP signed-note section "Signatures".
  public func verified(by keys: [VerifierKey]) throws(LogError) -> [VerifierKey] {
    var signers: [VerifierKey] = []
    for signature in signatures {
      guard let key = try signature.signer(among: keys) else { continue }
      guard key.key.isValid(signature.signature, for: text.bytes) else { throw .invalidSignature(by: key.name) }
      if !signers.contains(key) { signers.append(key) }
    }
    guard !signers.isEmpty else { throw .notSigned }
    return signers
  }

  /// The offset of the line feed that is the last empty line.
  private static func lastEmptyLine(of bytes: [UInt8]) -> Int? {
    bytes.indices.dropFirst().last { bytes[$0] == ASCII.lineFeed && bytes[$0 - 1] == ASCII.lineFeed }
  }
}

/// One signature line of a note, of whatever kind: which kind it is, only the holder of the key knows.
///
/// Source: C2SP signed-note sections "Format" and "Signatures".
public struct NoteSignature: Hashable, Sendable {
  /// Em dash and space.
  private static let mark = Array("— ".utf8)
  private static let keyIDByteCount = 4

  /// The name of the key that is said to have signed.
  public let name: KeyName
  /// The ID of that key.
  public let keyID: UInt32
  /// The signature itself: at least one byte, 64 for Ed25519.
  public let signature: [UInt8]

  /// Takes a signature of any kind.
  ///
  /// - Throws: `malformed(.signature)` if it has no byte.
  public init(name: KeyName, keyID: UInt32, signature: [UInt8]) throws(LogError) {
    guard !signature.isEmpty else { throw .malformed(.signature) }
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  /// Takes a signature that a key of that name and ID made.
  init(signed signature: [UInt8], name: KeyName, keyID: UInt32) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  init(line: ArraySlice<UInt8>) throws(LogError) {
    guard line.starts(with: Self.mark) else { throw .malformed(.signature) }
    let parts = line.dropFirst(Self.mark.count)
      .split(separator: ASCII.space, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let blob = Base64.padded.decode(parts[1]), blob.count > Self.keyIDByteCount else {
      throw .malformed(.signature)
    }
    try self.init(
      name: KeyName(parts[0]),
      keyID: UInt32(BigEndian.value(blob.prefix(Self.keyIDByteCount))),
      signature: Array(blob.dropFirst(Self.keyIDByteCount)))
  }

  var line: [UInt8] {
    Self.mark + name.bytes + [ASCII.space] + Base64.padded.encode(BigEndian.bytes(keyID) + signature).utf8
  }

  fileprivate func signer(among keys: [VerifierKey]) throws(LogError) -> VerifierKey? {
    let matches = Set(keys.filter { $0.keyID == keyID && $0.name == name })
    guard matches.count <= 1 else { throw .ambiguousKeys(name) }
    return matches.first
  }
}
