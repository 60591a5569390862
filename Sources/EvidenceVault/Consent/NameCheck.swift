internal import StrictJSON
internal import Tar
public import Wording

/// A withheld name that also stands where it would be shown.
public struct NameFinding: Hashable, Sendable {
  /// The item whose name it is, by its first number.
  public let item: UInt64
  /// The field that has the name.
  public let field: String
  /// What was found, in small letters if it is a part of the name.
  public let word: String
  /// Where.
  public let place: Phrase
}

/// A file that goes, and that no program searched for names.
public struct UnsearchedFile: Hashable, Sendable {
  /// The entry that has it.
  public let item: UInt64
  /// Its path.
  public let path: String
}

/// Looks for names that are withheld in everything that would be shown: one that stands in a title, a file name or a
/// text as well, of the same item or of another, would leave with it.
///
/// Searched are all disclosed fields in which people write what they like, the names of files, and the content of all
/// files that may be text; others cannot be searched.
///
/// Source: FORMAT section 5.
struct NameCheck {
  let items: [ExportPlan.Item]
  /// What else the recipients see in the sender's own words.
  let purpose: String
  let contact: String
  let reader: VaultReader
  /// The items that were asked for, also those that are left out, and those whose consent speaks for them.
  let concerned: [CurrentItem]
  /// The items whose names a person has looked for.
  let checked: Set<UInt64>

  private struct WithheldName {
    let item: UInt64
    let field: String
    let match: NameMatch
    /// Whether one word of the name is enough.
    let isClose: Bool
  }

  /// Searches, and returns the files that were not searched.
  ///
  /// - Throws: `VaultError.identityWouldLeak` with every place, and what reading files and records throws.
  func run() throws -> [UnsearchedFile] {
    let names = try withheldNames()
    guard !names.isEmpty else { return [] }
    var findings: [NameFinding] = []
    for place in places {
      let text = NameSearchText(place.text, isFileName: place.isFileName)
      findings += Self.findings(of: names, in: text) { _ in place.phrase }
    }
    var unsearched: [UnsearchedFile] = []
    for item in items {
      let number = item.record.index
      try reader.forEachText(of: item) { path, content in
        guard let content else {
          unsearched.append(UnsearchedFile(item: number, path: path.text))
          return
        }
        if TextContent.hasEncodedPart(content) { unsearched.append(UnsearchedFile(item: number, path: path.text)) }
        TextContent.forEachReading(of: content) { reading in
          let new = Self.findings(of: names, in: NameSearchText(readings: [reading])) { line in
            "item \(number), the content of file \(path.text), line \(line)"
          }
          findings += new.filter { !findings.contains($0) }
        }
      }
    }
    guard findings.isEmpty else { throw VaultError.identityWouldLeak(findings) }
    return unsearched
  }

  private static func findings(
    of names: [WithheldName], in text: NameSearchText, at place: (_ line: Int) -> Phrase
  ) -> [NameFinding] {
    var findings: [NameFinding] = []
    for name in names {
      guard let found = name.isClose ? name.match.place(in: text) : name.match.wholePlace(in: text) else { continue }
      let finding = NameFinding(item: name.item, field: name.field, word: found.word, place: place(found.line))
      if !findings.contains(finding) { findings.append(finding) }
    }
    return findings
  }

  /// Every value of an identity field that is not shown: of the items that were asked for, in every record that they
  /// had, and of whoever speaks for them; and the names and telephone numbers of all other witnesses and persons.
  private func withheldNames() throws -> [WithheldName] {
    let shown = try Set(items.flatMap { try Self.names(in: $0.record, isClose: true).map(\.match.value) })
    let close = Set(concerned.flatMap { item in item.records.map(\.index) })
    let own = try concerned.flatMap { try $0.records.flatMap { try Self.names(in: $0, isClose: true) } }
    let persons = try reader.custody().personNumbers.filter { !close.contains($0) }.compactMap(person)
    let others = try persons.flatMap { person in
      try Self.names(in: person, isClose: person.kind == CustodyBook.person)
        .filter { NameMatch.isName($0.field) || $0.match.hasNumber }
    }
    let book = try reader.custody()
    // What is disclosed on purpose may stand elsewhere, too.
    return (own + others).filter { !shown.contains($0.match.value) }
      .map { name in
        WithheldName(
          item: book.firstNumber(of: name.item) ?? name.item, field: name.field, match: name.match,
          isClose: name.isClose)
      }
      .filter { !checked.contains($0.item) }
  }

  /// The record of a person; `nil` if it was withdrawn. Whom it names is not known if it cannot be read, so that
  /// nothing may leave then.
  private func person(_ index: UInt64) throws -> Record? {
    do { return try reader.record(at: index) } catch {
      guard case .withdrawn = error else { throw error }
      return nil
    }
  }

  private static func names(in record: Record, isClose: Bool) throws -> [WithheldName] {
    let fields = try Schema.named(record.kind).fields.filter { field in
      field.sensitivity == .identity && field.type.isFreeText && !field.isSetByProgram
    }
    return fields.flatMap { field in
      record.fields[field.name].map(texts)?.map {
        WithheldName(
          item: record.index, field: field.name, match: NameMatch($0, field: field.name), isClose: isClose)
      } ?? []
    }
  }

  private var places: [(phrase: Phrase, text: String, isFileName: Bool)] {
    var places: [(phrase: Phrase, text: String, isFileName: Bool)] = [
      ("the purpose", purpose, false), ("the contact line", contact, false),
    ]
    for item in items {
      let number = item.record.index
      let schema = try? Schema.named(item.record.kind)
      for member in item.record.fields.members where schema?.field(member.name)?.type.isFreeText ?? true {
        places += Self.texts(member.value).map { ("item \(number), \(member.name)", $0, false) }
      }
      for file in item.record.files {
        if let path = file.path?.text { places.append(("item \(number), the name of file \(path)", path, true)) }
      }
    }
    return places
  }

  private static func texts(_ json: JSON) -> [String] {
    switch json {
    case .string(let text): [text]
    case .array(let values): values.flatMap(texts)
    case .object(let object): object.members.flatMap { texts($0.value) }
    default: []
    }
  }

  /// The largest file of text that is searched, in bytes.
  static let maximumByteCount: UInt64 = 16 << 20
}
