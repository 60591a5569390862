internal import Primitives
internal import SwiftASN1

/// The name of a certificate's subject, as people read it.
///
/// Source: RFC 4514 section 2.
enum DistinguishedName {
  private static let keys = [
    "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O",
    "2.5.4.11": "OU",
  ]

  /// Each attribute with its key, in the order of the certificate. What separates attributes is escaped within a value:
  /// nobody can give a certificate a name that reads as two.
  static func text(_ node: ASN1Node) throws -> String {
    var names = try DERFields(node)
    return try names.remaining().map { set in
      var attributes = try DERFields(set, .set)
      return try attributes.remaining().map { attribute in
        var fields = try DERFields(attribute)
        let name = try fields.identifier().description
        let value = text(ofValue: try fields.take())
        try fields.finish()
        return "\(keys[name] ?? name)=\(value)"
      }.joined(separator: "+")
    }.joined(separator: ", ")
  }

  private static func text(ofValue node: ASN1Node) -> String {
    guard case .primitive(let bytes) = node.content, node.identifier != .bmpString,
      let text = String(validating: bytes, as: UTF8.self)
    else { return "#" + Hex.encode(node.encodedBytes) }
    return escaped(text)
  }

  /// Source: RFC 4514 section 2.4.
  private static func escaped(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    for (place, scalar) in scalars.enumerated() {
      let isAtEnd = place == 0 || place == scalars.count - 1
      if "\"+,;<>\\".unicodeScalars.contains(scalar) || place == 0 && scalar == "#" || isAtEnd && scalar == " " {
        result += "\\"
      }
      result.unicodeScalars.append(scalar)
    }
    return result.replacing("\0", with: "\\00")
  }
}
