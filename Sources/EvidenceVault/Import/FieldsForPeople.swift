/// What tables and forms ask a schema: which fields people fill in, and what their values are called.
extension Schema {
  /// The fields that people fill in; the program writes the others.
  public var fieldsForPeople: [Field] { fields.filter(\.isForPeople) }
}

extension Schema.Field {
  /// Whether people fill the field in, and not the program alone.
  var isForPeople: Bool { !isSetByProgram }

  /// The question that this field answers for one class of recipients alone; `nil` if it answers for all.
  public var questionOfOneClass: String? { generalName }

  /// What a value is called, by language.
  public func labels(ofValue value: String) -> [String: String] { valueLabels[value] ?? [:] }

  /// The value that is called so in some language, if no other is.
  func choice(labelled text: String) -> String? {
    let text = text.lowercased()
    let found = type.choices.filter { word in
      labels(ofValue: word).values.contains { $0.lowercased().utf8.elementsEqual(text.utf8) }
    }
    return found.count == 1 ? found.first : nil
  }
}
