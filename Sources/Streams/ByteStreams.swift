/// Bytes that come in order: a file, a pipe, an archive being composed.
public protocol ByteSource: AnyObject {
  /// Writes at least one byte to the start of `buffer` and returns how many; 0 only at the end of the stream.
  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int
}

/// A place where bytes go in order.
public protocol ByteSink: AnyObject {
  /// Takes all of `bytes`.
  func write(_ bytes: Span<UInt8>) throws
}

extension ByteSource {
  /// Reads until `buffer` is full or the stream ends, and returns how many bytes came.
  public func fill(_ buffer: inout MutableSpan<UInt8>) throws -> Int {
    var count = 0
    while count < buffer.count {
      var rest = buffer._mutatingExtracting(count..<buffer.count)
      let taken = try read(into: &rest)
      if taken == 0 { break }
      count += taken
    }
    return count
  }

  /// Writes all that is left to `sink`.
  public func copy(to sink: any ByteSink) throws {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      var span = buffer.mutableSpan
      let count = try read(into: &span)
      if count == 0 { return }
      try sink.write(buffer.span.extracting(0..<count))
    }
  }

  /// Reads up to `limit` bytes into memory; for small things such as headers and records.
  ///
  /// - Throws: `StreamError.tooLong` if the stream goes on beyond `limit`.
  public func readAll(limit: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(limit + 1, 65_536))
    while true {
      var span = piece.mutableSpan
      let count = try read(into: &span)
      if count == 0 { return result }
      guard result.count + count <= limit else { throw StreamError.tooLong(limit: limit) }
      result.append(contentsOf: piece.prefix(count))
    }
  }
}

extension ByteSink {
  /// Takes all of `bytes`.
  public func write(_ bytes: [UInt8]) throws { try write(bytes.span) }
}

/// What can go wrong between a source and a sink.
public enum StreamError: Error, Equatable, Sendable {
  /// The stream is longer than its reader allows, in bytes.
  case tooLong(limit: Int)
  /// The system has no memory for another thread, or lets its user have no more.
  case noThread
}

/// Bytes in memory, read as a stream or at any place.
public final class MemorySource: ByteSource, RandomAccessSource {
  private let bytes: [UInt8]
  private var position = 0

  /// Starts at the first of `bytes`.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The number of bytes.
  public var byteCount: UInt64 { UInt64(bytes.count) }

  /// Copies the next bytes.
  public func read(into buffer: inout MutableSpan<UInt8>) -> Int {
    let count = read(at: UInt64(position), into: &buffer)
    position += count
    return count
  }

  /// Copies the bytes that begin at `offset`.
  public func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) -> Int {
    guard offset < byteCount else { return 0 }
    let start = Int(offset)
    let count = min(buffer.count, bytes.count - start)
    buffer.replace(with: bytes, in: start..<(start + count))
    return count
  }
}

/// Bytes collected in memory.
public final class MemorySink: ByteSink {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  private let limit: Int

  /// Starts empty, and takes at most `limit` bytes. Room for `expecting` bytes is set aside, so that as many take no
  /// more than that.
  public init(limit: Int = .max, expecting byteCount: Int = 0) {
    self.limit = limit
    bytes.reserveCapacity(byteCount)
  }

  /// Appends `bytes`.
  ///
  /// - Throws: `StreamError.tooLong` beyond the limit.
  public func write(_ bytes: Span<UInt8>) throws {
    guard bytes.count <= limit - self.bytes.count else { throw StreamError.tooLong(limit: limit) }
    self.bytes.append(bytes)
  }
}
