public import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar
internal import Wording

/// `REPORT.txt`: everything that is disclosed, as plain text.
public struct TextReport {
  let plan: ExportPlan
  let isPreview: Bool

  /// Reports on what `plan` discloses. A preview is for the sender, and names the recipients as the vault calls them.
  public init(plan: ExportPlan, isPreview: Bool = false) {
    self.plan = plan
    self.isPreview = isPreview
  }

  /// The report.
  public var text: String {
    var lines = heading
    for item in plan.items { lines += [""] + report(item) }
    if isPreview { lines += refused + changes }
    return lines.joined(separator: "\n") + "\n"
  }

  private var heading: [String] {
    return [
      "REPORT ON DISCLOSED EVIDENCE",
      "",
      "Bundle:       \(plan.identifier)",
      "Made:         \(plan.created) (the sender's clock)",
      "For:          \(audience)",
      "Purpose:      \(plan.purpose.isEmpty ? "not stated" : Printable.line(plan.purpose))",
      "Signed by:    vault \(plan.sender.origin)",
      "Fingerprint:  \(plan.sender.fingerprint)",
      "Index head:   \(plan.head.words)",
      "Items:        \(plan.items.count)",
    ]
  }

  /// A recipient does not learn what the vault calls the others.
  private var audience: String {
    guard case .recipients(let known) = plan.audience else {
      return "whoever has the passphrase (\(plan.audience.classes.joined()))"
    }
    guard isPreview else { return "the holders of the keys that bundle.note names" }
    return known.map { "\(Printable.line($0.name)) (\($0.recipientClass))" }.joined(separator: ", ")
  }

  private func report(_ item: ExportPlan.Item) -> [String] {
    let record = item.record
    let kind = record.kind.isEmpty ? "kind withheld" : record.kind
    let amends = item.amends.map { ", amends item \($0)" } ?? ""
    var lines = ["ITEM \(record.index): \(kind)\(amends)", String(repeating: "-", count: 60)]
    if let added = record.added { lines.append("added to the vault: \(added)") }
    let schema = try? Schema.named(record.kind)
    for member in record.fields.members {
      let label = schema?.field(member.name)?.labels["en"] ?? member.name
      lines += Self.field("\(label) [\(member.name)]", member.value)
    }
    lines.append(record.files.isEmpty ? "files: none disclosed" : "files:")
    for (file, path) in zip(record.files, item.filePaths) {
      lines.append("  \(Printable.line(path))")
      if let original = file.path?.text, !path.utf8.elementsEqual("\(Self.folder(path))\(original)".utf8) {
        lines.append("    originally: \(Printable.line(original))")
      }
      lines.append("    \(file.byteCount) bytes, \(file.mediaType), modified \(file.modified ?? "unknown")")
      lines.append("    SHA-256 \(file.digest.hex)")
    }
    // A supplement is a part of an item, and says nothing of the rest of it.
    guard plan.supplemented == nil else { return lines }
    lines += withheld(item)
    if item.amends == nil { lines += custody(record.index) }
    return lines
  }

  /// For the sender, what is withheld and why; for recipients, how much.
  private func withheld(_ item: ExportPlan.Item) -> [String] {
    let fields = item.withheldFields
    let files = item.withheldFiles
    guard !(fields + files).isEmpty else { return ["withheld: nothing"] }
    guard isPreview else {
      return ["withheld: \(fields.count) field(s), \(files.count) file(s)"]
    }
    return ["withheld:"]
      + fields.map { "  \(Printable.line($0.name)): \(ConsentText.reason($0.reason).text(in: .en))" }
      + files.map { "  file:\(Printable.line($0.name)): \(ConsentText.reason($0.reason).text(in: .en))" }
      + (item.overridden.isEmpty
        ? [] : ["  AGAINST CONSENT: \(item.overridden.map(Printable.line).joined(separator: ", "))"])
  }

  private func custody(_ item: UInt64) -> [String] {
    let lines = plan.custody(of: item).map { line in
      Printable.line("  \(line.at ?? "no date")  \(line.event) (entry \(line.entry))")
    }
    return lines.isEmpty ? ["custody: nothing is entered"] : ["custody:"] + lines
  }

  private var refused: [String] {
    guard !plan.refused.isEmpty else { return [] }
    return ["", "LEFT OUT"] + plan.refused.map { "  \(Printable.line(ConsentText.sentence($0).text(in: .en)))" }
  }

  private var changes: [String] {
    plan.changes.flatMap { change -> [String] in
      let name = Printable.line(change.recipient)
      guard let last = change.lastExport else { return ["", "\(name) has got nothing from this vault before"] }
      return ["", "SINCE THE LAST BUNDLE TO \(name) (entry \(last), \(Printable.line(change.exported ?? "")))"]
        + change.added.map { "  new: \(Printable.line($0))" }
        + change.missing.map { "  sent then, not now: \(Printable.line($0))" }
    }
  }

  private static func folder(_ path: String) -> String {
    path.split(separator: "/").prefix(3).joined(separator: "/") + "/"
  }

  static func field(_ label: String, _ value: JSON) -> [String] {
    switch value {
    case .string(let text):
      let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map { Printable.line(String($0)) }
      return parts.count == 1 ? ["\(label): \(parts[0])"] : ["\(label):"] + parts.map { "  \($0)" }
    case .bool(let value): return ["\(label): \(value ? "yes" : "no")"]
    case .array(let values):
      return ["\(label): \(values.flatMap { field("", $0) }.map { $0.dropFirst(2) }.joined(separator: ", "))"]
    default: return ["\(label): \(String(decoding: value.serialized(), as: UTF8.self))"]
    }
  }
}
