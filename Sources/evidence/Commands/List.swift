internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Show what is in the vault, or find something in it."),
    discussion: say(
      """
      Items are shown with their current record, under their first number. --text looks at titles, fields and the names
      of files; capital and small letters count as the same, and so do Tajik letters and their Russian look-alikes. Of
      a date that is not exact, all days that it may mean must fit.

      Examples:
        evidence list --text "расширенное заседание"
        evidence list --kind dissolution_case --where region=gbao --where "date_decision>=2023-01"
        evidence list --without-consent un_special_procedures
        evidence list --consent-ends-before 2026-12
      """))

  @Option(help: about("Only this kind."))
  var kind: String?

  @Option(name: .customLong("case"), help: about("Only items of this case.", valueName: "code"))
  var caseCode: String?

  @Option(help: about("Only items with this text in the title, a field or a file name.", valueName: "text"))
  var text: String?

  @Option(
    name: .customLong("where"),
    help: about(
      "Only items whose field has this value, or with <, <=, > and >= a date or number; may be repeated.",
      valueName: "field=value"))
  var conditions: [String] = []

  @Option(
    help: about(
      "Only testimonies whose witness has refused this class of recipients, or was not asked.", valueName: "class"))
  var withoutConsent: String?

  @Option(
    help: about(
      "Only testimonies whose consent may end before this date, for all or for one class of recipients.",
      valueName: "date"))
  var consentEndsBefore: String?

  @Option(help: about("Only entries added on this day or later.", valueName: "date"))
  var since: String?

  @Option(help: about("Only entries added on this day or earlier.", valueName: "date"))
  var until: String?

  @Option(help: about("Only what was collected from this intake vault, with its number there.", valueName: "name"))
  var intake: String?

  @Flag(help: about("Show events as well."))
  var events = false

  @Flag(help: about("With --json: all fields and files of each item."))
  var fields = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    var query = try query()
    let vault = try options.open()
    if !vault.hasReadingIdentity, options.identity.isEmpty {
      // Without the key nobody can tell what fits, and a list of all would pass for the answer.
      guard !query.isNarrow, intake == nil else { throw VaultError.needsReadingKey(vault.readingKeyLack) }
      return try listIntake(vault)
    }
    let reader = try VaultReader(vault, identities: options.unlock(vault, signing: false).identities)
    vault.pin(reader.head)
    Progress.current.begin("reading")
    var origin: IntakeNumbers?
    if let intake {
      let known = try reader.intake(intake)
      query.conditions.append(try FieldCondition("collected.fingerprint=\(known.fingerprint.words)"))
      origin = IntakeNumbers(name: known.name, numbers: try reader.collectedNumbers(of: known))
    }
    if report.json { try printJSON(reader, query, origin) } else { try printText(reader, query, origin) }
    for range in vault.note.untrustedRanges {
      Message.note(
        "not trusted, since a revoked key signed them: entries \(range.lowerBound) to \(range.upperBound - 1)")
    }
  }

  private func query() throws -> ItemQuery {
    if let kind { _ = try Schema.named(kind) }
    var query = ItemQuery()
    query.kind = kind
    query.caseCode = caseCode
    query.text = text
    query.since = try since.map { try TypedDays($0, option: "--since") }
    query.until = try until.map { try TypedDays($0, option: "--until") }
    query.hasEvents = events
    query.conditions = try conditions.map { try FieldCondition($0, kind: kind) }
    query.withoutConsentTo = try withoutConsent.map(recipientClass)
    query.consentEndsBefore = try consentEndsBefore.map { try ConsentDeadline($0) }
    return query
  }

  private func recipientClass(_ name: String) throws -> String {
    let type = try Schema.named("recipient").field("class")?.type
    return try type?.value(typed: name, field: "--without-consent").stringValue ?? name
  }

  private func printText(_ reader: VaultReader, _ query: ItemQuery, _ origin: IntakeNumbers?) throws {
    let output = Output.Pieces()
    if query.needsFields {
      try reader.forEachHit(of: query, allFields: false, mapping: { ListLine.text($0, origin) }) { output.add($0) }
    } else {
      try reader.forEachCurrentSummary { summary, bytes in
        if query.fits(summary) { ListLine(summary).append(to: &bytes) }
      } _: {
        output.add($0)
      }
    }
    output.flush()
    if output.isEmpty { Message.note("no entry fits; the vault has \(reader.count)") }
  }

  /// An item on each line: the whole need not be in memory, here or where it is read.
  private func printJSON(_ reader: VaultReader, _ query: ItemQuery, _ origin: IntakeNumbers?) throws {
    let output = Output.Pieces()
    var isFirst = true
    output.add("{\n  \"entries\": \(reader.count),\n  \"items\": [")
    // Each item comes with a comma before it; the first needs none.
    func add(_ items: [UInt8]) {
      guard !items.isEmpty else { return }
      output.add(isFirst ? Array(items.dropFirst()) : items)
      isFirst = false
    }
    if query.needsFields || fields {
      try reader.forEachHit(of: query, allFields: true, mapping: { ListLine.json($0, origin) }, add)
    } else {
      try reader.forEachCurrentSummary { summary, bytes in
        if query.fits(summary) { bytes += ListLine.json(summary.json) }
      } _: {
        add($0)
      }
    }
    output.add(isFirst ? "]\n}\n" : "\n  ]\n}\n")
    output.flush()
  }

  /// What an intake vault can say of itself without the reading key.
  private func listIntake(_ vault: Vault) throws {
    let head = try vault.head()
    let items = try vault.sealedItems(head)
    vault.pin(head)
    IntakeList(entryCount: head.tree.size, items: items).print(report)
    Message.note(
      vault.isCertified
        ? "this is an intake vault: titles need the reading key (--identity FILE)"
        : "the reading key is not in this vault: titles need it (--identity FILE)")
  }
}

/// The numbers that items have in the intake vault that they came from.
private struct IntakeNumbers: Sendable {
  let name: String
  /// By their numbers here.
  let numbers: [UInt64: UInt64]
}

/// The line of a list about one entry. There may be a million of them, so it is made of bytes.
private struct ListLine: Sendable {
  let index: UInt64
  let added: String
  let kind: String
  let fileCount: Int
  let byteCount: UInt64
  let caseCode: String
  let title: String

  init(_ summary: Summary) {
    index = summary.index
    added = summary.added
    kind = summary.kind
    fileCount = summary.fileCount
    byteCount = summary.byteCount
    caseCode = summary.caseCode ?? ""
    title = summary.title
  }

  init(_ entry: EntryFields) {
    index = entry.index
    added = entry.added
    kind = entry.kind
    fileCount = entry.files.count
    byteCount = entry.files.reduce(0) { $0 &+ $1.byteCount }
    caseCode = entry.caseCode ?? ""
    title = entry.title
  }

  /// The line of a hit, and below it where the text stands.
  static func text(_ hit: SearchHit, _ origin: IntakeNumbers?) -> [UInt8] {
    var bytes: [UInt8] = []
    ListLine(hit.entry).append(to: &bytes)
    if let origin, let number = origin.numbers[hit.entry.index] {
      bytes += Array("       \(say("item \(number) of the intake vault \(Printable.line(origin.name))"))\n".utf8)
    }
    if let passage = hit.passage, passage.field != "title" {
      bytes += Array("       \(Printable.line(passage.field)): \(Printable.line(passage.text))\n".utf8)
    }
    return bytes
  }

  static func json(_ hit: SearchHit, _ origin: IntakeNumbers?) -> [UInt8] {
    var json = hit.entry.json
    if let number = origin?.numbers[hit.entry.index] { json["item_in_intake"] = .integer(Int64(clamping: number)) }
    if let passage = hit.passage {
      json["found"] = .object(["field": .string(passage.field), "text": .string(passage.text)])
    }
    return Self.json(json)
  }

  static func json(_ object: JSONObject) -> [UInt8] { Array(",\n    ".utf8) + object.serialized() }

  func append(to bytes: inout [UInt8]) {
    let number = String(index)
    pad(5 - number.utf8.count, &bytes)
    bytes += number.utf8
    column(added.utf8.prefix(10).elementsEqual(added.utf8) ? added : String(added.prefix(10)), 0, &bytes)
    column(kind, 17, &bytes)
    column(fileCount == 0 ? "" : "\(Self.files(fileCount)), \(ByteCount.text(byteCount))", 18, &bytes)
    column(caseCode, 14, &bytes)
    column(title, 0, &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// What most items have is said a million times.
  private static let fewFiles = (0..<20).map { say(Count.files($0)) }

  private static func files(_ count: Int) -> String {
    fewFiles.indices.contains(count) ? fewFiles[count] : say(Count.files(count))
  }

  /// Two spaces, and the text with spaces up to a width in letters.
  private func column(_ text: String, _ width: Int, _ bytes: inout [UInt8]) {
    pad(2, &bytes)
    Printable.append(text, to: &bytes)
    if width > 0 { pad(width - (text.utf8.count < width ? text.count : text.unicodeScalars.count), &bytes) }
  }

  private func pad(_ count: Int, _ bytes: inout [UInt8]) {
    for _ in 0..<max(0, count) { bytes.append(UInt8(ascii: " ")) }
  }
}
