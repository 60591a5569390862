public import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar
public import Wording

/// `REPORT.txt`: everything that is disclosed, as plain text.
public struct TextReport {
  let plan: ExportPlan
  let isPreview: Bool
  let language: Language
  private let amendments: Amendments
  /// Items with all their entries taken together, by number.
  let wholeItems: [UInt64: ReportItem]

  /// Reports on what `plan` discloses, as the recipients get it, with the time-stamps that go along.
  public init(plan: ExportPlan) {
    self.init(plan: plan, isPreview: false, language: .en)
  }

  /// A preview for the sender in their own language, which names the recipients as the vault calls them.
  public init(previewOf plan: ExportPlan, in language: Language) {
    self.init(plan: plan, isPreview: true, language: language)
  }

  private init(plan: ExportPlan, isPreview: Bool, language: Language) {
    self.plan = plan
    amendments = Amendments(in: plan)
    wholeItems = Dictionary(ReportItem.all(in: plan).map { ($0.number, $0) }) { first, _ in first }
    self.isPreview = isPreview
    self.language = language
  }

  /// The report.
  public var text: String {
    var lines = heading
    for item in plan.items { lines += [""] + report(item) }
    if isPreview { lines += refused + unsearched + changes }
    return lines.joined(separator: "\n") + "\n"
  }

  func say(_ phrase: Phrase) -> String { phrase.text(in: language) }

  private var heading: [String] {
    let purpose: Phrase = plan.purpose.isEmpty ? "not stated" : Phrase(verbatim: Printable.line(plan.purpose))
    let facts: [Phrase] = [
      "Bundle:       \(plan.identifier)",
      "Made:         \(plan.created) (the sender's clock)",
      "For:          \(audience)",
      "Purpose:      \(purpose)",
      "Signed by:    vault \(plan.sender.origin)",
      "Fingerprint:  \(plan.sender.fingerprint)",
      "Index head:   \(plan.head.words)",
      "Items:        \(amendments.itemCount)",
    ]
    let contact: [Phrase] = plan.contact.isEmpty ? [] : ["Contact:      \(Printable.line(plan.contact))"]
    // Those who look at a preview are told of time-stamps by the path, beside it.
    let times = isPreview ? [] : plan.times
    let stamps: [Phrase] = times.map { "Time-stamp:   \($0.latest). \(BundleFacts.stamp($0))" }
    let keys: [Phrase] = BundleFacts.keys(of: plan.sender).map { "Keys:         \($0)" }
    let clocks: [Phrase] = ["Clocks:       \(BundleFacts.clocks)"]
    let doubts = DateDoubts(in: plan).phrases.map { say("  \($0)") }
    return [say("REPORT ON DISCLOSED EVIDENCE"), ""] + (facts + contact + keys + stamps + clocks).map(say)
      + (doubts.isEmpty ? [] : ["", say("\(BundleFacts.doubts):")] + doubts)
  }

  /// A recipient does not learn what the vault calls the others.
  private var audience: Phrase {
    guard case .recipients(let known) = plan.audience else {
      return "whoever has the passphrase (\(plan.audience.classes.joined()))"
    }
    guard isPreview else { return "the holders of the keys that bundle.note names" }
    return .list(known.map { "\(Printable.line($0.name)) (\($0.recipientClass))" })
  }

  private func report(_ item: ExportPlan.Item) -> [String] {
    let record = item.record
    let kind: Phrase = record.kind.isEmpty ? "kind withheld" : "\(record.kind)"
    var lines = [say(title(of: record.index, kind)), String(repeating: "-", count: 60)]
    if let added = record.added { lines.append(say("added to the vault: \(added)")) }
    let schema = try? Schema.named(record.kind)
    for member in record.fields.members {
      let name = Printable.line(member.name)
      let label = schema?.field(member.name).map { say(Phrase(labels: $0.labels)) } ?? name
      lines += field("\(label) [\(name)]", member.value)
    }
    lines.append(record.files.isEmpty ? say("files: none disclosed") : say("files:"))
    for (file, path) in zip(record.files, item.filePaths) { lines += describe(file, at: path) }
    // A supplement is a part of an item, and says nothing of the rest of it.
    guard plan.supplemented == nil else { return lines }
    lines += withheld(item)
    if amendments.isCurrent(record.index) { lines += consent(of: item) }
    if item.amends == nil { lines += custody(record.index) }
    return lines
  }

  private func title(of entry: UInt64, _ kind: Phrase) -> Phrase {
    guard let remark = amendments.remark(on: entry) else { return "ITEM \(entry): \(kind)" }
    return amendments.isAmendment(entry)
      ? "ENTRY \(entry): \(kind), \(remark)" : "ITEM \(entry): \(kind), \(remark)"
  }

  private func describe(_ file: FileRecord, at path: String) -> [String] {
    var lines = ["  \(Printable.line(path))"]
    if let original = file.path?.text, !path.utf8.elementsEqual("\(Self.folder(path))\(original)".utf8) {
      lines.append(say("    originally: \(Printable.line(original))"))
    }
    let time: Phrase = file.modified.map { "\($0)" } ?? "unknown"
    lines.append(say("    \(file.byteCount) bytes, \(file.mediaType), modified \(time)"))
    lines.append("    SHA-256 \(file.digest.hex)")
    return lines
  }

  /// For the sender, what is withheld and why; for recipients, how much.
  private func withheld(_ item: ExportPlan.Item) -> [String] {
    let fields = item.withheldFields
    let files = item.withheldFiles
    guard !(fields + files).isEmpty else { return [say("withheld: nothing")] }
    guard isPreview else { return [say("withheld: \(fields.count) field(s), \(files.count) file(s)")] }
    let overridden = item.overridden.map(Printable.line).joined(separator: ", ")
    return [say("withheld:")]
      + fields.map { "  \(Printable.line($0.name)): \(say(ConsentText.reason($0.reason)))" }
      + files.map { "  file:\(Printable.line($0.name)): \(say(ConsentText.reason($0.reason)))" }
      + (item.overridden.isEmpty ? [] : [say("  AGAINST CONSENT: \(overridden)")])
  }

  private var refused: [String] {
    guard !plan.refused.isEmpty else { return [] }
    return ["", say("LEFT OUT")] + plan.refused.map { "  \(Printable.line(say(ConsentText.sentence($0))))" }
  }

  /// Said once, as a list.
  private var unsearched: [String] {
    guard !plan.unsearchedFiles.isEmpty else { return [] }
    let heading: Phrase =
      "NOT SEARCHED FOR NAMES, as these files are too large, no text, or encoded in part: look yourself"
    return ["", say(heading)]
      + plan.unsearchedFiles.map { say("  item \($0.item): \(Printable.line($0.path))") }
  }

  private var changes: [String] {
    plan.changes.flatMap { change -> [String] in
      let name = Printable.line(change.recipient)
      guard let last = change.lastExport else { return ["", say("\(name) has got nothing from this vault before")] }
      let date = Printable.line(change.exported ?? "")
      return ["", say("SINCE THE LAST BUNDLE TO \(name) (entry \(last), \(date))")]
        + change.added.map { say("  new: \(Printable.line($0))") }
        + change.missing.map { say("  sent then, not now: \(Printable.line($0))") }
    }
  }

  private static func folder(_ path: String) -> String {
    path.split(separator: "/").prefix(3).joined(separator: "/") + "/"
  }

  func field(_ label: String, _ value: JSON) -> [String] {
    switch value {
    case .string(let text):
      let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map { Printable.line(String($0)) }
      return parts.count == 1 ? ["\(label): \(parts[0])"] : ["\(label):"] + parts.map { "  \($0)" }
    case .bool(let value): return ["\(label): \(value ? say("yes") : say("no"))"]
    case .array(let values):
      return ["\(label): \(values.flatMap { field("", $0) }.map { $0.dropFirst(2) }.joined(separator: ", "))"]
    default: return ["\(label): \(Printable.line(String(decoding: value.serialized(), as: UTF8.self)))"]
    }
  }
}
