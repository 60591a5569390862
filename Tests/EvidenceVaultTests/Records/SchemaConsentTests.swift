import StrictJSON
import Testing

@testable import EvidenceVault

/// Questions of consent that are asked of all recipients, and again of one class alone.
@Suite struct SchemaConsentTests {
  private static let questions = [
    "quotes", "voice_image", "place_detail", "family_detail", "name_in_public_report", "name_to_government", "until",
    "ask_again_before",
  ]

  @Test func theClassesThatPublishOrTellAGovernmentAreClasses() {
    #expect(Schema.recipientClasses.count == 12)
    #expect(Schema.publishingClasses == ["media", "public", "researcher"])
    #expect(Schema.governmentClasses == ["un_special_procedures"])
    let known = Set(Schema.recipientClasses)
    #expect(known.isSuperset(of: Schema.publishingClasses + Schema.governmentClasses))
  }

  @Test func consentIsAskedForEveryClass() throws {
    let testimony = try Schema.named("testimony")
    for name in Schema.recipientClasses {
      let field = try #require(testimony.field("consent.\(name)"))
      #expect(field.type.choices == ["refused", "none", "code", "initials", "full"])
    }
    for kind in ["export", "disclosure", "withdrawal"] {
      #expect(try Schema.named(kind).field("classes")?.type.choices == Schema.recipientClasses)
    }
  }

  @Test(arguments: questions) func aQuestionCanBeAnsweredForOneClassAlone(question: String) throws {
    let testimony = try Schema.named("testimony")
    let general = try #require(testimony.field("consent.\(question)"))
    #expect(general.isPerClass)
    #expect(general.generalName == nil)
    for name in Schema.recipientClasses {
      let field = try #require(testimony.field("consent.\(name).\(question)"))
      #expect(field.generalName == general.name)
      #expect(field.type.description == general.type.description)
      #expect(field.sensitivity == general.sensitivity)
      #expect(field.valueLabels == general.valueLabels)
      #expect(!field.isPerClass)
    }
    #expect(testimony.field("consent.nobody.\(question)") == nil)
  }

  @Test func noOtherFieldAnswersForOneClassAlone() throws {
    for schema in Schema.all {
      let names = Set(schema.fields.filter(\.isPerClass).map(\.name))
      #expect(names == (schema.kind == "testimony" ? Set(Self.questions.map { "consent.\($0)" }) : []))
    }
  }

  @Test func answersForOneClassAreCheckedLikeTheGeneralOne() throws {
    let testimony = try Schema.named("testimony")
    let record = try testimony.validated([
      "consent.media.quotes": "none", "consent.quotes": "verbatim", "interview.language": "tg", "title": "x",
      "interview.date": "2023", "witness.code": "Blue Heron",
    ])
    #expect(
      record.names == [
        "title", "witness.code", "interview.date", "interview.language", "consent.quotes", "consent.media.quotes",
      ])
    #expect { try testimony.validated(["consent.media.quotes": "all"]) } throws: {
      if case VaultError.invalidValue(field: "consent.media.quotes", _) = $0 { true } else { false }
    }
  }
}
