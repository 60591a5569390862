import Testing

@testable import EvidenceVault

/// What people read of a schema, in three languages.
@Suite struct SchemaTextTests {
  private static let languages = ["en", "ru", "tg"]

  @Test(arguments: SchemaTests.kinds) func everyKindAndFieldSpeaksThreeLanguages(kind: String) throws {
    let schema = try Schema.named(kind)
    #expect(Self.isComplete(schema.labels) && Self.isComplete(schema.summaries))
    for field in schema.fields {
      #expect(Self.isComplete(field.labels), "the label of \(kind), \(field.name)")
      #expect(Self.isComplete(field.help), "the help of \(kind), \(field.name)")
    }
  }

  @Test(arguments: SchemaTests.kinds) func everyValueHasALabelAndNothingElseHas(kind: String) throws {
    for field in try Schema.named(kind).fields {
      #expect(field.valueLabels.keys.sorted() == field.type.choices.sorted(), "\(kind), \(field.name)")
      for (value, labels) in field.valueLabels {
        #expect(Self.isComplete(labels), "\(kind), \(field.name), \(value)")
      }
      for language in Self.languages {
        let labels = field.valueLabels.values.compactMap { $0[language] }
        #expect(Set(labels).count == labels.count, "two values of \(kind), \(field.name) look the same in \(language)")
      }
    }
  }

  @Test(arguments: SchemaTests.kinds) func noTwoFieldsOfAKindShareALabel(kind: String) throws {
    let schema = try Schema.named(kind)
    for language in Self.languages {
      let labels = schema.fields.compactMap { $0.labels[language] }
      let repeated = Set(labels.filter { label in labels.count { $0 == label } > 1 })
      #expect(repeated.isEmpty, "\(kind), \(language): \(repeated.sorted())")
    }
  }

  @Test func oneValueIsCalledTheSameInEveryKind() throws {
    var known: [String: [String: String]] = [:]
    for schema in Schema.all {
      for field in schema.fields where !field.type.choices.isEmpty {
        let list = field.type.choices.joined(separator: " ")
        for (value, labels) in field.valueLabels {
          #expect(known["\(list)/\(value)", default: labels] == labels, "\(schema.kind), \(field.name), \(value)")
          known["\(list)/\(value)"] = labels
        }
      }
    }
  }

  @Test(arguments: SchemaTests.kinds) func russianAndTajikAreInCyrillicAndEnglishIsNot(kind: String) throws {
    let schema = try Schema.named(kind)
    for field in schema.fields {
      for texts in [field.labels, field.help] + field.valueLabels.values {
        #expect(!Self.hasCyrillic(texts["en"]), "\(kind), \(field.name)")
        let isName = ["PDF, DOCX"].contains { texts["en"]?.contains($0) == true }
        #expect(isName || Self.hasCyrillic(texts["ru"]) && Self.hasCyrillic(texts["tg"]), "\(kind), \(field.name)")
      }
    }
  }

  private static func isComplete(_ texts: [String: String]) -> Bool {
    texts.keys.sorted() == languages && texts.values.allSatisfy { !$0.isEmpty }
  }

  private static func hasCyrillic(_ text: String?) -> Bool {
    text?.unicodeScalars.contains { (0x0400...0x052F).contains($0.value) } ?? false
  }
}
