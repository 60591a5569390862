public import StrictJSON

/// A record of a file that would be there twice.
public struct KnownRecord: Equatable, Sendable {
  /// What has the record already.
  public enum Holder: Equatable, Sendable {
    /// An item of the vault.
    case item(UInt64)
    /// An earlier row, line or record of the same file, counted as in `ImportFault`.
    case row(Int)
  }

  /// Its place among the sound records of the file, from 0.
  public let position: Int
  /// Its row, line or record, counted as in `ImportFault`.
  public let row: Int
  /// What has it.
  public let holder: Holder
  /// The field that names one person or thing alone, where only that is the same; `nil` if all fields are.
  public let field: String?
}

extension ImportedRecords {
  /// The records that the vault of `reader` has already, as they were added or as they were amended since, and those
  /// that stand twice in the file. Without a reader only the file is gone through.
  ///
  /// The same are two records of a kind of which all that people fill in is, to the byte, or whose code is.
  ///
  /// - Throws: as `VaultReader.forEachSummary`.
  public func known(in reader: VaultReader?, kind: String) throws(VaultError) -> [KnownRecord] {
    let schema = try Schema.named(kind)
    let marks = records.map { RecordMarks($0, of: schema) }
    let first = FirstPlaces(marks)
    let items = try reader?.items(with: first, schema) ?? FirstPlaces.Items()
    return marks.indices.compactMap { position in
      let mark = marks[position]
      let whole = first.whole[mark.whole] ?? position
      if let item = items.whole[whole] { return known(position, .item(item)) }
      if whole != position { return known(position, .row(rows[whole])) }
      guard let code = mark.code, let same = first.codes[code] else { return nil }
      if let item = items.codes[same] { return known(position, .item(item), RecordMarks.code) }
      return same == position ? nil : known(position, .row(rows[same]), RecordMarks.code)
    }
  }

  private func known(_ position: Int, _ holder: KnownRecord.Holder, _ field: String? = nil) -> KnownRecord {
    KnownRecord(position: position, row: rows[position], holder: holder, field: field)
  }

  /// The same file without some of its records.
  public func without(_ known: [KnownRecord]) -> [JSONObject] {
    let positions = Set(known.map(\.position))
    return records.indices.filter { !positions.contains($0) }.map { records[$0] }
  }
}

/// What two records are compared by, as bytes.
private struct RecordMarks: Sendable {
  static let code = "code"

  /// Everything that people fill in, in the order of the names.
  let whole: [UInt8]
  /// The code of a person: it stands for the same one wherever it is used.
  let code: [UInt8]?

  init(_ fields: JSONObject, of schema: Schema) {
    let members = fields.members.filter { schema.field($0.name)?.isForPeople == true }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var shown = JSONObject()
    for member in members { shown[member.name] = member.value }
    whole = shown.serialized()
    code = schema.kind == CustodyBook.person ? fields[Self.code]?.stringValue.map { Array($0.utf8) } : nil
  }
}

/// Where in a file each record stands first.
private struct FirstPlaces: Sendable {
  /// The lowest item of the vault with the record, or the code, that stands first at a place in the file.
  struct Items {
    var whole: [Int: UInt64] = [:]
    var codes: [Int: UInt64] = [:]
  }

  private(set) var whole: [[UInt8]: Int] = [:]
  private(set) var codes: [[UInt8]: Int] = [:]

  init(_ marks: [RecordMarks]) {
    for (position, mark) in marks.enumerated() {
      if whole[mark.whole] == nil { whole[mark.whole] = position }
      if let code = mark.code, codes[code] == nil { codes[code] = position }
    }
  }
}

extension VaultReader {
  private struct Match: Sendable {
    let item: UInt64
    let whole: Int?
    let code: Int?
  }

  /// One pass over the catalog, on all cores; what is kept is the file's and not the vault's.
  fileprivate func items(with first: FirstPlaces, _ schema: Schema) throws(VaultError) -> FirstPlaces.Items {
    let task = CatalogTask<EntryFields, [Match]>(
      isCurrent: false, empty: [],
      read: { head, scanner in
        guard EntryFields.peekKind(scanner) == schema.kind else { return .unwanted }
        return EntryFields(head, &scanner).map { .line($0) } ?? .unreadable
      },
      collect: { entry, part in
        let mark = RecordMarks(entry.fields, of: schema)
        let match = Match(
          item: entry.amends ?? entry.index, whole: first.whole[mark.whole], code: mark.code.flatMap { first.codes[$0] }
        )
        if match.whole != nil || match.code != nil { part.append(match) }
      })
    var items = FirstPlaces.Items()
    try forEachPart(of: task) { part in
      for match in part {
        if let place = match.whole { items.whole[place] = min(items.whole[place] ?? .max, match.item) }
        if let place = match.code { items.codes[place] = min(items.codes[place] ?? .max, match.item) }
      }
    }
    return items
  }
}
