@testable import EvidenceVault
import StrictJSON
import Testing

@Suite struct SchemaTests {
  static let kinds = [
    "testimony", "document", "dissolution_case", "pressure_event", "person", "translation", "recipient",
    "recipient_revoked", "export", "disclosure", "withdrawal", "custody", "salvage",
  ]

  @Test func everyKindIsThere() {
    #expect(Schema.all.map(\.kind) == Self.kinds)
    #expect(Schema.all.filter(\.isItem).map(\.kind) == Array(Self.kinds.prefix(6)))
  }

  @Test(arguments: kinds) func everyFieldHasALabelInThreeLanguages(kind: String) throws {
    let schema = try Schema.named(kind)
    #expect(!schema.fields.isEmpty)
    #expect(!schema.summary.isEmpty)
    for field in schema.fields {
      for language in ["en", "ru", "tg"] {
        #expect(field.labels[language]?.isEmpty == false, "\(kind), \(field.name), \(language)")
      }
    }
  }

  @Test(arguments: kinds) func fieldNamesAreDistinctNotReservedAndCoverWhatIsRequired(kind: String) throws {
    let schema = try Schema.named(kind)
    let names = schema.fields.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(names).isDisjoint(with: ComposedRecord.reservedNames))
    #expect(Set(schema.required).isSubset(of: names))
  }

  @Test(arguments: [("testimony", "witness.name"), ("testimony", "witness.contact"), ("document", "signed_by.name")])
  func whatNamesAPersonIsAnIdentityField(kind: String, name: String) throws {
    #expect(try Schema.named(kind).field(name)?.sensitivity == .identity)
  }

  @Test func anUnknownKindIsAnsweredWithTheNearestOne() {
    #expect { try Schema.named("testimoni") } throws: {
      if case VaultError.unknownKind("testimoni", nearest: "testimony") = $0 { true } else { false }
    }
  }

  @Test func anUnknownFieldIsAnsweredWithTheNearestOne() throws {
    let schema = try Schema.named("document")
    #expect { try schema.validated(["titel": "x"]) } throws: {
      if case VaultError.unknownField("titel", kind: "document", nearest: "title") = $0 { true } else { false }
    }
  }

  @Test func aMissingFieldIsNamed() throws {
    let schema = try Schema.named("document")
    #expect { try schema.validated(["title": "x"]) } throws: {
      if case VaultError.missingField("document.kind", kind: "document") = $0 { true } else { false }
    }
  }

  @Test func fieldsComeInTheOrderOfTheSchema() throws {
    let schema = try Schema.named("document")
    #expect(try schema.validated(["document.kind": "note", "title": "x"]).names == ["title", "document.kind"])
  }
}
