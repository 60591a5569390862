internal import StrictJSON

/// What the index says of its items beyond their records: amendments, withdrawals, exports and every other event.
public struct CustodyBook: Sendable {
  /// A withdrawal of consent.
  public struct Withdrawal: Hashable, Sendable {
    /// The entry that says so.
    public let entry: UInt64
    /// The classes of recipients that it concerns; empty for all.
    public let classes: [String]

    func concerns(_ recipientClass: String) -> Bool {
      classes.isEmpty || classes.contains { $0.utf8.elementsEqual(recipientClass.utf8) }
    }
  }

  /// The events, in the order of entries.
  public private(set) var events: [Summary] = []
  private var amendments: [UInt64: [UInt64]] = [:]
  private var firstNumbers: [UInt64: UInt64] = [:]
  private var withdrawals: [UInt64: [Withdrawal]] = [:]
  /// For each testimony or person that was withdrawn for all, what it named: nothing else tells that any more.
  private(set) var coveredItems: [UInt64: [UInt64]] = [:]
  /// For each item that was withdrawn, what only its replaced records led to, or led to it, and is not concerned.
  private var uncoveredItems: [UInt64: Set<UInt64>] = [:]
  private var persons: [UInt64] = []
  /// Where an item came from: the place of the item with which it has one consent, and its own.
  private var origins: [UInt64: [Origin]] = [:]
  private var arrivals: [Place: [UInt64]] = [:]
  /// Items that were made here, and came back in a bundle of a copy of this vault.
  private var returnedItems: Set<UInt64> = []
  /// The entries that say that the sender of an item does not stand by it.
  private var disowningEntries: [UInt64: UInt64] = [:]
  /// The places in `events` of those about an item.
  private var places: [UInt64: [Int]] = [:]

  /// The key of a vault, in words, and the number of an item there.
  private struct Place: Hashable {
    let sender: String
    let item: UInt64
  }

  /// Where a received or collected item came from.
  private struct Origin {
    let place: Place
    /// The entry of that number there; `nil` where the entry of custody does not say it.
    let entry: KeptEntry?

    /// Whether both are one item: after a restored copy was accepted, numbers are given again under another name, and
    /// whoever seized a key gives them again with it.
    func isSame(as other: Origin) -> Bool {
      guard place == other.place else { return false }
      guard let entry, let known = other.entry else { return true }
      return entry == known
    }
  }

  /// Takes an entry in. What a key signed that was revoked can take away, and gives nothing free.
  ///
  /// - Parameter ownItem: Which item of this vault came back, says an entry of custody.
  mutating func note(
    _ summary: Summary, isTrusted: Bool = true, ownItem: (JSONObject) -> UInt64? = { _ in nil }
  ) {
    if let first = summary.amends {
      amendments[first, default: []].append(summary.index)
      firstNumbers[summary.index] = first
    }
    if Self.isOfAPerson(summary) { persons.append(summary.index) }
    guard summary.isEvent else { return }
    events.append(summary)
    for item in Set(Self.items(of: summary)) { places[item, default: []].append(events.count - 1) }
    if summary.kind == Withdrawing.kind, let item = Self.items(of: summary).first {
      let classes = summary.eventFields["classes"]?.arrayValue?.compactMap(\.stringValue) ?? []
      withdrawals[item, default: []].append(Withdrawal(entry: summary.index, classes: classes))
      let covered = Withdrawing.covered(in: summary.eventFields)
      if !covered.isEmpty { coveredItems[item, default: []] += covered }
      if isTrusted { uncoveredItems[item, default: []].formUnion(Withdrawing.uncovered(in: summary.eventFields)) }
    }
    if let item = DisownedItems.item(in: summary.eventFields) { disowningEntries[item] = summary.index }
    // The first arrival says where an item is from; amendments of it arrive under numbers of their own.
    if let (item, places) = Self.arrival(summary), origins[item] == nil {
      let own = ownItem(summary.eventFields).map { firstNumbers[$0] ?? $0 }
      arrive(item, from: own.map { self.origins(ofOwn: $0, thatCameFrom: places) } ?? places)
    }
  }

  private mutating func arrive(_ item: UInt64, from places: [Origin]) {
    origins[item] = places
    for origin in places { arrivals[origin.place, default: []].append(item) }
  }

  /// Where an item of this vault, some copy of which came back, is from: where it came from itself, or those places.
  private mutating func origins(ofOwn item: UInt64, thatCameFrom places: [Origin]) -> [Origin] {
    if let known = origins[item] { return known }
    arrive(item, from: places)
    returnedItems.insert(item)
    return places
  }

  /// The entry of custody stays when an item is withdrawn, so it is what says where that came from.
  private static func arrival(_ summary: Summary) -> (item: UInt64, origins: [Origin])? {
    guard summary.kind == "custody", let item = items(of: summary).first,
      let sender = summary.eventFields["from"]?.stringValue
    else { return nil }
    // To name another item frees it from nothing that was said of the one of its own number.
    var numbers: [UInt64] = []
    for name in ["bundle_first", "bundle_item", ArrivalField.first] {
      if let number = summary.eventFields[name]?.unsignedValue, !numbers.contains(number) { numbers.append(number) }
    }
    let origins = numbers.map { number in
      Origin(place: Place(sender: sender, item: number), entry: KeptEntry.of(number, in: summary.eventFields))
    }
    return origins.isEmpty ? nil : (item, origins)
  }

  static let person = "person"

  private static func isOfAPerson(_ summary: Summary) -> Bool {
    summary.kind == person || summary.kind == DisclosureRule.testimony
  }

  /// Whether an entry says something that a book holds.
  static func isOfNote(_ summary: Summary) -> Bool {
    summary.isEvent || summary.amends != nil || isOfAPerson(summary)
  }

  /// The entries that amended an item, oldest first.
  public func amendments(of item: UInt64) -> [UInt64] { amendments[item] ?? [] }

  /// The item that an entry amended, if it is an amendment.
  public func firstNumber(of entry: UInt64) -> UInt64? { firstNumbers[entry] }

  /// The withdrawals of consent for an item.
  public func withdrawals(of item: UInt64) -> [Withdrawal] { withdrawals[item] ?? [] }

  /// The entry by which consent was taken back for a class of recipients: for the item, or for one that came from the
  /// same item of the same sender in another bundle.
  public func withdrawal(of item: UInt64, for recipientClass: String) -> UInt64? {
    twins(of: item).lazy.flatMap { withdrawals(of: $0) }.first { $0.concerns(recipientClass) }?.entry
  }

  /// The items whose consent was taken back for a class of recipients.
  func withdrawnItems(for recipientClass: String) -> Set<UInt64> {
    let named = withdrawals.filter { $0.value.contains { $0.concerns(recipientClass) } }.keys
    return Set(named.flatMap { twins(of: $0) })
  }

  /// Whether an item was withdrawn itself, and for all.
  func isWithdrawnForAll(_ item: UInt64) -> Bool { withdrawals(of: item).contains(where: \.classes.isEmpty) }

  /// Whether replaced records alone tied an item to one that was withdrawn, and somebody said that this was a mistake.
  func isUncovered(_ item: UInt64, by withdrawn: UInt64) -> Bool {
    uncoveredItems[withdrawn]?.contains { firstNumbers[$0] ?? $0 == item } == true
  }

  /// Whether a record of an item is the one that counts now.
  func isCurrent(_ entry: UInt64, of item: UInt64) -> Bool { entry == amendments[item]?.last ?? item }

  /// The entry that says that an item came under a key which its sender revoked since, and is not what the sender
  /// stands by.
  public func disowningEntry(of item: UInt64) -> UInt64? { disowningEntries[item] }

  /// Whether there is such an entry at all.
  var hasDisownedItems: Bool { !disowningEntries.isEmpty }

  /// An item, and those that came from the same item of the same sender in other bundles.
  func twins(of item: UInt64) -> [UInt64] {
    [item] + arrivals(as: item).filter { $0 != item }
  }

  /// What came from the same item of the same sender as an item, that among them, by number.
  private func arrivals(as item: UInt64) -> [UInt64] {
    let same = (origins[item] ?? []).flatMap { origin in
      (arrivals[origin.place] ?? []).filter { other in
        (origins[other] ?? []).contains { $0.isSame(as: origin) }
      }
    }
    return Set(same).sorted()
  }

  /// Items that do not count: another bundle brought the same item of the same sender later, or it was made here, or
  /// that was withdrawn.
  var repeatedItems: Set<UInt64> {
    Set(
      origins.keys.filter { item in
        let same = arrivals(as: item)
        let counted = same.first(where: returnedItems.contains) ?? same.last
        return item != counted || same.contains(where: isWithdrawnForAll)
      })
  }

  /// The first item that came from an item of a sender; `nil` if none did.
  ///
  /// - Parameter isSame: Whether it can be this item here, of whose entry there this is kept.
  func firstArrival(from sender: String, item: UInt64, where isSame: (UInt64, KeptEntry?) -> Bool) -> UInt64? {
    let place = Place(sender: sender, item: item)
    return arrivals[place]?.first { here in isSame(here, origins[here]?.first { $0.place == place }?.entry) }
  }

  /// What was sealed to somebody, bundles and supplements, oldest first.
  var exports: [Summary] { events.filter(\.isExport) }

  /// The records of persons and of witnesses.
  var personNumbers: [UInt64] { persons }

  /// The events about an item, oldest first.
  public func events(about item: UInt64) -> [Summary] { (places[item] ?? []).map { events[$0] } }

  /// The items that an event is about.
  static func items(of event: Summary) -> [UInt64] { items(in: event.eventFields) }

  /// The items that the fields of an event name.
  static func items(in fields: JSONObject) -> [UInt64] {
    let numbers = [fields["item"]].compactMap { $0 } + (fields["items"]?.arrayValue ?? [])
    return numbers.compactMap { $0.unsignedValue }
  }
}

/// An item as it stands: its first entry, and those that amended it.
public struct CurrentItem: Sendable {
  /// Its number: that of the first entry.
  public let first: UInt64
  /// The record as it was added, and every amendment, oldest first.
  public let records: [Record]

  /// The record that counts now.
  public var current: Record { records[records.count - 1] }
}

extension VaultReader {
  /// What the events and amendments say; read once.
  ///
  /// - Throws: as `forEachSummary`.
  public func custody() throws(VaultError) -> CustodyBook {
    if let custodyBook { return custodyBook }
    var book = CustodyBook()
    let note = vault.note
    let task = CatalogTask<Summary, [Summary]>(isCurrent: false, empty: []) { summary, part in
      if CustodyBook.isOfNote(summary) { part.append(summary) }
    }
    try forEachPart(of: task) {
      for summary in $0 { book.note(summary, isTrusted: note.isTrusted(summary.index), ownItem: ownItem) }
    }
    custodyBook = book
    return book
  }

  /// An item with its amendments.
  ///
  /// - Throws: `VaultError.isAmendment` for the number of an amendment, `.withdrawn`, and as `record`.
  public func currentItem(_ number: UInt64) throws(VaultError) -> CurrentItem {
    let book = try custody()
    if let first = book.firstNumber(of: number) { throw .isAmendment(number, of: first) }
    let first = try record(at: number)
    guard (try? Schema.named(first.kind))?.isItem == true else { throw .notAnItem(number, kind: first.kind) }
    var records = [first]
    for entry in book.amendments(of: number) { records.append(try record(at: entry)) }
    return CurrentItem(first: number, records: records)
  }
}
