internal import Crypto

/// A SHA-256 value: 32 bytes, held without an allocation, because an index has millions.
public struct Digest: Hashable, Sendable {
  /// The size of every digest, in bytes.
  public static let byteCount = 32

  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Reads a digest from exactly 32 bytes; `nil` for any other count.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    let contiguous: Digest? = bytes.withContiguousStorageIfAvailable { unsafe Digest(UnsafeRawBufferPointer($0)) }
    self = unsafe contiguous ?? Array(bytes).withUnsafeBytes { unsafe Digest($0) }
  }

  private init(_ bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// Reads a digest from 64 lower-case hexadecimal digits; `nil` for anything else.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(Array(hex.utf8)) else { return nil }
    self.init(bytes)
  }

  /// The 32 bytes, first byte first.
  public var bytes: [UInt8] { unsafe withBytes { unsafe Array($0) } }

  fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let stored = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    return unsafe withUnsafeBytes(of: stored, body)
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { Hex.encode(bytes) }

  /// Whether two digests are the same. Digests are public values: this need not be constant-time.
  public static func == (left: Digest, right: Digest) -> Bool {
    left.words.0 == right.words.0 && left.words.1 == right.words.1
      && left.words.2 == right.words.2 && left.words.3 == right.words.3
  }

  /// Feeds the value to a hash table.
  public func hash(into hasher: inout Swift.Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension Digest: Comparable {
  /// Orders digests by their bytes.
  public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
}

/// SHA-256, fed piece by piece.
///
/// swift-crypto serves here rather than libsodium because it uses the processor's SHA instructions: several times as
/// fast.
///
/// Source: FIPS 180-4.
public struct SHA256Hasher {
  private var state = Crypto.SHA256()

  /// Starts a new digest.
  public init() {}

  /// The digest of one byte string.
  public static func digest(of bytes: some Sequence<UInt8>) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// Adds bytes lent by their owner.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
  }

  /// Adds the bytes of a digest.
  public mutating func update(_ digest: Digest) { unsafe digest.withBytes { unsafe state.update(bufferPointer: $0) } }

  /// Adds bytes.
  public mutating func update(_ bytes: some Sequence<UInt8>) {
    let taken: Void? = bytes.withContiguousStorageIfAvailable {
      unsafe state.update(bufferPointer: UnsafeRawBufferPointer($0))
    }
    if taken == nil { update(Array(bytes).span) }
  }

  /// The digest of all that was added.
  public consuming func finalize() -> Digest {
    let digest = unsafe state.finalize().withUnsafeBytes { unsafe Digest($0) }
    guard let digest else { preconditionFailure("Primitives: SHA-256 of another size") }
    return digest
  }
}
