public import Primitives
public import Streams

extension SecretBytes {
  /// Reads a whole stream of `limit` bytes at most straight into guarded memory; what `source` keeps is its own.
  ///
  /// - Throws: `StreamError.tooLong` for a longer one, and whatever `source` throws.
  public init(reading source: any ByteSource, limit: Int) throws {
    var room = SecretBytes(count: limit + 1)
    let count = try room.withMutableSpan { try source.fill(&$0) }
    guard count <= limit else { throw StreamError.tooLong(limit: limit) }
    self.init(copying: room, in: 0..<count)
  }
}

/// A secret read as a stream.
final class SecretSource: ByteSource {
  private let secret: SecretBytes
  private var position = 0

  init(_ secret: consuming SecretBytes) { self.secret = secret }

  func read(into buffer: inout MutableSpan<UInt8>) -> Int {
    let count = min(buffer.count, secret.count - position)
    for index in 0..<count { buffer[index] = secret[position + index] }
    position += count
    return count
  }
}
