public import StrictJSON
public import Wording

extension JSONError {
  /// What is wrong with the text and in which line, for whoever wrote it.
  public var explanation: Phrase { "\(kind.explanation) (line \(line))" }
}

extension JSONError.Kind {
  var explanation: Phrase {
    switch self {
    case .unexpectedEnd: "it ends too early"
    case .unexpectedByte(let byte) where (0x21...0x7e).contains(byte):
      "\(String(decoding: [byte], as: UTF8.self)) cannot stand here"
    case .unexpectedByte: "something that cannot be seen stands where it cannot stand"
    case .trailingBytes: "something follows behind its end"
    case .duplicateName(let name): "\(name) stands in it twice"
    case .invalidUTF8: "it is not UTF-8"
    case .controlCharacter: "a line break, tab or other control character stands between quotation marks"
    case .invalidEscape: "what follows a backslash is nothing that can follow it"
    case .loneSurrogate: "\\u stands with half of a character alone"
    case .invalidNumber: "a number begins with a zero, or lacks a digit"
    case .numberOutOfRange: "a number is too large or too small"
    case .tooDeep: "lists and objects lie too deep within each other"
    case .tooLong: "it is too long"
    }
  }
}
