public import Primitives
public import Streams

/// What a file is sealed with besides its readers.
public struct SealingOptions: Sendable {
  /// Write the text form.
  public var isArmored: Bool
  /// Pieces of the stream in flight at once; the default keeps every core busy.
  public var workerCount: Int
  /// Where keys and nonces come from.
  public var randomness: any RandomSource

  /// The defaults: binary, all cores, the system's randomness.
  public init(
    isArmored: Bool = false, workerCount: Int = Parallelism.workerCount,
    randomness: any RandomSource = SystemRandomness()
  ) {
    self.isArmored = isArmored
    self.workerCount = workerCount
    self.randomness = randomness
  }
}

/// Makes age files.
///
/// Source: c2sp.org/age.
public enum Sealing {
  /// Seals `source` to every one of `recipients`.
  ///
  /// - Throws: `AgeError.unsuitableRecipients` if there are none or too many, or if some are post-quantum and some
  ///   not; and whatever `source` or `sink` throw.
  public static func seal(
    from source: any ByteSource, to sink: any ByteSink, for recipients: [Recipient],
    options: SealingOptions = SealingOptions()
  ) throws {
    let fileKey = FileKey(from: options.randomness)
    let stanzas = try wrapped(fileKey, for: recipients, from: options.randomness)
    try write(stanzas, fileKey, from: source, to: sink, options: options)
  }

  /// The key of a file, wrapped for each of its recipients.
  static func wrapped(
    _ fileKey: borrowing FileKey, for recipients: [Recipient], from randomness: any RandomSource
  ) throws -> [Stanza] {
    guard let first = recipients.first, recipients.count <= Header.maximumStanzaCount,
      recipients.allSatisfy({ $0.isPostQuantum == first.isPostQuantum })
    else { throw AgeError.unsuitableRecipients }
    var stanzas: [Stanza] = []
    for recipient in recipients { stanzas.append(try recipient.wrap(fileKey, from: randomness)) }
    return stanzas
  }

  /// Seals `source` with a passphrase.
  ///
  /// - Throws: `AgeError.header` if `workFactorLog2` is out of range; and whatever `source` or `sink` throw.
  public static func seal(
    from source: any ByteSource, to sink: any ByteSink, with passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, options: SealingOptions = SealingOptions()
  ) throws {
    let fileKey = FileKey(from: options.randomness)
    let stanza = try ScryptStanza.wrap(
      fileKey, with: passphrase, workFactorLog2: workFactorLog2, from: options.randomness)
    try write([stanza], fileKey, from: source, to: sink, options: options)
  }

  /// Seals content in memory to every one of `recipients`, and returns the file.
  ///
  /// - Throws: `AgeError.unsuitableRecipients`; `.invalidRecipient` for a key that protects nothing.
  public static func seal(
    _ content: [UInt8], for recipients: [Recipient], options: SealingOptions = SealingOptions()
  ) throws -> [UInt8] {
    let sink = MemorySink()
    try seal(from: MemorySource(content), to: sink, for: recipients, options: options)
    return sink.bytes
  }

  /// Seals content in memory with a passphrase, and returns the file.
  ///
  /// - Throws: `AgeError.header` if `workFactorLog2` is out of range.
  public static func seal(
    _ content: [UInt8], with passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, options: SealingOptions = SealingOptions()
  ) throws -> [UInt8] {
    let sink = MemorySink()
    try seal(from: MemorySource(content), to: sink, with: passphrase, workFactorLog2: workFactorLog2, options: options)
    return sink.bytes
  }

  /// Seals a key, of 64 KiB at most, to every one of `recipients`. It is never in ordinary memory.
  ///
  /// - Throws: as for a stream.
  public static func seal(
    _ secret: borrowing SecretBytes, to sink: any ByteSink, for recipients: [Recipient],
    options: SealingOptions = SealingOptions()
  ) throws {
    let fileKey = FileKey(from: options.randomness)
    let stanzas = try wrapped(fileKey, for: recipients, from: options.randomness)
    try write(stanzas, fileKey, secret, to: sink, options: options)
  }

  /// Seals a key, of 64 KiB at most, with a passphrase. It is never in ordinary memory.
  ///
  /// - Throws: as for a stream.
  public static func seal(
    _ secret: borrowing SecretBytes, to sink: any ByteSink, with passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, options: SealingOptions = SealingOptions()
  ) throws {
    let fileKey = FileKey(from: options.randomness)
    let stanza = try ScryptStanza.wrap(
      fileKey, with: passphrase, workFactorLog2: workFactorLog2, from: options.randomness)
    try write([stanza], fileKey, secret, to: sink, options: options)
  }

  private static func write(
    _ stanzas: [Stanza], _ fileKey: borrowing FileKey, _ secret: borrowing SecretBytes, to sink: any ByteSink,
    options: SealingOptions
  ) throws {
    let armor = options.isArmored ? ArmoringSink(sink) : nil
    let output: any ByteSink = armor ?? sink
    let key = try begin(stanzas, fileKey, to: output, options: options)
    try output.write(Payload.seal(secret, under: key))
    try armor?.finish()
  }

  private static func write(
    _ stanzas: [Stanza], _ fileKey: borrowing FileKey, from source: any ByteSource, to sink: any ByteSink,
    options: SealingOptions
  ) throws {
    let armor = options.isArmored ? ArmoringSink(sink) : nil
    let output: any ByteSink = armor ?? sink
    let key = try begin(stanzas, fileKey, to: output, options: options)
    try Payload.seal(from: source, to: output, under: key, workerCount: options.workerCount)
    try armor?.finish()
  }

  /// Writes all that comes before the first chunk, and returns the key of the payload.
  private static func begin(
    _ stanzas: [Stanza], _ fileKey: borrowing FileKey, to output: any ByteSink, options: SealingOptions
  ) throws -> ChaChaPolyKey {
    let nonce = options.randomness.bytes(Payload.nonceByteCount)
    try output.write(Header(stanzas: stanzas, fileKey: fileKey).encoded + nonce)
    return fileKey.payloadKey(nonce: nonce)
  }
}
