internal import StrictJSON

/// Which items are looked for. All conditions must be met.
public struct ItemQuery: Sendable {
  /// Only this kind.
  public var kind: String?
  /// Only items of this case.
  public var caseCode: String?
  /// Only entries added on these days or later.
  public var since: TypedDays?
  /// Only entries added on these days or earlier.
  public var until: TypedDays?
  /// Events as well, if no kind is named.
  public var hasEvents = false
  /// Conditions on fields.
  public var conditions: [FieldCondition] = []
  /// Only testimonies whose witness has not agreed that they go to recipients of this class.
  public var withoutConsentTo: String?
  /// Only testimonies whose consent may end, or is to be asked for again, before this date.
  public var consentEndsBefore: ConsentDeadline?

  /// Looks for everything that is no event.
  public init() {}

  /// Text that the title, a field or the name of a file must have; letters count as equal in either case, and Tajik
  /// letters as equal to their Russian look-alikes.
  public var text: String? {
    get { needle?.text }
    set { needle = newValue.map(Needle.init) }
  }

  var needle: Needle?
  /// The testimonies whose consent was taken back for that class.
  private var withdrawn: Set<UInt64> = []

  /// Whether the conditions are about more than a summary says.
  public var needsFields: Bool {
    needle != nil || !conditions.isEmpty || withoutConsentTo != nil || consentEndsBefore != nil
  }

  /// Whether anything is looked for in particular.
  public var isNarrow: Bool { needsFields || kind != nil || caseCode != nil || since != nil || until != nil }

  /// Whether an entry with this summary is looked for, as far as a summary says.
  public func fits(_ summary: Summary) -> Bool {
    fits(kind: summary.kind, isEvent: summary.isEvent, caseCode: summary.caseCode, added: summary.added)
  }

  /// What fits of an entry; `nil` if it is not looked for.
  func hit(_ entry: EntryFields) -> SearchHit? {
    guard
      fits(kind: entry.kind, isEvent: entry.isEvent, caseCode: entry.caseCode, added: entry.added),
      conditions.allSatisfy({ $0.isMet(by: entry) }),
      withoutConsentTo.map({ isWithoutConsent(entry, to: $0) }) ?? true,
      consentEndsBefore.map({ $0.isPassed(by: entry) }) ?? true
    else { return nil }
    guard let needle else { return SearchHit(entry: entry, passage: nil) }
    return needle.passage(in: entry).map { SearchHit(entry: entry, passage: $0) }
  }

  private func isWithoutConsent(_ entry: EntryFields, to recipientClass: String) -> Bool {
    entry.isWithoutConsent(to: recipientClass) || (entry.isTestimony && withdrawn.contains(entry.index))
  }

  /// The query with what events say of the class that it asks about.
  func heeding(_ book: () throws(VaultError) -> CustodyBook) throws(VaultError) -> ItemQuery {
    guard let withoutConsentTo else { return self }
    var query = self
    query.withdrawn = try book().withdrawnItems(for: withoutConsentTo)
    return query
  }

  private func fits(kind: String, isEvent: Bool, caseCode: String?, added: String) -> Bool {
    if let wanted = self.kind {
      guard kind.utf8.elementsEqual(wanted.utf8) else { return false }
    } else {
      guard hasEvents || !isEvent else { return false }
    }
    if let wanted = self.caseCode, !(caseCode?.utf8.elementsEqual(wanted.utf8) ?? false) { return false }
    let day = added.utf8.prefix(10)
    if let since, day.lexicographicallyPrecedes(since.first.utf8) { return false }
    if let until, until.last.utf8.lexicographicallyPrecedes(day) { return false }
    return true
  }

  /// The fields that the conditions are about, and that a list shows; all, where a text is looked for.
  var fieldSelection: FieldSelection {
    if needle != nil { return .all }
    var names = ["title", "name", "case"] + conditions.map(\.field)
    if let withoutConsentTo { names.append("consent.\(withoutConsentTo)") }
    if consentEndsBefore != nil { names += ConsentDeadline.fields }
    return FieldSelection(names)
  }
}

/// An entry that is looked for.
public struct SearchHit: Sendable {
  /// What is looked for in it.
  public let entry: EntryFields
  /// Where the text stands, if one was looked for.
  public let passage: Passage?

  /// A text with what surrounds it.
  public struct Passage: Hashable, Sendable {
    /// The name of the field, or `file`.
    public let field: String
    /// The words around the text, on one line, with `…` where more follows.
    public let text: String
  }
}

extension VaultReader {
  /// Calls `body`, in the order of entries, with what `transform` makes of the hits on all cores. Items have their
  /// current record. With `allFields`, hits have all fields, otherwise at least those that were asked about.
  ///
  /// - Throws: as `forEachSummary`.
  public func forEachHit<Result: Sendable>(
    of query: ItemQuery, allFields: Bool, mapping transform: @escaping @Sendable (SearchHit) -> Result,
    _ body: (Result) -> Void
  ) throws(VaultError) {
    let query = try query.heeding(custody)
    let selection = allFields ? .all : query.fieldSelection
    let task = CatalogTask<EntryFields, [Result]>(
      isCurrent: true, empty: [],
      read: { head, scanner in
        if let kind = query.kind, EntryFields.peekKind(scanner) != kind { return .unwanted }
        if let needle = query.needle {
          var line = scanner
          guard needle.mayStand(in: scanner.bytes, line.skipLine()) else { return .unwanted }
        }
        return EntryFields(head, &scanner, fields: selection).map { .line($0) } ?? .unreadable
      }, collect: { entry, results in if let hit = query.hit(entry) { results.append(transform(hit)) } })
    try forEachPart(of: task) { $0.forEach(body) }
  }

  /// The current records of the items, and the events, that `query` looks for, with all their fields.
  ///
  /// - Throws: as `forEachSummary`.
  public func entries(_ query: ItemQuery) throws(VaultError) -> [EntryFields] {
    var entries: [EntryFields] = []
    try forEachHit(of: query, allFields: true, mapping: \.entry) { entries.append($0) }
    return entries
  }
}

extension Needle {
  private static let lettersAround = 40

  /// The first place of the text: in the title, in another field, in the name of a file.
  func passage(in entry: EntryFields) -> SearchHit.Passage? {
    if let title = entry.text("title"), let text = passage(in: title) {
      return SearchHit.Passage(field: "title", text: text)
    }
    for member in entry.fields.members {
      for text in Self.texts(member.value) {
        if let text = passage(in: text) { return SearchHit.Passage(field: member.name, text: text) }
      }
    }
    for file in entry.files {
      if let text = passage(in: file.path) { return SearchHit.Passage(field: "file", text: text) }
    }
    return nil
  }

  private static func texts(_ value: JSON) -> [String] {
    switch value {
    case .string(let text): [text]
    case .integer(let number): [String(number)]
    case .array(let values): values.flatMap(texts)
    default: []
    }
  }

  private func passage(in text: String) -> String? {
    guard let (start, count) = place(in: text) else { return nil }
    let scalars = text.unicodeScalars
    let first = max(0, start - Self.lettersAround)
    let last = start + count + Self.lettersAround
    let shown = scalars.dropFirst(first).prefix(last - first)
    let end = first + shown.count < scalars.count ? "…" : ""
    let words = String(String.UnicodeScalarView(shown)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return (first > 0 ? "…" : "") + words + end
  }
}
