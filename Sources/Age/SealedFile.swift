public import Primitives
public import Streams

/// An age file being read: its header has been parsed, its payload waits behind it.
///
/// Source: c2sp.org/age.
public final class SealedFile {
  let header: Header
  private let payload: LineSource

  /// Whether binary or armored, found out from the first bytes.
  public enum Form: Sendable {
    /// Binary.
    case binary
    /// Text armor.
    case armored
  }

  /// Reads the header from `source`; `form` may be left out.
  ///
  /// - Throws: `AgeError.header`, `AgeError.armor`, and whatever `source` throws.
  public init(reading source: any ByteSource, form: Form? = nil) throws {
    let raw = LineSource(source)
    let form = try form ?? Self.guessedForm(raw)
    payload = form == .armored ? LineSource(DearmoringSource(raw)) : raw
    header = try Header.parse(from: payload)
    let passphraseCount = header.stanzas.count { $0.isOfType(ScryptStanza.type) }
    guard passphraseCount == 0 || header.stanzas.count == 1 else { throw AgeError.header(.passphraseNotAlone) }
  }

  /// Reads the header of a file in memory.
  ///
  /// - Throws: `AgeError.header`, `AgeError.armor`.
  public convenience init(_ bytes: [UInt8], form: Form? = nil) throws {
    try self.init(reading: MemorySource(bytes), form: form)
  }

  /// Whether a passphrase opens the file, rather than an identity.
  public var needsPassphrase: Bool { header.stanzas.contains { $0.isOfType(ScryptStanza.type) } }

  /// Opens the file with the first identity that fits.
  ///
  /// - Throws: `AgeError.noMatch`, `.header`, `.headerMAC`, `.payload`, `.armor`, and whatever source or sink throw. On
  ///   `.payload` all chunks before the bad one have reached `sink`: the caller must not publish them as the whole.
  public func open(
    with identities: [Identity], to sink: any ByteSink, workerCount: Int = Parallelism.workerCount
  ) throws {
    try open(under: fileKey(for: identities), to: sink, workerCount: workerCount)
  }

  /// Opens a file that was sealed with a passphrase.
  ///
  /// - Throws: as `open(with:to:)`; `AgeError.noMatch` if the passphrase is wrong, or the file was sealed to keys.
  public func open(
    with passphrase: borrowing Passphrase, to sink: any ByteSink,
    maximumWorkFactorLog2: Int = Passphrase.maximumWorkFactorLog2, workerCount: Int = Parallelism.workerCount
  ) throws {
    let fileKey = try fileKey(for: passphrase, maximumWorkFactorLog2: maximumWorkFactorLog2)
    try open(under: fileKey, to: sink, workerCount: workerCount)
  }

  /// Opens a file that holds a key, of 64 KiB at most, and was sealed with a passphrase. The content is never in
  /// ordinary memory.
  ///
  /// - Throws: as `open(with:to:)`; `StreamError.tooLong` for a longer one.
  public func openSecret(
    with passphrase: borrowing Passphrase, maximumWorkFactorLog2: Int = Passphrase.maximumWorkFactorLog2
  ) throws -> SecretBytes {
    let fileKey = try fileKey(for: passphrase, maximumWorkFactorLog2: maximumWorkFactorLog2)
    return try Payload.openSecret(from: payload, under: payloadKey(under: fileKey))
  }

  /// Opens a file that holds a key, of 64 KiB at most, with the first identity that fits. The content is never in
  /// ordinary memory.
  ///
  /// - Throws: as `open(with:to:)`; `StreamError.tooLong` for a longer one.
  public func openSecret(with identities: [Identity]) throws -> SecretBytes {
    try Payload.openSecret(from: payload, under: payloadKey(under: fileKey(for: identities)))
  }

  /// Opens the file with the first identity that fits, and returns its whole content.
  ///
  /// - Throws: as `open(with:to:)`. Nothing is returned of a file that is not authentic to its end.
  public func open(with identities: [Identity]) throws -> [UInt8] {
    let sink = MemorySink()
    try open(with: identities, to: sink)
    return sink.bytes
  }

  /// Opens a file that was sealed with a passphrase, and returns its whole content.
  ///
  /// - Throws: as `open(with:)`.
  public func open(
    with passphrase: borrowing Passphrase, maximumWorkFactorLog2: Int = Passphrase.maximumWorkFactorLog2
  ) throws -> [UInt8] {
    let sink = MemorySink()
    try open(with: passphrase, to: sink, maximumWorkFactorLog2: maximumWorkFactorLog2)
    return sink.bytes
  }

  private func open(under fileKey: borrowing FileKey, to sink: any ByteSink, workerCount: Int) throws {
    try Payload.open(from: payload, to: sink, under: payloadKey(under: fileKey), workerCount: workerCount)
  }

  /// Copies all that is behind the header, as it is.
  func copyPayload(to sink: any ByteSink) throws { try payload.copy(to: sink) }

  /// Reads as far as the first chunk.
  private func payloadKey(under fileKey: borrowing FileKey) throws -> ChaChaPolyKey {
    var nonce = [UInt8](repeating: 0, count: Payload.nonceByteCount)
    var span = nonce.mutableSpan
    guard try payload.fill(&span) == Payload.nonceByteCount else { throw AgeError.header(.malformed) }
    return fileKey.payloadKey(nonce: nonce)
  }

  // MARK: - The file key

  /// The file key, from the first identity that fits, once the header has been found authentic under it.
  func fileKey(for identities: [Identity]) throws -> FileKey {
    for identity in identities {
      for stanza in header.stanzas {
        if let fileKey = try identity.unwrap(stanza) { return try authenticated(fileKey) }
      }
    }
    throw AgeError.noMatch
  }

  /// The file key, from a passphrase, once the header has been found authentic under it.
  func fileKey(for passphrase: borrowing Passphrase, maximumWorkFactorLog2: Int) throws -> FileKey {
    guard needsPassphrase, let stanza = header.stanzas.first,
      let fileKey = try ScryptStanza.unwrap(
        stanza, with: passphrase, maximumWorkFactorLog2: maximumWorkFactorLog2)
    else { throw AgeError.noMatch }
    return try authenticated(fileKey)
  }

  private func authenticated(_ fileKey: consuming FileKey) throws -> FileKey {
    guard header.isAuthentic(under: fileKey) else { throw AgeError.headerMAC }  // not secret: whether it fits
    return fileKey
  }

  /// Binary files start with a letter; armor with a dash, possibly behind white space.
  private static func guessedForm(_ source: LineSource) throws -> Form {
    guard let first = try source.peek() else { throw AgeError.header(.notAnAgeFile) }
    return first == UInt8(ascii: "-") || Armor.isWhitespace(first) ? .armored : .binary
  }
}
