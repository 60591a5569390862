public import StrictJSON

/// What testimonies name as theirs: the recording of an interview, what the witness gave, the form on which consent
/// was given, and the person who the witness is; and what persons name as their picture. Such an item goes back to
/// what names it. Mostly it was added before, so that no field of its own says so.
///
/// Source: FORMAT section 5.
struct TestimonyLinks {
  /// A record of a testimony or of a person.
  struct Line {
    /// The number of the entry.
    let entry: UInt64
    /// The item that it is of, by its first number.
    let owner: UInt64
    /// Whether that is a testimony.
    var isTestimony = true
    /// What it names as its recording.
    var recordings: [UInt64] = []
    /// What it names as the form on which consent was given.
    var consentForms: [UInt64] = []
    /// All that it names.
    let named: [UInt64]
  }

  private static let recording = "interview.recording"
  private static let consentForm = "consent.evidence"
  /// The fields of a testimony that name documents which go back to it.
  static let fields = [recording, "attachments", consentForm]
  static let witness = "witness.person"
  private static let picture = "picture"
  /// The field of a document that names the persons on it.
  static let shown = "people_shown.persons"
  /// The fields that lead from and to persons.
  static let personFields = [witness, picture, shown]
  private static let read = fields + [witness, picture]

  /// For each item, the testimonies whose current record names it.
  private var speakers: [UInt64: Set<UInt64>] = [:]
  /// For each item, the persons whose current record has it as their picture.
  private var pictured: [UInt64: Set<UInt64>] = [:]
  /// For each item, what any of whose records names it.
  private var owners: [UInt64: Set<UInt64>] = [:]
  /// For each testimony or person, what any of its trusted records names.
  private var items: [UInt64: Set<UInt64>] = [:]
  private var recordings: Set<UInt64> = []
  private var consentForms: Set<UInt64> = []

  /// Goes over all records of testimonies and persons. A record that an amendment replaced counts on, unless a key
  /// signed it that was revoked: whoever took that key could otherwise tie any item to a testimony of their own for
  /// good. One that was not replaced keeps what it names from being exported, until somebody amends or withdraws it. So
  /// does one that came, and that its sender does not stand by.
  init(_ lines: [Line], _ book: CustodyBook, isTrusted: (UInt64) -> Bool) {
    let known = Set(lines.filter(\.isTestimony).map(\.owner))
    func first(_ number: UInt64) -> UInt64 { book.firstNumber(of: number) ?? number }
    for line in lines {
      let isCurrent = book.isCurrent(line.entry, of: line.owner)
      // What an amendment says here, this vault says.
      let isDisowned = line.entry == line.owner && book.disowningEntry(of: line.owner) != nil
      let isTrusted = isTrusted(line.entry) && !isDisowned
      guard isCurrent || isTrusted else { continue }
      // A witness speaks for the own words, whoever else names them.
      for item in line.named.map(first) where !known.contains(item) {
        guard isCurrent || !book.isUncovered(item, by: line.owner) else { continue }
        owners[item, default: []].insert(line.owner)
        if isTrusted { items[line.owner, default: []].insert(item) }
        guard isCurrent else { continue }
        if line.isTestimony {
          speakers[item, default: []].insert(line.owner)
        } else {
          pictured[item, default: []].insert(line.owner)
        }
      }
      recordings.formUnion(line.recordings.map(first))
      consentForms.formUnion(line.consentForms.map(first))
    }
    // The record of what was withdrawn for all is gone, and says nothing any more.
    for (owner, covered) in book.coveredItems {
      for item in covered.map(first) where !known.contains(item) {
        owners[item, default: []].insert(owner)
        items[owner, default: []].insert(item)
      }
    }
  }

  /// All that a record of a testimony names as its own.
  static func named(in record: JSONObject) -> [UInt64] { (fields + [witness]).flatMap { record.entryNumbers($0) } }

  /// The testimonies that speak for an item because they name it.
  func speakers(of item: UInt64) -> [UInt64] { (speakers[item] ?? []).sorted() }

  /// The persons whose picture an item is.
  func persons(pictured item: UInt64) -> [UInt64] { (pictured[item] ?? []).sorted() }

  /// The testimonies and persons that name an item, or once did.
  func owners(naming item: UInt64) -> [UInt64] { (owners[item] ?? []).sorted() }

  /// What a testimony or person names now.
  func currentItems(of owner: UInt64) -> Set<UInt64> {
    Set((speakers.merging(pictured) { $0.union($1) }).filter { $0.value.contains(owner) }.keys)
  }

  /// What a testimony or person names, or once did, by records that are trusted.
  func items(of owner: UInt64) -> [UInt64] { (items[owner] ?? []).sorted() }

  /// Whether a testimony names an item as the recording of its interview.
  func isRecording(_ item: UInt64) -> Bool { recordings.contains(item) }

  /// Whether a testimony names an item as the form on which consent was given.
  func isConsentForm(_ item: UInt64) -> Bool { consentForms.contains(item) }

  fileprivate static let selection = FieldSelection(read)

  fileprivate static func isOwner(_ kind: String) -> Bool {
    kind == DisclosureRule.testimony || kind == CustodyBook.person
  }

  fileprivate static func line(_ entry: EntryFields) -> Line {
    let isTestimony = entry.kind == DisclosureRule.testimony
    return Line(
      entry: entry.index, owner: entry.amends ?? entry.index, isTestimony: isTestimony,
      recordings: isTestimony ? entry.fields.entryNumbers(recording) : [],
      consentForms: isTestimony ? entry.fields.entryNumbers(consentForm) : [],
      named: isTestimony ? named(in: entry.fields) : entry.fields.entryNumbers(picture))
  }
}

extension VaultReader {
  /// What testimonies and persons name; read once. Of the catalog, only their lines are read.
  ///
  /// - Throws: as `custody`.
  func testimonyLinks() throws(VaultError) -> TestimonyLinks {
    if let knownTestimonyLinks { return knownTestimonyLinks }
    var lines: [TestimonyLinks.Line] = []
    let task = CatalogTask<EntryFields, [TestimonyLinks.Line]>(
      isCurrent: false, empty: [],
      read: { head, scanner in
        if let kind = EntryFields.peekKind(scanner), !TestimonyLinks.isOwner(kind) { return .unwanted }
        return EntryFields(head, &scanner, fields: TestimonyLinks.selection).map { .line($0) } ?? .unreadable
      }, collect: { entry, part in if TestimonyLinks.isOwner(entry.kind) { part.append(TestimonyLinks.line(entry)) } })
    try forEachPart(of: task) { lines += $0 }
    let links = TestimonyLinks(lines, try custody(), isTrusted: vault.note.isTrusted)
    knownTestimonyLinks = links
    return links
  }

  /// The items that a testimony names and that do not say themselves whose consent speaks for them, each with the first
  /// field that names it; nothing for a record of another kind, or what cannot be read.
  ///
  /// Source: FORMAT section 5.
  public func namedWithoutConsentBy(in fields: JSONObject, kind: String) -> [(item: UInt64, field: String)] {
    guard kind == DisclosureRule.testimony else { return [] }
    var seen: Set<UInt64> = []
    return TestimonyLinks.fields.flatMap { field in
      fields.entryNumbers(field).filter { number in
        guard let book = try? custody(), let item = try? currentItem(book.firstNumber(of: number) ?? number) else {
          return false
        }
        guard seen.insert(item.first).inserted else { return false }
        return item.current.kind != DisclosureRule.testimony && item.current.fields[ConsentLineage.consentBy] == nil
      }.map { (item: $0, field: field) }
    }
  }
}
