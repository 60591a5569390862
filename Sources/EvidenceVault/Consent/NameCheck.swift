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
  /// Whether it is no name but a code name, by which the witness is not to be known there either.
  public let isCode: Bool
}

/// A file that goes, and that no program searched for names.
public struct UnsearchedFile: Hashable, Sendable {
  /// The entry that has it.
  public let item: UInt64
  /// Its path.
  public let path: String
}

/// Looks for names that are withheld in everything that would be shown, and for code names that consent withholds: one
/// that stands in a title, a file name or a text as well, of the same item or of another, would leave with it.
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
  /// What consent meets for an item; `nil` if nobody's consent speaks for it.
  let allowed: (CurrentItem) throws -> Set<Schema.ConsentNeed>?
  /// What the sender discloses and withholds on purpose.
  let choice: DisclosureChoice

  private struct WithheldName {
    let item: UInt64
    let field: String
    let match: Match

    enum Match {
      /// One word of the name is enough.
      case close(NameMatch)
      /// All words of it are needed.
      case distant(NameMatch)
      case code(CodeMatch)
    }

    var hasNumber: Bool {
      switch match {
      case .close(let name), .distant(let name): name.hasNumber
      case .code: false
      }
    }

    var isCode: Bool { if case .code = match { true } else { false } }

    func place(in text: NameSearchText) -> NameSearchText.Place? {
      switch match {
      case .close(let name): name.place(in: text)
      case .distant(let name): name.wholePlace(in: text)
      case .code(let code): code.place(in: text)
      }
    }
  }

  /// Searches, and returns the files that were not searched.
  ///
  /// - Returns: These, and the testimonies of witnesses whose names must not go and are not known here.
  /// - Throws: `VaultError.identityWouldLeak` with every place, and what reading files and records throws.
  func run() throws -> (unsearched: [UnsearchedFile], nameless: [UInt64]) {
    let names = try (withheldNames() + withheldCodes()).filter { !checked.contains($0.item) }
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
        guard !names.isEmpty else { return }
        TextContent.forEachReading(of: content) { reading in
          let new = Self.findings(of: names, in: NameSearchText(readings: [reading])) { line in
            "item \(number), the content of file \(path.text), line \(line)"
          }
          findings += new.filter { !findings.contains($0) }
        }
      }
    }
    guard findings.isEmpty else { throw VaultError.identityWouldLeak(findings) }
    return (unsearched, try nameless())
  }

  private func nameless() throws -> [UInt64] {
    try concerned.filter { item in
      guard item.current.kind == DisclosureRule.testimony, try allowed(item)?.contains(.name) != true else {
        return false
      }
      let persons = item.current.fields.entryNumbers(TestimonyLinks.witness).compactMap { try? reader.currentItem($0) }
      return try (item.records + persons.flatMap(\.records)).allSatisfy { record in
        try !Self.names(in: record).contains { NameMatch.isName($0.field) }
      }
    }.map(\.first)
  }

  private static func findings(
    of names: [WithheldName], in text: NameSearchText, at place: (_ line: Int) -> Phrase
  ) -> [NameFinding] {
    var findings: [NameFinding] = []
    for name in names {
      guard let found = name.place(in: text) else { continue }
      let finding = NameFinding(
        item: name.item, field: name.field, word: found.word, place: place(found.line), isCode: name.isCode)
      if !findings.contains(finding) { findings.append(finding) }
    }
    return findings
  }

  /// Every value of an identity field that is not shown: of the items that were asked for, in every record that they
  /// had, and of whoever speaks for them; and the names and telephone numbers of all other witnesses and persons.
  private func withheldNames() throws -> [WithheldName] {
    let shown = try items.flatMap { try Self.names(in: $0.record) }
    let shownValues = Set(shown.map(\.value))
    let shownNames = shown.filter { NameMatch.isName($0.field) }.map(\.value)
    let book = try reader.custody()
    func withheld(_ record: Record, _ match: (NameMatch) -> WithheldName.Match, isOwn: Bool) throws -> [WithheldName] {
      // What is disclosed on purpose may stand elsewhere, too, in whatever alphabet.
      try Self.names(in: record).filter { field, value in
        !shownValues.contains(value) && !(NameMatch.isName(field) && NameMatch.isSame(value, asOneOf: shownNames))
      }.map { field, value in
        WithheldName(
          item: book.firstNumber(of: record.index) ?? record.index, field: field,
          match: match(NameMatch(value, field: field, isOwn: isOwn)))
      }
    }
    let own = try concerned.flatMap { try $0.records.flatMap { try withheld($0, { .close($0) }, isOwn: true) } }
    let known = Set(concerned.flatMap { item in item.records.map(\.index) })
    let tied = Set(concerned.flatMap { $0.records.flatMap(Self.persons) }.map { book.firstNumber(of: $0) ?? $0 })
    let persons = try book.personNumbers.filter { !known.contains($0) }.compactMap(person)
    let others = try persons.flatMap { person in
      let isPerson = person.kind == CustodyBook.person
      let isOwn = tied.contains(book.firstNumber(of: person.index) ?? person.index)
      return try withheld(person, { isPerson ? .close($0) : .distant($0) }, isOwn: isOwn).filter {
        NameMatch.isName($0.field) || $0.hasNumber
      }
    }
    return own + others
  }

  /// The numbers of the persons that a record is about.
  private static func persons(of record: Record) -> [UInt64] {
    let fields = (try? Schema.named(record.kind))?.fields.filter { $0.links.contains(CustodyBook.person) } ?? []
    return fields.flatMap { record.fields.entryNumbers($0.name) }
  }

  /// Every code name by which the witness is not to be known there, or that the sender withholds. Where nobody's
  /// consent speaks, codes are what people write instead of names.
  private func withheldCodes() throws -> [WithheldName] {
    let shown = try Set(
      items.flatMap { try Self.codes(in: $0.record) }.filter { choice.disclosed.contains($0.field) }.map(\.value))
    return try concerned.flatMap { item -> [WithheldName] in
      let isRefused = try allowed(item).map { !$0.contains(.code) } ?? false
      return try item.records.flatMap { try Self.codes(in: $0) }.filter { field, value in
        (isRefused || choice.withheld.contains(field)) && !shown.contains(value)
      }.map { WithheldName(item: item.first, field: $0.field, match: .code(CodeMatch($0.value))) }
    }
  }

  /// The record of a person; `nil` if it was withdrawn. Whom it names is not known if it cannot be read, so that
  /// nothing may leave then.
  private func person(_ index: UInt64) throws -> Record? {
    do { return try reader.record(at: index) } catch {
      guard case .withdrawn = error else { throw error }
      return nil
    }
  }

  private static func names(in record: Record) throws -> [(field: String, value: String)] {
    try values(in: record) { $0.sensitivity == .identity && !$0.isSetByProgram }
  }

  private static func codes(in record: Record) throws -> [(field: String, value: String)] {
    try values(in: record) { $0.sensitivity != .identity && $0.consentNeed == .code }
  }

  private static func values(
    in record: Record, where isMeant: (Schema.Field) -> Bool
  ) throws -> [(field: String, value: String)] {
    try Schema.named(record.kind).fields.filter { $0.type.isFreeText && isMeant($0) }.flatMap { field in
      record.fields[field.name].map(texts)?.map { (field.name, $0) } ?? []
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
