internal import StrictJSON

/// What an item goes back to: what it was made from, whose consent speaks for it, and what came from the same item of
/// the same sender in other bundles. An item that a testimony names as its own goes back to it, too, and a picture to
/// the persons on it.
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
  /// These, and the one that leads from a picture to the persons on it.
  static let leading = fields + [TestimonyLinks.shown]
  private static let maximumDepth = 64

  private let reader: VaultReader
  private let book: CustodyBook
  private let links: TestimonyLinks
  private let items: ItemCache
  private var speakers: [UInt64: [UInt64]] = [:]
  private var knownTwins: [UInt64: [UInt64]] = [:]
  /// Whether an item of which somebody was asked for speakers, or something that it was made from, was received and
  /// nobody's consent speaks for it.
  private(set) var hasUnspoken = false

  /// - Parameter items: What was read before; only for the same reader.
  init(_ reader: VaultReader, items: ItemCache = ItemCache()) throws(VaultError) {
    (self.reader, self.items) = (reader, items)
    book = try reader.custody()
    links = try reader.testimonyLinks()
  }

  /// An item as it stands; read once.
  func item(_ number: UInt64) -> Result<CurrentItem, VaultError> { items.item(number, of: reader) }

  private static func number(_ field: String, in record: Record) -> UInt64? {
    record.fields[field]?.unsignedValue
  }

  /// The item that a record has one consent with, as its sender says.
  static func sameAs(in record: Record) -> UInt64? { number(sameAs, in: record) }

  /// The number by which an item goes, of whatever entry of it.
  private func first(_ number: UInt64) -> UInt64 { book.firstNumber(of: number) ?? number }

  /// An item, and what came from the same place; worked out once.
  mutating func twins(of number: UInt64) -> [UInt64] {
    if let known = knownTwins[number] { return known }
    let twins = book.twins(of: number)
    knownTwins[number] = twins
    return twins
  }

  // MARK: - Everything

  /// The item and all that it goes back to by any of its records, also by those that an amendment replaced.
  mutating func ancestors(of item: UInt64) -> [UInt64] {
    var found: [UInt64] = []
    var seen: Set<UInt64> = []
    var waiting = [item]
    var followed: Set<UInt64> = []
    while let next = waiting.popLast() {
      guard followed.insert(next).inserted else { continue }
      for twin in twins(of: next) where seen.insert(twin).inserted {
        found.append(twin)
        waiting += links.owners(naming: twin)
        guard case .success(let item) = self.item(twin) else { continue }
        for record in item.records {
          let isCurrent = book.isCurrent(record.index, of: twin)
          waiting += Self.leading.flatMap { record.fields.entryNumbers($0) }.map(first)
            .filter { isCurrent || !book.isUncovered(twin, by: $0) }
        }
      }
    }
    return found
  }

  /// The entry by which consent was taken back, for a class of recipients, for any of `items`.
  mutating func withdrawal(of items: [UInt64], for recipientClass: String) -> UInt64? {
    for number in items {
      let taken = twins(of: number).lazy.flatMap { [book] in book.withdrawals(of: $0) }
      if let taken = taken.first(where: { $0.concerns(recipientClass) }) { return taken.entry }
      if case .failure(.withdrawn(_, let entry)) = self.item(number) { return entry }
    }
    return nil
  }

  // MARK: - What goes along

  /// What has to go along with `items` so that what their witnesses allow binds whoever gets them: the testimonies that
  /// speak for them, and what lies between. Nothing for items for which nobody's consent speaks.
  ///
  /// - Parameter isNamed: Whether the witness who speaks for an item may be known by name: without that, nothing goes
  ///   along that would tell which person the witness is.
  mutating func companions(
    of items: Set<UInt64>, isNamed: (CurrentItem) throws -> Bool
  ) throws -> [CurrentItem] {
    var found: Set<UInt64> = []
    for number in items.sorted() {
      let speakers = speakers(of: number)
      guard !speakers.isEmpty else { continue }
      var seen: Set<UInt64> = [number]
      var waiting = [number]
      while let next = waiting.popLast() {
        // What came of the same item binds it, and so does whoever speaks for that.
        waiting += twins(of: next).filter { seen.insert($0).inserted }
        guard case .success(let item) = self.item(next), item.current.kind != DisclosureRule.testimony else { continue }
        let named = Self.number(Self.consentBy, in: item.current)
        if named != nil { found.formUnion(origins(of: item)) }
        var steps = named.map { [first($0)] } ?? sources(of: item.current)
        let persons = persons(in: item).filter { !self.speakers(of: $0).isEmpty }
        let isOfPerson = item.current.kind == CustodyBook.person
        if !isOfPerson { steps += links.speakers(of: next) }
        if isOfPerson || !persons.isEmpty, try isNamed(item) {
          steps += isOfPerson ? links.speakers(of: next) : persons
        }
        waiting += steps.filter { seen.insert($0).inserted }
      }
      found.formUnion(seen)
      guard case .success(let item) = item(number), item.current.kind != CustodyBook.person else { continue }
      found.formUnion(speakers)
    }
    return found.subtracting(items).sorted().compactMap { try? item($0).get() }
  }

  /// What an item was made from, in any number of steps, which says what its files are, whoever speaks for it. Who
  /// speaks for these is not asked here, and the testimonies among them do not go along for that.
  private mutating func origins(of item: CurrentItem) -> Set<UInt64> {
    var found: Set<UInt64> = []
    var waiting = sources(of: item.current)
    while let next = waiting.popLast() {
      guard case .success(let source) = self.item(next), source.current.kind != DisclosureRule.testimony,
        found.insert(next).inserted
      else { continue }
      waiting += sources(of: source.current)
    }
    return found
  }

  // MARK: - Who speaks

  /// What a record was made from.
  func sources(of record: Record) -> [UInt64] { Self.sources.compactMap { Self.number($0, in: record).map(first) } }

  /// Whether a testimony names an item as the recording of its interview.
  func isNamedRecording(_ number: UInt64) -> Bool { links.isRecording(number) }

  /// Whether a testimony names an item as the form on which consent was given.
  func isNamedConsentForm(_ number: UInt64) -> Bool { links.isConsentForm(number) }

  /// The persons whom a document shows, as it says itself or as their records do.
  func persons(in item: CurrentItem) -> [UInt64] {
    item.current.fields.entryNumbers(TestimonyLinks.shown).map(first)
      + links.persons(pictured: item.first)
  }

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
    let others = twins(of: number).dropFirst().flatMap { ownSpeakers(of: $0, depth: depth) }
    // That a bundle came without a testimony says nothing where another one brought it.
    let result = own + (own.isEmpty ? others : others.filter { $0 != .missingEntry })
    if result.isEmpty, case .success(let item) = self.item(number), item.isReceived { hasUnspoken = true }
    speakers[number] = result
    return result
  }

  private mutating func ownSpeakers(of number: UInt64, depth: Int) -> [UInt64] {
    guard case .success(let item) = self.item(number) else { return [number] }
    if item.current.kind == DisclosureRule.testimony { return [number] }
    // A recording can have several voices in it: whatever its own field says, all have to allow it.
    return tiedSpeakers(of: item, depth: depth) + speakersOfPersons(in: item, depth: depth)
  }

  /// Whoever speaks for an item by what a bundle shows: its own field, what it was made from, or a testimony's.
  private mutating func tiedSpeakers(of item: CurrentItem, depth: Int) -> [UInt64] {
    let naming = links.speakers(of: item.first).flatMap { twins(of: $0) }
    if let named = Self.number(Self.consentBy, in: item.current) { return twins(of: first(named)) + naming }
    // Only of what was collected, somebody is known to have spoken for what did not come.
    let isCollected = item.current.fields[CollectedField.item] != nil && !item.isReceived
    let sources = sources(of: item.current).filter { isCollected || $0 != .missingEntry }
    return naming + sources.flatMap { speakers(of: $0, depth: depth + 1) }
  }

  /// Whether somebody speaks for an item only because it shows a person, beside others.
  mutating func hasWitnessByPersonAlone(_ item: CurrentItem) -> Bool {
    let tied = Set(tiedSpeakers(of: item, depth: 0))
    return !tied.isEmpty && !tied.isSuperset(of: speakersOfPersons(in: item, depth: 0))
  }

  /// Whoever speaks for the persons on a picture. That one of them was received without consent, says nothing of it.
  private mutating func speakersOfPersons(in item: CurrentItem, depth: Int) -> [UInt64] {
    let before = hasUnspoken
    defer { hasUnspoken = before }
    return persons(in: item).flatMap { speakers(of: $0, depth: depth + 1) }
  }

  /// Whether a testimony speaks for a person because that is its witness.
  mutating func isWitness(_ person: UInt64, of testimony: UInt64) -> Bool {
    twins(of: person).contains { links.speakers(of: $0).flatMap { twins(of: $0) }.contains(testimony) }
  }
}

extension CurrentItem {
  /// Whether it came in a bundle.
  var isReceived: Bool { records.contains { ReceivedField.isReceived($0.fields) } }
}

/// Items that were read, so that each is read once for a bundle.
final class ItemCache {
  private var items: [UInt64: Result<CurrentItem, VaultError>] = [:]

  func item(_ number: UInt64, of reader: VaultReader) -> Result<CurrentItem, VaultError> {
    if let known = items[number] { return known }
    let result = Result { () throws(VaultError) in try reader.currentItem(number) }
    items[number] = result
    return result
  }
}
