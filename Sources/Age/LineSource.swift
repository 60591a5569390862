internal import Streams

/// A source read line by line at its start and as a plain stream from there on.
final class LineSource: ByteSource {
  /// Why there is no line.
  enum Fault: Error {
    /// The stream ends before a line feed.
    case noLine
    /// More bytes than the reader allows, in this line or in all lines together.
    case tooLong
  }

  private let source: any ByteSource
  private var buffer = [UInt8](repeating: 0, count: 4096)
  private var available = 0..<0
  private var lineByteCount = 0

  init(_ source: any ByteSource) { self.source = source }

  /// The next line without its line feed. `limit` bounds all lines read so far, in bytes.
  func line(limit: Int) throws -> [UInt8] {
    var line: [UInt8] = []
    while let byte = try next() {
      if byte == Header.lineFeed { return line }
      lineByteCount += 1
      guard lineByteCount <= limit else { throw Fault.tooLong }
      line.append(byte)
    }
    throw Fault.noLine
  }

  /// The next byte, taken.
  func next() throws -> UInt8? {
    guard try prepare() else { return nil }
    defer { available = (available.lowerBound + 1)..<available.upperBound }
    return buffer[available.lowerBound]
  }

  /// The next byte, left where it is.
  func peek() throws -> UInt8? { try prepare() ? buffer[available.lowerBound] : nil }

  func read(into output: inout MutableSpan<UInt8>) throws -> Int {
    guard !available.isEmpty else { return try source.read(into: &output) }
    let count = min(output.count, available.count)
    for index in 0..<count { output[index] = buffer[available.lowerBound + index] }
    available = (available.lowerBound + count)..<available.upperBound
    return count
  }

  private func prepare() throws -> Bool {
    if available.isEmpty {
      var bytes: [UInt8] = []
      swap(&bytes, &buffer)
      defer { swap(&bytes, &buffer) }
      var span = bytes.mutableSpan
      available = 0..<(try source.read(into: &span))
    }
    return !available.isEmpty
  }
}
