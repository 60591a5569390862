internal import Primitives
internal import StrictJSON

/// What a list of cases shows of one.
public struct CaseOverview: Sendable {
  /// The code of the case.
  public let code: String
  /// The title of its record, if there is one.
  public internal(set) var title: String?
  /// The region that its record states.
  public internal(set) var region: String?
  /// How the organisation was closed, as its record states.
  public internal(set) var mode: String?
  /// How many testimonies it has.
  public internal(set) var testimonyCount = 0
  /// How many documents it has.
  public internal(set) var documentCount = 0
  /// How many events of pressure it has.
  public internal(set) var eventCount = 0

  mutating func take(_ entry: EntryFields) {
    switch entry.kind {
    case CountTable.kind where title == nil:
      title = entry.title
      region = entry.text("region")
      mode = entry.text("mode")
    case "testimony": testimonyCount += 1
    case "document": documentCount += 1
    case "pressure_event": eventCount += 1
    default: break
    }
  }
}

extension VaultReader {
  /// The cases that items belong to, sorted by the bytes of their codes.
  ///
  /// - Throws: as `forEachSummary`.
  public func cases() throws(VaultError) -> [CaseOverview] {
    let fields = FieldSelection(["title", "case", "region", "mode"])
    let task = CatalogTask<EntryFields, [EntryFields]>(
      isCurrent: true, empty: [],
      read: { head, scanner in EntryFields(head, &scanner, fields: fields).map { .line($0) } ?? .unreadable },
      collect: { entry, part in if !entry.isEvent, entry.caseCode != nil { part.append(entry) } })
    // Texts that differ in their bytes alone are two codes, so these are the keys.
    var cases: [[UInt8]: CaseOverview] = [:]
    try forEachPart(of: task) { part in
      for entry in part {
        guard let code = entry.caseCode else { continue }
        cases[Array(code.utf8), default: CaseOverview(code: code)].take(entry)
      }
    }
    return cases.values.sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
  }

  /// Everything about one case; empty if no item belongs to it.
  ///
  /// - Throws: as `forEachSummary`.
  public func caseFile(_ code: String) throws(VaultError) -> CaseFile {
    let needle = Needle(code)
    let task = CatalogTask<EntryFields, [EntryFields]>(
      isCurrent: true, empty: [],
      read: { head, scanner in
        var line = scanner
        guard EntryFields.peekKind(scanner) == "export" || needle.mayStand(in: scanner.bytes, line.skipLine()) else {
          return .unwanted
        }
        return EntryFields(head, &scanner).map { .line($0) } ?? .unreadable
      },
      collect: { entry, part in
        if entry.kind == "export" || entry.caseCode?.utf8.elementsEqual(code.utf8) ?? false { part.append(entry) }
      })
    var entries: [EntryFields] = []
    try forEachPart(of: task) { entries += $0 }
    return CaseFile(code, entries, try custody())
  }
}
