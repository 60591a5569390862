import EvidenceVault
import StrictJSON
import Testing
import Wording

@testable import EvidenceReport

/// The questions of the mechanisms and the schemas say the same of what is needed.
@Suite struct SubmissionTemplateTests {
  static let templates: [SubmissionTemplate] = SubmissionTemplate.names.compactMap {
    try? SubmissionTemplate.named($0)
  }

  @Test func theTemplatesAreTheThreeOfTheSchemas() {
    #expect(SubmissionTemplate.names == ["ohchr-communication", "hrd", "foaa"])
    #expect(Self.templates.map(\.name) == SubmissionTemplate.names)
    let inSchemas = Set(Schema.all.flatMap(\.neededFor.keys))
    #expect(inSchemas == Set(SubmissionTemplate.names))
  }

  @Test(arguments: templates) func everyFieldOfATemplateIsInItsSchema(_ template: SubmissionTemplate) throws {
    for answer in template.questions.flatMap(\.answers) {
      let schema = try Schema.named(answer.kind)
      for field in answer.fields { #expect(schema.field(field) != nil, "\(answer.kind) \(field)") }
    }
  }

  @Test(arguments: templates) func whatASchemaCallsNeededIsAskedFor(_ template: SubmissionTemplate) {
    let answers = template.questions.flatMap(\.answers)
    for schema in Schema.all {
      let asked = Set(answers.filter { $0.kind == schema.kind && $0.need != .optional }.map(\.field))
      for field in schema.neededFor[template.name] ?? [] {
        #expect(asked.contains(field), "\(template.name) does not ask for \(schema.kind) \(field)")
      }
    }
  }

  @Test(arguments: templates)
  func nothingIsRequiredThatTheSchemaDoesNotCallNeeded(_ template: SubmissionTemplate) throws {
    for answer in template.questions.flatMap(\.answers) where answer.need == .required {
      let needed = try Schema.named(answer.kind).neededFor[template.name] ?? []
      #expect(needed.contains(answer.field), "\(answer.kind) \(answer.field)")
      #expect(answer.ifMissing?.english.isEmpty == false, "\(answer.field) does not say what to do if it is missing")
    }
  }

  @Test(arguments: templates) func aFieldIsAskedOnceInAQuestion(_ template: SubmissionTemplate) {
    for question in template.questions {
      let names = question.answers.map { "\($0.kind) \($0.field)" }
      #expect(Set(names).count == names.count, "\(template.name): \(question.heading.english)")
      #expect(!question.text.isEmpty)
    }
  }

  @Test(arguments: templates) func theSheetIsForAClassThatConsentIsAskedFor(_ template: SubmissionTemplate) {
    #expect(Schema.recipientClasses.contains(template.recipientClass))
    #expect(template.languages == ["en", "fr", "es"])
  }

  /// What the issue asks every sheet to remind of.
  @Test(arguments: templates) func theSenderIsRemindedOfLanguagesOfSixtyDaysAndOfNames(_ template: SubmissionTemplate) {
    let text = template.reminders.map(\.english).joined(separator: "\n")
    for words in ["English, French and Spanish", "60 days", "names the alleged victims", "anonymous"] {
      #expect(text.contains(words), "\(template.name): \(words)")
    }
  }

  @Test func anUnknownTemplateIsAnsweredWithTheNearest() {
    #expect { try SubmissionTemplate.named("ohchr-comunication") } throws: { error in
      (error as? UnknownTemplate)?.nearest == "ohchr-communication"
    }
  }

  @Test func whatTheSchemasNeedForHumanRightsDefendersIsTheirLink() throws {
    #expect(try Schema.named("dissolution_case").neededFor["hrd"]?.contains("link_to_rights_work") == true)
  }
}
