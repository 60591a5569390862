internal import Mustache

/// Pages made from templates, in which no text can become markup.
enum HTMLPage {
  /// Renders a template of ours. Every value is escaped: there is no way to put markup into one.
  static func render(_ template: [UInt8], _ values: [String: Any]) -> String {
    let source = String(decoding: template, as: UTF8.self)
    guard !source.contains("{{{"), !source.contains("{{&"), !source.contains("{{>") else {
      preconditionFailure("EvidenceReport: a template has a tag that does not escape")
    }
    MustacheContentTypes.register(ScalarEscaping(), named: contentType)
    guard let page = try? MustacheTemplate(string: "{{% CONTENT_TYPE: \(contentType)}}\(source)") else {
      preconditionFailure("EvidenceReport: a template cannot be read")
    }
    return page.render(values)
  }

  private static let contentType = "EVIDENCE"

  /// Escapes scalar by scalar. The library's own escaping goes by characters as people see them: a letter that joins
  /// with what follows, such as U+0D4E before `<`, hides the mark from it, and a browser sees a tag all the same.
  private struct ScalarEscaping: MustacheContentType {
    func escapeText(_ text: String) -> String { escaped(text) }
  }

  static func escaped(_ text: String) -> String {
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
