import Foundation
import TestFolders

/// What must not be seen is looked for in every form in which it could stand there.
extension Tree {
  /// A text as UTF-8, in lower case, escaped in JSON, as UTF-16 of both orders, and inside Base64 at each of the three
  /// offsets that it can have there.
  static func forms(of text: String) -> [[UInt8]] {
    let utf8 = Array(text.utf8)
    let escaped = text.unicodeScalars.map { String(format: "\\u%04x", $0.value) }.joined()
    var forms = [utf8, Array(text.lowercased().utf8), Array(escaped.utf8)]
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      forms.append(Array(text.data(using: encoding) ?? Data()))
    }
    for offset in 0..<3 {
      let encoded = Array(Data([UInt8](repeating: 0, count: offset) + utf8).base64EncodedString().utf8)
      // The first and last characters also hold bits of what stands beside the text.
      let inner = Array(encoded.dropFirst(4).dropLast(4))
      forms.append(inner)
      forms.append(
        Array(String(decoding: inner, as: UTF8.self).replacing("+", with: "-").replacing("/", with: "_").utf8))
    }
    return forms.filter { !$0.isEmpty }
  }

  /// Whether a text is in a file, or in the name of one.
  func holds(_ text: String) -> Bool {
    let forms = Self.forms(of: text)
    return files.contains { path in
      let bytes = Data(self[path] ?? [])
      return path.contains(text) || forms.contains { bytes.range(of: Data($0)) != nil }
    }
  }
}
