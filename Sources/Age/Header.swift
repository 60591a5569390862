internal import Primitives
internal import Streams

/// The textual head of an age file: the stanzas that wrap the file key, and a code over them.
///
/// Source: c2sp.org/age, "Header".
struct Header: Equatable, Sendable {
  static let versionLine = Array("age-encryption.org/v1".utf8)
  static let versionPrefix = Array("age-encryption.org/".utf8)
  static let lineFeed = UInt8(ascii: "\n")
  static let columnCount = 64
  /// The longest header that is read, in bytes: thousands of recipients. Bounds the memory a hostile file can take.
  static let maximumByteCount = 16 << 20
  /// The most stanzas, and the most arguments of all of them. Each stanza can cost an attempt with every identity, and
  /// the shortest take many times their size in memory.
  static let maximumStanzaCount = 20_000
  static let maximumArgumentCount = 100_000

  let stanzas: [Stanza]
  let code: [UInt8]

  /// Makes the header that wraps `fileKey` in `stanzas`.
  init(stanzas: [Stanza], fileKey: borrowing FileKey) {
    self.stanzas = stanzas
    self.code = fileKey.headerCode(over: Self.bytesUnderCode(stanzas))
  }

  private init(stanzas: [Stanza], code: [UInt8]) {
    self.stanzas = stanzas
    self.code = code
  }

  /// The header as it stands at the start of a file. The encoding is canonical: what was parsed encodes to the same
  /// bytes.
  var encoded: [UInt8] {
    Self.bytesUnderCode(stanzas) + Array(" \(Base64.unpadded.encode(code))\n".utf8)
  }

  /// Whether the header is as its maker left it.
  func isAuthentic(under fileKey: borrowing FileKey) -> Bool {
    fileKey.isHeaderCode(code, over: Self.bytesUnderCode(stanzas))
  }

  private static func bytesUnderCode(_ stanzas: [Stanza]) -> [UInt8] {
    versionLine + [lineFeed] + stanzas.flatMap(\.encoded) + Array("---".utf8)
  }

  // MARK: - Parsing

  /// Reads a header and leaves `source` at the first byte of the payload.
  ///
  /// - Throws: `AgeError.header`.
  static func parse(from source: LineSource) throws -> Header {
    try parseVersion(from: source)
    var stanzas: [Stanza] = []
    var argumentCount = 0
    while true {
      let line = try source.headerLine()
      if line.starts(with: Array("---".utf8)) {
        guard !stanzas.isEmpty else { throw AgeError.header(.malformed) }
        return Header(stanzas: stanzas, code: try parseCode(line))
      }
      argumentCount += line.count { $0 == UInt8(ascii: " ") }
      guard stanzas.count < maximumStanzaCount, argumentCount <= maximumArgumentCount else {
        throw AgeError.header(.tooLong)
      }
      stanzas.append(try parseStanza(argumentLine: line, from: source))
    }
  }

  private static func parseVersion(from source: LineSource) throws {
    let line: [UInt8]
    do { line = try source.line(limit: 128) } catch is LineSource.Fault { throw AgeError.header(.notAnAgeFile) }
    guard line.starts(with: versionPrefix) else { throw AgeError.header(.notAnAgeFile) }
    guard line == versionLine else { throw AgeError.header(.unknownVersion) }
  }

  private static func parseCode(_ line: [UInt8]) throws -> [UInt8] {
    let prefix = Array("--- ".utf8)
    guard line.starts(with: prefix), let code = Base64.unpadded.decode(line.dropFirst(prefix.count)),
      code.count == HMACSHA256.byteCount
    else { throw AgeError.header(.malformed) }
    return code
  }

  private static func parseStanza(argumentLine line: [UInt8], from source: LineSource) throws -> Stanza {
    let prefix = Array("-> ".utf8)
    guard line.starts(with: prefix) else { throw AgeError.header(.malformed) }
    let arguments = line.dropFirst(prefix.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard arguments.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x21...0x7e).contains($0) } }) else {
      throw AgeError.header(.malformed)
    }
    var stanza = Stanza([], body: try parseBody(from: source))
    stanza.arguments = arguments.map { Array($0) }
    return stanza
  }

  private static func parseBody(from source: LineSource) throws -> [UInt8] {
    var text: [UInt8] = []
    while true {
      let line = try source.headerLine()
      guard line.count <= columnCount else { throw AgeError.header(.malformed) }
      text += line
      if line.count < columnCount { break }
    }
    guard let body = Base64.unpadded.decode(text) else { throw AgeError.header(.malformed) }
    return body
  }
}

extension LineSource {
  fileprivate func headerLine() throws -> [UInt8] {
    do {
      return try line(limit: Header.maximumByteCount)
    } catch Fault.tooLong {
      throw AgeError.header(.tooLong)
    } catch Fault.noLine {
      throw AgeError.header(.malformed)
    }
  }
}
