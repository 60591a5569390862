public import ArgumentParser
internal import EvidenceVault
public import Wording

/// The words around fields in `evidence schema`, in the languages that the schemas themselves speak.
struct SchemaWords {
  private let language: Language

  init(_ language: Language) { self.language = language }

  /// The text in this language of those that a schema has.
  func own(_ texts: [String: String]) -> String { Phrase(labels: texts).text(in: language) }

  /// What is special about a field, in a few words.
  func marks(_ field: Schema.Field, isRequired: Bool) -> String {
    var marks = [sensitivity(field.sensitivity)]
    if isRequired { marks.append(say("required")) }
    if field.isSetByProgram {
      marks.append(say("written by the program"))
    }
    if let need = field.consentNeed {
      marks.append(say("needs consent: \(consent(need))"))
    }
    if !field.links.isEmpty {
      marks.append(say("number of \(field.links.joined(separator: ", "))"))
    }
    return marks.joined(separator: ", ")
  }

  /// What a field takes.
  func type(_ type: FieldType) -> String {
    switch type {
    case .text: say("text")
    case .date: say("a date")
    case .choice: say("one of the values below")
    case .integer: say("a whole number")
    case .boolean: say("yes or no")
    case .list(.choice):
      say("any of the values below, separated by commas")
    case .list(.integer):
      say("whole numbers, separated by commas")
    case .list: say("texts, separated by commas")
    }
  }

  /// The name under which one class answers alone.
  func perClass(_ field: Schema.Field) -> String {
    let group = field.name.prefix { $0 != "." }
    let name = "\(group).CLASS\(field.name.dropFirst(group.count))"
    return say("also for one class alone: \(name)")
  }

  /// The head of the list of fields that a template cannot do without.
  func needed(by template: String) -> String { say("needed for \(template)") }

  private func sensitivity(_ sensitivity: Schema.Sensitivity) -> String {
    switch sensitivity {
    case .open: say("open")
    case .restricted: say("restricted")
    case .identity: say("identity")
    }
  }

  private func consent(_ need: Schema.ConsentNeed) -> Phrase {
    switch need {
    case .code: "code name"
    case .initials: "initials"
    case .name: "name"
    case .paraphrase: "retelling"
    case .verbatim: "word for word"
    case .region: "region"
    case .district: "district"
    case .place: "exact place"
    case .family: "family"
    case .voiceImage: "voice and image"
    }
  }

  private func say(_ phrase: Phrase) -> String { phrase.text(in: language) }
}

extension Language: ExpressibleByArgument {}
