internal import StrictJSON

/// What the entries of a bundle say of one another: which of them amends which item, and what happened to which. A
/// sender can sign whatever they like, and programs would take different records for the one that counts.
///
/// Source: FORMAT section 7, step 8.
struct BundleEntryLinks {
  private let items: [Record]
  private let events: [Record]
  /// The item that an entry amends, by the number of the entry.
  private let amended: [UInt64: UInt64]
  /// The entry of each item that counts.
  private let last: [UInt64: UInt64]

  /// - Throws: `VaultError.bundle(.itemDoesNotFit)` for an entry that amends itself, a later one or an amendment, is an
  ///   item and an event, or an item of a kind that none has; and for an event that takes consent back, or would make
  ///   another record count than the one that is there.
  init(items: [Record], events: [Record]) throws(VaultError) {
    self.items = items
    self.events = events
    var amended: [UInt64: UInt64] = [:]
    for record in items + events {
      guard let link = record.fields[ProgramField.amends] else { continue }
      guard let item = link.unsignedValue, item < record.index else { throw Self.fault(record.index, events) }
      amended[record.index] = item
    }
    self.amended = amended
    last = Dictionary(items.map { (amended[$0.index] ?? $0.index, $0.index) }, uniquingKeysWith: max)
    try requireItems()
    try requireEvents()
  }

  private func requireItems() throws(VaultError) {
    let numbers = Set(events.map(\.index))
    for record in items {
      let isOfEvent = (try? Schema.named(record.kind)).map { !$0.isItem } ?? false
      guard !isOfEvent, !isOfAmendment(record), !numbers.contains(record.index) else {
        throw Self.fault(record.index, [])
      }
    }
  }

  private func requireEvents() throws(VaultError) {
    for event in events {
      // A newer record than the one that is there would count, and what was taken back is sent to nobody.
      let isNewer = amended[event.index].flatMap { last[$0] }.map { $0 < event.index } ?? false
      guard !isOfAmendment(event), !isNewer, event.kind != Withdrawing.kind else {
        throw Self.fault(event.index, events)
      }
    }
  }

  /// Requires that what a history names is the item, amends it, or says that it is about it, as far as it says.
  ///
  /// - Throws: `VaultError.bundle(.itemDoesNotFit)`.
  func require(_ entries: Set<UInt64>, inHistoryOf item: UInt64) throws(VaultError) {
    let own = Set([item] + amended.filter { $0.value == item }.keys)
    for record in items + events where entries.contains(record.index) && !own.contains(record.index) {
      let isItem = (try? Schema.named(record.kind))?.isItem ?? true
      let about = CustodyBook.items(in: record.fields)
      guard !isItem, about.isEmpty || !own.isDisjoint(with: about) else {
        throw .bundle(.itemDoesNotFit(item: item, path: Bag.custodyPath(item).text))
      }
    }
  }

  private func isOfAmendment(_ record: Record) -> Bool {
    amended[record.index].map { amended[$0] != nil } ?? false
  }

  private static func fault(_ entry: UInt64, _ events: [Record]) -> VaultError {
    let isEvent = events.contains { $0.index == entry }
    let path = isEvent ? Bag.eventPath(entry) : Bag.presentationPath(entry)
    return .bundle(.itemDoesNotFit(item: entry, path: path.text))
  }
}
