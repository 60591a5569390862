internal import Primitives

/// One recipient's wrapping of the file key, as it stands in a header.
///
/// Source: c2sp.org/age, "Recipient stanza".
struct Stanza: Equatable, Sendable {
  /// The first argument is the type; each is one or more visible ASCII characters.
  var arguments: [[UInt8]]
  var body: [UInt8]

  init(_ arguments: [String], body: [UInt8]) {
    self.arguments = arguments.map { Array($0.utf8) }
    self.body = body
  }

  var type: [UInt8] { arguments.first ?? [] }

  func isOfType(_ name: String) -> Bool { type == Array(name.utf8) }

  /// The lines of the stanza: arguments, then the body in lines of 64 characters and one that is shorter.
  var encoded: [UInt8] {
    var lines = Array("->".utf8)
    for argument in arguments { lines += [UInt8(ascii: " ")] + argument }
    lines.append(Header.lineFeed)
    let text = Array(Base64.unpadded.encode(body).utf8)
    for start in stride(from: 0, through: text.count, by: Header.columnCount) {
      lines += text[start..<min(start + Header.columnCount, text.count)]
      lines.append(Header.lineFeed)
    }
    return lines
  }
}
