internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Wording

/// The options of an export that also fills in the questions of a UN mechanism.
struct SubmissionOptions: ParsableArguments {
  @Option(
    help: about(
      "Put a submission sheet into the bundle, in the order of this questionnaire: \(SubmissionReport.names).",
      valueName: "name"))
  var template: String?

  @Option(
    help: about(
      "With --template: write the sheet to this new folder as well, not sealed, to be pasted.", valueName: "folder"))
  var sheet: String?

  @Flag(help: about("With --template: go on although required answers are missing; the sheet marks them."))
  var allowIncomplete = false

  func validate() throws {
    guard template != nil || (sheet == nil && !allowIncomplete) else {
      throw ValidationError(say("--sheet and --allow-incomplete go with --template"))
    }
  }

  /// The template that was named.
  func chosen() throws -> SubmissionTemplate? { try Self.chosen(template) }

  /// The template of that name, if there is one.
  static func chosen(_ template: String?) throws -> SubmissionTemplate? {
    do { return try template.map { try SubmissionTemplate.named($0) } } catch let error as UnknownTemplate {
      let names = SubmissionReport.names
      let hint: Phrase =
        error.nearest.map { "did you mean \($0)? the templates are \(names)" } ?? "the templates are \(names)"
      throw UsageFault("there is no template \(Message.shown(error.name))", hint: hint)
    }
  }

  /// The sheet of a plan. Consent was asked for the classes of the recipients, so the mechanism has to be among them.
  func sheet(_ plan: ExportPlan) throws -> SubmissionSheet? {
    guard let template = try chosen() else { return nil }
    guard plan.audience.classes.contains(template.recipientClass) else {
      throw UsageFault(
        """
        template \(template.name) is for recipients of class \(template.recipientClass), and there is none: consent \
        was not asked for them
        """,
        hint: "add --to NAME of a recipient of that class, or --passphrase --class \(template.recipientClass)")
    }
    return SubmissionSheet(template, plan: plan)
  }

  /// Says what is missing, unless it was said, and refuses a sheet that lacks what is required.
  ///
  /// - Throws: `ExitStatus.incomplete`.
  func requireComplete(_ sheet: SubmissionSheet?, report: ReportOptions?) throws {
    guard let sheet, !sheet.isComplete, !allowIncomplete else { return }
    let gaps = sheet.gaps.filter(\.isBlocking)
    report?.print(["submission": SubmissionReport.json(sheet)]) {
      SubmissionReport.lines(gaps).forEach { Output.line($0) }
    }
    let (name, count) = (sheet.template.name, gaps.count)
    Message.error(
      .counted(
        count, one: "incomplete for \(name): \(count) required answer missing, nothing was made",
        other: "incomplete for \(name): \(count) required answers missing, nothing was made"),
      hint: "add what is listed, or go on without it: --allow-incomplete")
    throw ExitStatus.incomplete
  }
}

/// What the sender is told about a sheet.
enum SubmissionReport {
  /// The names of the templates.
  static let names = SubmissionTemplate.names.joined(separator: ", ")

  static func lines(_ gaps: [SubmissionGap]) -> [Phrase] {
    gaps.flatMap { gap -> [Phrase] in
      let remedy = gap.remedy.map { "    \(Message.shown($0))" as Phrase }
      return ["  \(Message.shown(gap.sentence))"] + (remedy.map { [$0] } ?? [])
    }
  }

  /// All gaps, whom not to name, and the reminders.
  static func lines(_ sheet: SubmissionSheet) -> [Phrase] {
    let required = sheet.gaps.filter(\.isBlocking)
    let others = sheet.gaps.filter { !$0.isBlocking }
    return ["SUBMISSION SHEET \(sheet.template.name)"] + group("required, and missing:", lines(required))
      + group("worth adding, or withheld:", lines(others))
      + group("to keep in mind:", (sheet.warnings + sheet.notes).map { "  \(Printable.line(say($0)))" })
      + group("reminders:", sheet.template.reminders.map { "  \($0)" })
  }

  private static func group(_ title: Phrase, _ lines: [Phrase]) -> [Phrase] {
    lines.isEmpty ? [] : [title] + lines
  }

  static func json(_ sheet: SubmissionSheet) -> JSON {
    let gaps = sheet.gaps.map { gap -> JSON in
      [
        "question": .integer(Int64(gap.question)),
        "heading": .string(gap.heading.text(in: .en)), "kind": .string(gap.kind),
        "item": gap.item.map { .integer(Int64(clamping: $0)) } ?? .null,
        "fields": .array(gap.fields.map { .string($0) }), "need": .string(gap.need.rawValue),
        "required": .bool(gap.isBlocking), "why": .string(gap.sentence.text(in: .en)),
        "remedy": gap.remedy.map { .string($0.text(in: .en)) } ?? .null,
      ]
    }
    return [
      "template": .string(sheet.template.name), "complete": .bool(sheet.isComplete), "gaps": .array(gaps),
      "warnings": english(sheet.warnings), "notes": english(sheet.notes),
      "reminders": english(sheet.template.reminders),
    ]
  }

  private static func english(_ phrases: [Phrase]) -> JSON { .array(phrases.map { .string($0.text(in: .en)) }) }
}

/// A new folder for the sheet, which appears when all of it is there and the export is entered.
struct SheetFolder {
  private let quarantine: Quarantine

  init(_ path: String, _ sheet: SubmissionSheet) throws {
    do {
      quarantine = try Quarantine(for: path, nonce: Hex.encode(SystemRandomness().bytes(8)))
      for page in sheet.senderPages {
        let file = try quarantine.createFile([page.path])
        try file.write(page.bytes)
        try file.finish()
      }
    } catch {
      throw VaultError(error)
    }
  }

  func publish() throws {
    do { try quarantine.publish() } catch { throw VaultError(error) }
  }
}
