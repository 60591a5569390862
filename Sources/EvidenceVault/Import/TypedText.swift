public import StrictJSON
internal import Wording

/// Turns what people write, in a table or at the terminal, into values of fields.
public struct TypedText: Sendable {
  /// How dates with strokes are meant; `nil` refuses those that can be two days.
  public let dateOrder: DateOrder?

  /// Sets how dates are meant.
  public init(dateOrder: DateOrder? = nil) { self.dateOrder = dateOrder }

  /// The value that `text` stands for. White space around anything but free text does not count.
  ///
  /// - Throws: `TypedFault`.
  public func value(_ text: String, of field: Schema.Field) throws(TypedFault) -> JSON {
    try value(text, type: field.type, field: field)
  }

  private func value(_ text: String, type: FieldType, field: Schema.Field) throws(TypedFault) -> JSON {
    let trimmed = text.trimmingSpace()
    let value: JSON
    switch type {
    case .text: value = .string(text)
    case .date: value = .string(try TypedDate.edtf(trimmed, order: dateOrder))
    case .choice(let words): value = .string(try choice(trimmed, among: words, field: field))
    case .integer:
      guard let number = Int64(trimmed) else { throw .unfit("expected \(type.description)") }
      value = .integer(number)
    case .boolean:
      guard let answer = Self.answers[trimmed.lowercased()] else { throw .unfit("expected yes or no") }
      value = .bool(answer)
    case .list(let element):
      var values: [JSON] = []
      for part in try Self.elements(text, of: element) {
        values.append(try self.value(part, type: element, field: field))
      }
      value = .array(values)
    }
    if let expected = type.refusal(of: value) { throw .unfit("expected \(expected)") }
    return value
  }

  private func choice(_ text: String, among words: [String], field: Schema.Field) throws(TypedFault) -> String {
    if let word = words.first(where: { $0.utf8.elementsEqual(text.utf8) }) { return word }
    if let word = field.choice(labelled: text) { return word }
    let nearest = nearestName(to: text.lowercased(), among: words)
    guard let nearest else { throw .unfit("expected one of \(words.joined(separator: ", "))") }
    throw .unfit("no such value; did you mean \(nearest)?")
  }

  private static let answers: [String: Bool] = [
    "yes": true, "true": true, "да": true, "истина": true, "ҳа": true, "бале": true,
    "no": false, "false": false, "нет": false, "ложь": false, "не": false,
  ]

  /// The elements of a list: one in a line, or with semicolons between them, or with commas where the elements have
  /// none themselves.
  private static func elements(_ text: String, of type: FieldType) throws(TypedFault) -> [String] {
    let hasLines = text.utf8.contains(UInt8(ascii: "\n"))
    let hasSemicolons = text.utf8.contains(UInt8(ascii: ";"))
    if case .text = type {
      guard !(hasLines && hasSemicolons) else { throw .unfit("both semicolons and lines; use one to part the texts") }
      guard hasLines || hasSemicolons || !text.utf8.contains(UInt8(ascii: ",")) else {
        throw .unfit("a comma can part two texts or belong to one; part texts with a semicolon, or end a single one so")
      }
    }
    let separators: [Character] =
      if case .text = type { hasLines ? ["\n", "\r\n"] : [";"] } else { ["\n", "\r\n", ";", ","] }
    return text.split { separators.contains($0) }.map { String($0).trimmingSpace() }.filter { !$0.isEmpty }
  }
}

extension String {
  /// Without the white space at both ends.
  func trimmingSpace() -> String {
    let start = drop { $0.isWhitespace }
    let end = start.reversed().drop { $0.isWhitespace }
    return String(String(end.reversed()))
  }
}
