public import StrictJSON

/// What is typed in answer to the question for a field.
public enum FormAnswer {
  /// The value of a line: where a field has values to choose from, their numbers in the list count as their words do.
  ///
  /// - Throws: `TypedFault`.
  public static func value(_ line: String, of field: Schema.Field) throws(TypedFault) -> JSON {
    let choices = field.type.choices
    guard !choices.isEmpty else { return try TypedText().value(line, of: field) }
    let separators: [Character] = field.type.isList ? [",", ";"] : []
    let words = line.split { separators.contains($0) }.map { part in
      let word = String(part).trimmingSpace()
      guard let number = Int(word), choices.indices.contains(number - 1) else { return word }
      return choices[number - 1]
    }
    return try TypedText().value(words.joined(separator: ";"), of: field)
  }
}
