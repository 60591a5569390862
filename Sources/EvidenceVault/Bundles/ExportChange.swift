internal import StrictJSON
internal import Tar

/// What a recipient would learn beyond the last bundle that was sealed to them.
public struct ExportChange: Sendable {
  /// The recipient's name in the vault.
  public let recipient: String
  /// The entry of the last export to them; `nil` if there was none.
  public let lastExport: UInt64?
  /// When that was.
  public let exported: String?
  /// What is new, each as item, colon, field; neighbours among the files of an item together.
  public let added: [String]
  /// What they got then, and would not get now, of the same items.
  public let missing: [String]

  static func since(
    _ items: [ExportPlan.Item], for audience: Audience, in book: CustodyBook
  ) -> [ExportChange] {
    let now = items.flatMap(disclosed)
    let numbers = Set(items.map { String($0.record.index) })
    return audience.recipients.map { recipient in
      // Whoever had the name before had other keys.
      let last = book.events.last { event in
        event.kind == "export" && event.index > recipient.index && event.names("recipients", recipient.name)
      }
      let before = FileRanges.single(
        (last?.eventFields["disclosed"]?.arrayValue ?? []).compactMap(\.stringValue))
      let (known, next) = (Set(before), Set(now))
      return ExportChange(
        recipient: recipient.name, lastExport: last?.index, exported: last?.added,
        added: FileRanges.joined(now.filter { !known.contains($0) }),
        missing: FileRanges.joined(
          before.filter { text in
            !next.contains(text) && numbers.contains(String(text.prefix { $0 != ":" }))
          }))
    }
  }

  /// What an entry shows, as it is written into the entry of the export.
  static func disclosed(_ item: ExportPlan.Item) -> [String] {
    let files = item.filePositions.map { "file:#\($0 + 1)" }
    return (item.record.fields.names + files).map { "\(item.record.index):\($0)" }
  }

  /// What an entry does not show, written likewise.
  static func withheld(_ item: ExportPlan.Item) -> [String] {
    let withheld = Set(item.withheldFiles.map(\.name))
    let files = files(item) { file in file.path.map { withheld.contains($0.text) } ?? false }
    return (item.withheldFields.map(\.name) + files).map { "\(item.record.index):\($0)" }
  }

  /// Files by their position, from 1: their names would outlive a withdrawal.
  private static func files(_ item: ExportPlan.Item, where isMeant: (FileRecord) -> Bool) -> [String] {
    item.whole.files.enumerated().filter { isMeant($0.element) }.map { "file:#\($0.offset + 1)" }
  }
}
