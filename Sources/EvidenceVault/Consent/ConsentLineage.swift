public import StrictJSON
internal import Wording

/// What an item goes back to: what it was made from, whose consent speaks for it, and what came from the same item of
/// the same sender in other bundles. An item that a testimony names as its own goes back to it, too.
///
/// Source: FORMAT section 5.
struct ConsentLineage {
  static let consentBy = "consent.by"
  /// What a received item has one consent with: the first one here that came from the same item of the same sender. The
  /// program sets it, so that whoever gets both knows it, too.
  static let sameAs = "consent.same_as"
  /// Fields that lead from an item to what it was made from, whose consent then speaks for it too.
  private static let sources = ["of", "translation_of", "derived_from"]
  /// The fields that lead from an item to what it goes back to.
  static let fields = sources + [consentBy]
  private static let maximumDepth = 64

  private let reader: VaultReader
  private let book: CustodyBook
  private let links: TestimonyLinks
  private var items: [UInt64: Result<CurrentItem, VaultError>] = [:]
  private var speakers: [UInt64: [UInt64]] = [:]
  /// Whether an item of which somebody was asked for speakers, or something that it was made from, was received and
  /// nobody's consent speaks for it.
  private(set) var hasUnspoken = false

  init(_ reader: VaultReader) throws(VaultError) {
    self.reader = reader
    book = try reader.custody()
    links = try reader.testimonyLinks()
  }

  /// An item as it stands; read once.
  mutating func item(_ number: UInt64) -> Result<CurrentItem, VaultError> {
    if let known = items[number] { return known }
    let result = Result { () throws(VaultError) in try reader.currentItem(number) }
    items[number] = result
    return result
  }

  private static func number(_ field: String, in record: Record) -> UInt64? {
    record.fields[field]?.integerValue.flatMap { UInt64(exactly: $0) }
  }

  /// The item that a record has one consent with, as its sender says.
  static func sameAs(in record: Record) -> UInt64? { number(sameAs, in: record) }

  /// The number by which an item goes, of whatever entry of it.
  private func first(_ number: UInt64) -> UInt64 { book.firstNumber(of: number) ?? number }

  // MARK: - Everything

  /// The item and all that it goes back to by any of its records, also by those that an amendment replaced.
  mutating func ancestors(of item: UInt64) -> [UInt64] {
    var found: [UInt64] = []
    var seen: Set<UInt64> = []
    var waiting = [item]
    while let next = waiting.popLast() {
      for twin in book.twins(of: next) where seen.insert(twin).inserted {
        found.append(twin)
        waiting += links.testimonies(naming: twin)
        guard case .success(let item) = self.item(twin) else { continue }
        waiting += item.records.flatMap { record in
          Self.fields.compactMap { Self.number($0, in: record).map(first) }
        }
      }
    }
    return found
  }

  /// The entry by which consent was taken back, for a class of recipients, for any of `items`.
  mutating func withdrawal(of items: [UInt64], for recipientClass: String) -> UInt64? {
    for number in items {
      if let entry = book.withdrawal(of: number, for: recipientClass) { return entry }
      if case .failure(.withdrawn(_, let entry)) = self.item(number) { return entry }
    }
    return nil
  }

  // MARK: - What goes along

  /// What has to go along with `items` so that what their witnesses allow binds whoever gets them: the testimonies that
  /// speak for them, and what lies between. Nothing for items for which nobody's consent speaks.
  mutating func companions(of items: Set<UInt64>) -> [CurrentItem] {
    var found: Set<UInt64> = []
    for number in items.sorted() {
      let speakers = speakers(of: number)
      guard !speakers.isEmpty else { continue }
      var seen: Set<UInt64> = [number]
      var waiting = [number]
      while let next = waiting.popLast() {
        // What came of the same item binds it, and so does whoever speaks for that.
        waiting += book.twins(of: next).filter { seen.insert($0).inserted }
        guard case .success(let item) = self.item(next), item.current.kind != DisclosureRule.testimony else { continue }
        let named = Self.number(Self.consentBy, in: item.current)
        let sources = named.map { [$0] } ?? Self.sources.compactMap { Self.number($0, in: item.current) }
        waiting += (sources.map(first) + links.speakers(of: next)).filter { seen.insert($0).inserted }
      }
      found.formUnion(seen.union(speakers))
    }
    return found.subtracting(items).sorted().compactMap { try? item($0).get() }
  }

  /// The fields of a testimony that tie something among `items` to it: without them whoever gets both would not know
  /// whose consent speaks for it.
  func ties(of record: Record, to items: Set<UInt64>) -> Set<String> {
    guard record.kind == DisclosureRule.testimony else { return [] }
    return Set(
      TestimonyLinks.fields.filter { field in
        TestimonyLinks.numbers(field, in: record.fields).contains { items.contains(first($0)) }
      })
  }

  // MARK: - Who speaks

  /// Whether an item, or what came from the same place, is the recording of an interview.
  func isRecording(_ number: UInt64) -> Bool { book.twins(of: number).contains(where: links.isRecording) }

  /// The testimonies that speak for an item as it stands: itself, those that it names, or those that speak for what it
  /// was made from; those that name it; and for what came from the same place. What cannot be read is among them, so
  /// that it is refused.
  mutating func speakers(of number: UInt64) -> [UInt64] {
    var seen: Set<UInt64> = []
    return speakers(of: number, depth: 0).filter { seen.insert($0).inserted }
  }

  private mutating func speakers(of number: UInt64, depth: Int) -> [UInt64] {
    if let known = speakers[number] { return known }
    // What goes too far back to be followed is as what cannot be read.
    guard depth < Self.maximumDepth else { return [number] }
    speakers[number] = []
    let own = ownSpeakers(of: number, depth: depth)
    let others = book.twins(of: number).dropFirst().flatMap { ownSpeakers(of: $0, depth: depth) }
    if own.isEmpty, case .success(let item) = self.item(number), item.isReceived { hasUnspoken = true }
    // That a bundle came without a testimony says nothing where another one brought it.
    let result = own + (own.isEmpty ? others : others.filter { $0 != ReceivedField.missing })
    speakers[number] = result
    return result
  }

  private mutating func ownSpeakers(of number: UInt64, depth: Int) -> [UInt64] {
    guard case .success(let item) = self.item(number) else { return [number] }
    if item.current.kind == DisclosureRule.testimony { return [number] }
    // A recording can have several voices in it: whatever its own field says, all have to allow it.
    let naming = links.speakers(of: number).flatMap { book.twins(of: $0) }
    if let named = Self.number(Self.consentBy, in: item.current) { return book.twins(of: first(named)) + naming }
    return naming
      + Self.sources.flatMap { field in
        Self.number(field, in: item.current).map { speakers(of: first($0), depth: depth + 1) } ?? []
      }
  }
}

extension CurrentItem {
  /// Whether it came in a bundle.
  fileprivate var isReceived: Bool { records.contains { ReceivedField.isReceived($0.fields) } }
}

extension VaultReader {
  /// Requires that `consent.by`, if it is among the fields, is the number of a testimony: another would only be found
  /// when the item is to be sent.
  ///
  /// - Throws: `VaultError.invalidValue`.
  public func requireTestimony(consentBy fields: JSONObject) throws(VaultError) {
    guard let value = fields[ConsentLineage.consentBy]?.integerValue else { return }
    let kind: String
    do { kind = try record(at: UInt64(exactly: value) ?? .max).kind } catch {
      switch error {
      case .noSuchItem: throw .invalidValue(field: ConsentLineage.consentBy, expected: "the number of a testimony")
      // What was withdrawn is refused when something is to be sent, and with its reason.
      default: return
      }
    }
    guard kind != DisclosureRule.testimony else { return }
    throw .invalidValue(
      field: ConsentLineage.consentBy,
      expected: "the number of a testimony, and entry \(value) is of kind \(Phrase(verbatim: kind))")
  }

  /// The items that go back to an item, by any of their records or by being named in it, and those that came from the
  /// same item of the same sender; without those that were withdrawn for all.
  func descendants(of item: UInt64) throws(VaultError) -> [UInt64] {
    let (book, links) = try (custody(), testimonyLinks())
    var made: [UInt64: Set<UInt64>] = [:]
    let selection = FieldSelection(ConsentLineage.fields)
    let task = CatalogTask<EntryFields, [EntryFields]>(
      isCurrent: false, empty: [],
      read: { head, scanner in EntryFields(head, &scanner, fields: selection).map { .line($0) } ?? .unreadable },
      collect: { entry, part in if !entry.isEvent, !entry.fields.isEmpty { part.append(entry) } })
    try forEachPart(of: task) { part in
      for entry in part {
        for source in ConsentLineage.fields.flatMap(entry.numbers).compactMap({ UInt64(exactly: $0) }) {
          made[book.firstNumber(of: source) ?? source, default: []].insert(entry.amends ?? entry.index)
        }
      }
    }
    var found: Set<UInt64> = [item]
    var waiting = [item]
    while let next = waiting.popLast() {
      for number in book.twins(of: next) + (made[next] ?? []) + links.items(of: next)
      where found.insert(number).inserted {
        waiting.append(number)
      }
    }
    return found.filter { $0 != item && !book.isWithdrawnForAll($0) }.sorted()
  }
}
