internal import Primitives
public import Streams

/// The text form of an age file, for channels that carry only text.
///
/// Source: c2sp.org/age, "ASCII armor"; RFC 7468 section 3 (strict).
enum Armor {
  static let begin = Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)
  static let end = Array("-----END AGE ENCRYPTED FILE-----".utf8)
  static let bytesPerLine = 48
  static let columnCount = 64
  /// White space allowed around the armor, in bytes.
  static let maximumWhitespaceCount = 1024

  static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}

/// Writes armor around what it is given; `finish` must be called at the end.
public final class ArmoringSink: ByteSink {
  private let sink: any ByteSink
  private var pending: [UInt8] = []
  private var hasBegun = false

  /// Armors into `sink`.
  public init(_ sink: any ByteSink) { self.sink = sink }

  /// Takes binary bytes.
  public func write(_ bytes: Span<UInt8>) throws {
    pending.append(bytes)
    let whole = pending.count / Armor.bytesPerLine * Armor.bytesPerLine
    guard whole > 0 else { return }
    try emit(pending.prefix(whole))
    pending.removeFirst(whole)
  }

  /// Writes the last line and the end mark.
  public func finish() throws {
    try emit(pending[...])
    pending = []
    try sink.write(Armor.end + [Header.lineFeed])
  }

  private func emit(_ bytes: ArraySlice<UInt8>) throws {
    var text: [UInt8] = hasBegun ? [] : Armor.begin + [Header.lineFeed]
    hasBegun = true
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = min(start + Armor.bytesPerLine, bytes.endIndex)
      text += Base64.padded.encode(bytes[start..<end]).utf8
      text.append(Header.lineFeed)
      start = end
    }
    try sink.write(text)
  }
}

/// Reads the binary bytes out of armor, and refuses every text that is not the one armor of its bytes, except for white
/// space around it and CRLF line ends.
final class DearmoringSource: ByteSource {
  private enum State { case before, inside, finished }

  private let source: LineSource
  private var state = State.before
  private var lineNumber = 0
  private var isLastLine = false
  private var decoded: [UInt8] = []
  private var position = 0

  init(_ source: LineSource) { self.source = source }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    if position == decoded.count { try decodeLines() }
    let count = min(buffer.count, decoded.count - position)
    for index in 0..<count { buffer[index] = decoded[position + index] }
    position += count
    return count
  }

  /// Decodes up to 64 KiB of lines.
  private func decodeLines() throws {
    decoded.removeAll(keepingCapacity: true)
    position = 0
    if state == .before { try readBeginning() }
    while state == .inside, decoded.count < 65_536 { try readLine() }
  }

  private func readBeginning() throws {
    try skipWhitespace()
    guard try line() == Armor.begin else { throw malformed }
    state = .inside
  }

  private func readLine() throws {
    let text = try line()
    if text == Armor.end {
      state = .finished
      try skipWhitespace()
      guard try source.peek() == nil else { throw malformed }
      return
    }
    guard !isLastLine, !text.isEmpty, text.count <= Armor.columnCount, let bytes = Base64.padded.decode(text) else {
      throw malformed
    }
    isLastLine = bytes.count < Armor.bytesPerLine
    decoded += bytes
  }

  /// One line; the end mark may be the last bytes of the stream.
  private func line() throws -> [UInt8] {
    lineNumber += 1
    var line: [UInt8] = []
    while let byte = try source.next() {
      if byte == Header.lineFeed {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      line.append(byte)
      guard line.count <= Armor.columnCount + 1 else { throw malformed }
    }
    guard line == Armor.end else { throw malformed }
    return line
  }

  private func skipWhitespace() throws {
    var count = 0
    while let byte = try source.peek(), Armor.isWhitespace(byte) {
      count += 1
      guard count <= Armor.maximumWhitespaceCount else { throw malformed }
      _ = try source.next()
    }
  }

  private var malformed: AgeError { .armor(line: max(lineNumber, 1)) }
}
