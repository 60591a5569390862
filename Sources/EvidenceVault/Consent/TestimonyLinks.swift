public import StrictJSON

/// What testimonies name as theirs: the recording of an interview, what the witness gave, the form on which consent
/// was given. Such an item goes back to the testimony that names it. Mostly it was added before, so that no field of
/// its own says so.
///
/// Source: FORMAT section 5.
struct TestimonyLinks {
  /// A record of a testimony.
  struct Line {
    /// The number of the entry.
    let entry: UInt64
    /// The item that it is of, by its first number.
    let testimony: UInt64
    /// What it names as its recording.
    let recordings: [UInt64]
    /// All that it names.
    let named: [UInt64]
  }

  private static let recording = "interview.recording"
  /// The fields of a testimony that name what goes back to it.
  static let fields = [recording, "attachments", "consent.evidence"]

  /// For each item, the testimonies whose current record names it.
  private var speakers: [UInt64: Set<UInt64>] = [:]
  /// For each item, the testimonies any of whose records names it.
  private var testimonies: [UInt64: Set<UInt64>] = [:]
  /// For each testimony, what any of its records names.
  private var items: [UInt64: Set<UInt64>] = [:]
  private var recordings: Set<UInt64> = []

  /// Goes over all records of testimonies. A record that an amendment replaced counts on, unless a key signed it that
  /// was revoked: whoever took that key could otherwise tie any item to a testimony of their own for good.
  init(_ lines: [Line], _ book: CustodyBook, isTrusted: (UInt64) -> Bool) {
    let known = Set(lines.map(\.testimony))
    func first(_ number: UInt64) -> UInt64 { book.firstNumber(of: number) ?? number }
    for line in lines {
      let isCurrent = line.entry == book.amendments(of: line.testimony).last ?? line.testimony
      guard isCurrent || isTrusted(line.entry) else { continue }
      // A witness speaks for the own words, whoever else names them.
      for item in line.named.map(first) where !known.contains(item) {
        testimonies[item, default: []].insert(line.testimony)
        items[line.testimony, default: []].insert(item)
        if isCurrent { speakers[item, default: []].insert(line.testimony) }
      }
      recordings.formUnion(line.recordings.map(first))
    }
    // The record of a testimony that was withdrawn for all is gone, and says nothing any more.
    for (testimony, covered) in book.coveredItems {
      for item in covered.map(first) where !known.contains(item) {
        testimonies[item, default: []].insert(testimony)
        items[testimony, default: []].insert(item)
      }
    }
  }

  /// The numbers in a field of a record, of one value or of a list.
  static func numbers(_ field: String, in record: JSONObject) -> [UInt64] {
    (record[field]?.arrayValue ?? record[field].map { [$0] } ?? [])
      .compactMap { $0.integerValue.flatMap { UInt64(exactly: $0) } }
  }

  /// All that a record of a testimony names as its own.
  static func named(in record: JSONObject) -> [UInt64] { fields.flatMap { numbers($0, in: record) } }

  /// The testimonies that speak for an item because they name it.
  func speakers(of item: UInt64) -> [UInt64] { (speakers[item] ?? []).sorted() }

  /// The testimonies that name an item, or once did.
  func testimonies(naming item: UInt64) -> [UInt64] { (testimonies[item] ?? []).sorted() }

  /// What a testimony names, or once did.
  func items(of testimony: UInt64) -> [UInt64] { (items[testimony] ?? []).sorted() }

  /// Whether an item is the recording of an interview.
  func isRecording(_ item: UInt64) -> Bool { recordings.contains(item) }

  fileprivate static func line(_ entry: EntryFields) -> Line {
    Line(
      entry: entry.index, testimony: entry.amends ?? entry.index, recordings: numbers(recording, in: entry.fields),
      named: named(in: entry.fields))
  }
}

extension VaultReader {
  /// What testimonies name; read once. Of the catalog, only the lines of testimonies are read.
  ///
  /// - Throws: as `custody`.
  func testimonyLinks() throws(VaultError) -> TestimonyLinks {
    if let knownTestimonyLinks { return knownTestimonyLinks }
    var lines: [TestimonyLinks.Line] = []
    let selection = FieldSelection(TestimonyLinks.fields)
    let task = CatalogTask<EntryFields, [TestimonyLinks.Line]>(
      isCurrent: false, empty: [],
      read: { head, scanner in
        if let kind = EntryFields.peekKind(scanner), kind != DisclosureRule.testimony { return .unwanted }
        return EntryFields(head, &scanner, fields: selection).map { .line($0) } ?? .unreadable
      }, collect: { entry, part in if entry.isTestimony { part.append(TestimonyLinks.line(entry)) } })
    try forEachPart(of: task) { lines += $0 }
    let links = TestimonyLinks(lines, try custody(), isTrusted: vault.note.isTrusted)
    knownTestimonyLinks = links
    return links
  }

  /// Whether a record is of a testimony that names other items as its own.
  public static func namesItems(_ fields: JSONObject, kind: String) -> Bool {
    kind == DisclosureRule.testimony && !TestimonyLinks.named(in: fields).isEmpty
  }

  /// The items that a testimony names and that do not say themselves whose consent speaks for them, each with the first
  /// field that names it; nothing for a record of another kind, or what cannot be read.
  ///
  /// Source: FORMAT section 5.
  public func namedWithoutConsentBy(in fields: JSONObject, kind: String) -> [(item: UInt64, field: String)] {
    guard kind == DisclosureRule.testimony else { return [] }
    var seen: Set<UInt64> = []
    return TestimonyLinks.fields.flatMap { field in
      TestimonyLinks.numbers(field, in: fields).filter { number in
        guard let book = try? custody(), let item = try? currentItem(book.firstNumber(of: number) ?? number) else {
          return false
        }
        guard seen.insert(item.first).inserted else { return false }
        return item.current.kind != DisclosureRule.testimony && item.current.fields[ConsentLineage.consentBy] == nil
      }.map { (item: $0, field: field) }
    }
  }
}
