internal import Age
internal import DurableStore
public import Primitives
public import Streams

/// The files under `keys/`: a secret text sealed with a passphrase.
///
/// Source: FORMAT section 2.
enum SealedKeyFile {
  static let folder = "keys"
  static let reading = "reading.age"
  static let signing = "signing.age"
  /// No key file is longer, in bytes.
  static let maximumByteCount = 65_536

  /// Writes a new key file; it is on disk when this returns.
  static func create(
    _ name: String, in keys: Directory, holding secret: borrowing SecretBytes, passphrase: borrowing Passphrase,
    workFactorLog2: Int, environment: VaultEnvironment
  ) throws {
    let file = try keys.createFile(name)
    try Sealing.seal(
      secret, to: file, with: passphrase, workFactorLog2: workFactorLog2, options: environment.sealingOptions)
    try file.finish()
    try keys.sync()
  }

  /// Opens a key file.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, also for a damaged header, which cryptography cannot tell apart;
  ///   `.damagedKey` for a payload that was changed.
  static func open(_ name: String, in root: Directory, passphrase: borrowing Passphrase) throws -> SecretBytes {
    let path = "\(folder)/\(name)"
    do {
      let bytes = try root.directory(folder).contents(of: name, limit: maximumByteCount)
      return try SealedFile(reading: MemorySource(bytes)).openSecret(with: passphrase)
    } catch AgeError.noMatch {
      throw VaultError.wrongPassphrase(keyFile: path)
    } catch is AgeError {
      throw VaultError.damagedKey(keyFile: path)
    } catch StoreError.notFound {
      throw VaultError.incompleteVault(part: path)
    }
  }
}

/// A secret read as a stream, for the moment that it is sealed.
public final class SecretSource: ByteSource {
  private let secret: SecretBytes
  private var position = 0

  /// Copies the secret to guarded memory of its own.
  public init(copying secret: borrowing SecretBytes) {
    self.secret = SecretBytes(copying: secret, in: 0..<secret.count)
  }

  /// Hands out the next bytes.
  public func read(into buffer: inout MutableSpan<UInt8>) -> Int {
    let count = min(buffer.count, secret.count - position)
    for index in 0..<count { buffer[index] = secret[position + index] }
    position += count
    return count
  }
}

/// A secret collected from a stream, in guarded memory.
public final class SecretSink: ByteSink {
  private var secret = SecretBytes(count: SealedKeyFile.maximumByteCount)
  private var count = 0

  /// Starts empty, with room for 64 KiB.
  public init() {}

  /// Takes bytes.
  ///
  /// - Throws: `StreamError.tooLong` beyond 64 KiB.
  public func write(_ bytes: Span<UInt8>) throws {
    guard count + bytes.count <= secret.count else { throw StreamError.tooLong(limit: secret.count) }
    for index in 0..<bytes.count { secret[count + index] = bytes[index] }
    count += bytes.count
  }

  /// Collects a whole stream; nothing of it passes through ordinary memory.
  ///
  /// - Throws: `StreamError.tooLong` beyond 64 KiB, and what `source` throws.
  public static func secret(from source: any ByteSource) throws -> SecretBytes {
    let sink = SecretSink()
    var buffer = SecretBytes(count: 4096)
    while true {
      let count = try buffer.withMutableSpan { try source.read(into: &$0) }
      if count == 0 { return sink.take() }
      try buffer.withSpan { try sink.write($0.extracting(0..<count)) }
    }
  }

  /// What was collected.
  public func take() -> SecretBytes { SecretBytes(copying: secret, in: 0..<count) }
}
