internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// Asks for a record field by field.
final class FormDialogue {
  /// How the questions ended.
  enum End {
    /// All were answered, and the record was found right.
    case confirmed
    /// The person left.
    case left
  }

  private enum Step {
    case next, back, leave
    /// On to the field of this name.
    case ask(String)
  }

  private let terminal: Terminal
  private let language: Language
  private let schema: Schema
  private let fields: [Schema.Field]
  private let paths: [String]
  private let kinds: EntryKinds?
  private let keep: (FormDraft) throws -> Void
  private var doesDifferByClass: Bool?
  /// Whether the person has said that this is all.
  private var isEnough = false
  private(set) var draft: FormDraft

  /// Asks for `fields`, or for all that people fill in. Numbers that lead to other entries are looked up in `kinds`.
  init(
    _ draft: FormDraft, schema: Schema, fields names: Set<String>?, paths: [String], kinds: EntryKinds?,
    language: Language, terminal: Terminal, keep: @escaping (FormDraft) throws -> Void
  ) {
    self.draft = draft
    self.schema = schema
    fields = schema.fieldsForPeople.filter { names?.contains($0.name) ?? true }
    self.paths = paths
    self.kinds = kinds
    self.language = language
    self.terminal = terminal
    self.keep = keep
  }

  func run() throws -> End {
    say("Return: skip or keep · ?: help · <: back · -: remove · !: enough · .: leave · \\ at the end: one more line")
    var place = draft.next.isEmpty ? 0 : fields.firstIndex { $0.name == draft.next } ?? 0
    while true {
      guard fields.indices.contains(place), !isEnough else {
        isEnough = false
        switch try confirm() {
        case .next: return .confirmed
        case .leave: return .left
        case .back: place = fields.count - 1
        case .ask(let name): place = fields.firstIndex { $0.name == name } ?? 0
        }
        continue
      }
      draft.next = fields[place].name
      guard let isAsked = try isAsked(fields[place]) else { return .left }
      guard isAsked else {
        place += 1
        continue
      }
      switch try ask(fields[place]) {
      case .next: place += 1
      case .back: place = max(0, (fields[..<place].lastIndex { $0.questionOfOneClass == nil }) ?? 0)
      case .leave: return .left
      case .ask: break
      }
      draft.next = fields.indices.contains(place) ? fields[place].name : ""
      try keep(draft)
    }
  }

  /// What is asked for each class of recipients is asked only if the answers differ; `nil` if the person leaves.
  private func isAsked(_ field: Schema.Field) throws -> Bool? {
    guard field.questionOfOneClass != nil else { return true }
    if doesDifferByClass == nil {
      doesDifferByClass = try yesOrNo("Is consent different for some kind of recipient? (yes/no)", canEnd: true)
      guard doesDifferByClass != nil || isEnough else { return nil }
    }
    return doesDifferByClass ?? false
  }

  // MARK: - One question

  private func ask(_ field: Schema.Field) throws -> Step {
    let isNew = draft.fields[field.name] == nil
    show(field)
    while true {
      let answer = try readAnswer { if isNew { try keepBeginning($0, of: field) } }
      guard let line = answer else { return .leave }
      switch line {
      case ".": return .leave
      case "!":
        isEnough = true
        return .next
      case "<": return .back
      case "?": help(field)
      case "-": draft.fields[field.name] = nil
      case "":
        if draft.fields[field.name] != nil || !schema.required.contains(field.name) { return .next }
        say("This has to be answered.")
      default:
        do throws(TypedFault) {
          let value = try FormAnswer.value(line, of: field)
          if let expected = kinds?.expected(insteadOf: value, in: field) { throw .unfit("expected \(expected)") }
          draft.fields[field.name] = value
          return .next
        } catch {
          tell("  \(Message.shown(error.description.text(in: language)))")
          showAnswer(to: field)
        }
      }
    }
  }

  /// Keeps the lines of an answer that goes on: whoever is called away in the middle of an account has these. An
  /// earlier answer stays until the new one is whole.
  private func keepBeginning(_ text: String, of field: Schema.Field) throws {
    guard let value = try? FormAnswer.value(text, of: field) else { return }
    draft.fields[field.name] = value
    try keep(draft)
  }

  private func show(_ field: Schema.Field) {
    let mark = schema.required.contains(field.name) ? " * " + Phrase("required").text(in: language) : ""
    tell("\n\(label(field)) [\(field.name)]\(mark)")
    for (index, word) in field.type.choices.enumerated() {
      let meaning = field.labels(ofValue: word)[language.rawValue].map { " — \(Message.shown($0))" } ?? ""
      tell("  \(index + 1) \(word)\(meaning)")
    }
    showAnswer(to: field)
  }

  private func showAnswer(to field: Schema.Field) {
    if let value = draft.fields[field.name] { say("  now: \(Self.text(value))") }
  }

  private func help(_ field: Schema.Field) {
    if let help = field.help[language.rawValue] ?? field.help["en"] { tell("  \(Message.shown(help))") }
    tell("  \(Message.shown(field.type.description.text(in: language)))")
  }

  private func label(_ field: Schema.Field) -> String {
    Message.shown(field.labels[language.rawValue] ?? field.labels["en"] ?? field.name)
  }

  /// A line; one that ends in a backslash goes on in the next, and `goesOn` has what there is by then. `nil` at the end
  /// of input.
  private func readAnswer(goesOn: (String) throws -> Void) throws -> String? {
    var lines: [String] = []
    while let line = try terminal.readLine("> ") {
      guard line.hasSuffix("\\") else {
        lines.append(line)
        return lines.joined(separator: "\n").trimmingLine()
      }
      lines.append(String(line.dropLast()))
      try goesOn(lines.joined(separator: "\n").trimmingLine())
    }
    return nil
  }

  /// The answer; `nil` if the person leaves, or says that this is all where that can be.
  private func yesOrNo(_ question: Phrase, canEnd: Bool = false) throws -> Bool? {
    say(question)
    while let line = try terminal.readLine("> ") {
      if canEnd, line.trimmingLine() == "!" {
        isEnough = true
        return nil
      }
      if line.trimmingLine() == "." { return nil }
      if let answer = FormDialogue.yesOrNo(line) { return answer }
      say("Answer yes or no.")
    }
    return nil
  }

  private static func yesOrNo(_ text: String) -> Bool? {
    switch text.trimmingLine().lowercased() {
    case "yes", "y", "да", "ҳа": true
    case "no", "n", "нет", "не": false
    default: nil
    }
  }

  // MARK: - The end

  private func confirm() throws -> Step {
    if let place = schema.required.first(where: { draft.fields[$0] == nil }) {
      say("\n\(place): This has to be answered.")
      return .ask(place)
    }
    // A draft can have been made where nothing could be looked up.
    for field in fields {
      guard let expected = draft.fields[field.name].flatMap({ kinds?.expected(insteadOf: $0, in: field) }) else {
        continue
      }
      say("\n\(field.name): expected \(expected)")
      return .ask(field.name)
    }
    say("\nThe record:")
    for field in schema.fields {
      if let value = draft.fields[field.name] { tell("  \(label(field)) [\(field.name)]: \(Self.text(value))") }
    }
    let found = NamesInRecord(schema: schema, fields: draft.fields, paths: paths).all
    for place in found { say("\(shown(place.place)): words of a name also stand here [\(place.field)]") }
    if !found.isEmpty {
      guard let isMeant = try yesOrNo("Is that meant? (yes/no)") else { return .leave }
      if !isMeant { return .back }
    }
    say("Is it right? (yes/no, < to go back)")
    while let line = try terminal.readLine("> ") {
      if line.trimmingLine() == "<" { return .back }
      if line.trimmingLine() == "." { return .leave }
      if let answer = Self.yesOrNo(line) { return answer ? .next : .leave }
      say("Answer yes or no.")
    }
    return .leave
  }

  /// Asks what to do when the record could not be added.
  func wantsAnotherTry() throws -> Bool {
    try yesOrNo("This form alone has the answers. Try again? (yes/no)") ?? false
  }

  private func say(_ phrase: Phrase) { tell(phrase.text(in: language)) }

  private func tell(_ text: String) { terminal.write("\(text)\n") }

  private func shown(_ phrase: Phrase) -> String { Message.shown(phrase.text(in: language)) }

  /// A value as it can be shown; of a text of many lines, all of them.
  private static func text(_ value: JSON) -> String {
    switch value {
    case .string(let text):
      text.split(separator: "\n", omittingEmptySubsequences: false).map { Message.shown(String($0)) }
        .joined(separator: "\n    ")
    case .bool(let answer): answer ? "yes" : "no"
    case .integer(let number): "\(number)"
    case .array(let values): values.map(text).joined(separator: "; ")
    default: ""
    }
  }
}

extension String {
  /// Without spaces at both ends.
  fileprivate func trimmingLine() -> String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
