internal import Mustache
internal import Primitives

/// Pages made from templates of ours, in which no text can become markup.
struct HTMLPage {
  private static let contentType = "EVIDENCE"

  private let library: MustacheLibrary

  /// Takes templates by the names under which they call one another.
  ///
  /// Every value is escaped: a tag that puts one in as it is must not stand in a template.
  init(_ templates: [String: [UInt8]]) {
    MustacheContentTypes.register(ScalarEscaping(), named: Self.contentType)
    var read: [String: MustacheTemplate] = [:]
    for (name, bytes) in templates {
      let source = String(decoding: bytes, as: UTF8.self)
      guard !source.contains("{{{"), !source.contains("{{&") else {
        preconditionFailure("EvidenceReport: the template \(name) has a tag that does not escape")
      }
      guard let template = try? MustacheTemplate(string: "{{% CONTENT_TYPE: \(Self.contentType)}}\(source)") else {
        preconditionFailure("EvidenceReport: the template \(name) cannot be read")
      }
      read[name] = template
    }
    library = MustacheLibrary(templates: read)
  }

  /// What a template makes of values.
  func render(_ name: String, _ values: [String: Any]) -> String {
    guard let page = library.render(values, withTemplate: name) else {
      preconditionFailure("EvidenceReport: there is no template \(name)")
    }
    return page
  }

  /// What a policy calls a style that stands in the page: nothing else can change how the page looks.
  static func sourceOfStyle(_ style: [UInt8]) -> String {
    "sha256-\(Base64.padded.encode(SHA256Hasher.digest(of: style).bytes))"
  }

  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: "<>&\"'".utf8.contains) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Escapes scalar by scalar. The library's own escaping goes by characters as people see them: a letter that joins with
/// what follows, such as U+0D4E before `<`, or an accent behind it, hides the mark from it, and a browser sees it all
/// the same.
private struct ScalarEscaping: MustacheContentType {
  func escapeText(_ text: String) -> String { HTMLPage.escaped(text) }
}
