internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What a sender signed of the history of their index in a bundle, kept to be held against what comes later: a sender
/// who signs two histories is found out by whoever has something of both.
///
/// What came under a key that the sender revoked since, whoever seized it may have signed. It is not held against the
/// sender, and what of it is not shown to be of the sender's history is told.
///
/// Source: FORMAT section 14.
struct SenderHistory {
  private let sender: VaultNote
  private let note: BundleNote
  private let records: [Record]
  /// The keys of the sender, in words, oldest first.
  private let keys: [String]

  init(of bundle: CheckedBundle) {
    sender = bundle.sender
    note = bundle.note
    records = bundle.items
    keys = bundle.sender.fingerprints
  }

  // MARK: - What is kept

  /// The fields of the entry of custody that keep it, for the records of an item.
  func fields(of records: [Record]) -> JSONObject {
    let entries = records.prefix(FieldType.maximumListCount).map { JSON.string(KeptEntry($0, in: sender).text) }
    return [
      BundleArrival.Field.head: .string(headLine), KeptEntry.field: .array(Array(entries)),
      BundleArrival.Field.keys: .array(keys.map { .string($0) }),
      BundleArrival.Field.origin: .string(sender.origins[0].description),
      BundleArrival.Field.manifest: .string(note.tagManifest.hex),
    ]
  }

  private var headLine: String { "\(note.head.size) \(note.head.root.hex) \(sender.origin)" }

  /// The entry of a number, if the bundle has it.
  func entry(_ number: UInt64) -> KeptEntry? {
    records.first { $0.index == number }.map { KeptEntry($0, in: sender) }
  }

  // MARK: - What came before

  /// Whether a bundle was signed by a key that the sender has or had.
  func isOfSender(_ arrival: BundleArrival) -> Bool { !Set(keys).isDisjoint(with: arrival.keys) }

  /// Whether the card tells of the same beginning as the one that was there before: a key has one vault, and nobody
  /// puts another key or another name before the first.
  func hasSameBeginning(_ arrival: BundleArrival) -> Bool {
    guard arrival.keys.first?.utf8.elementsEqual(keys[0].utf8) == true else { return false }
    return arrival.firstOrigin.map { $0.utf8.elementsEqual(sender.origins[0].bytes) } ?? true
  }

  /// Whether this is the bundle of which something was kept under its name.
  func isSameBundle(_ arrival: BundleArrival) -> Bool {
    arrival.manifest.map { $0.utf8.elementsEqual(note.tagManifest.hex.utf8) } ?? true
  }

  /// How many of the first entries cannot all be those of what was kept; `nil` if nothing is known to differ.
  func difference(from arrival: BundleArrival) -> UInt64? {
    if let line = arrival.head, Self.areDifferent(line, headLine) { return note.head.size }
    let other = records.first { record in
      arrival.entries.contains { $0.contradicts(KeptEntry(record, in: sender)) }
    }
    return other.map { $0.index + 1 }
  }

  /// Whether two lines are about the same head of the same index, and tell of it differently.
  private static func areDifferent(_ left: String, _ right: String) -> Bool {
    let space = UInt8(ascii: " ")
    let (left, right) = (left.utf8.split(separator: space), right.utf8.split(separator: space))
    guard left.count == 3, right.count == 3 else { return false }
    return left[0].elementsEqual(right[0]) && left[2].elementsEqual(right[2]) && !left[1].elementsEqual(right[1])
  }

  /// Whether the sender had replaced the key of this bundle already when something came before.
  func isOlder(than arrival: BundleArrival) -> Bool {
    arrival.keys.count > keys.count && keys.elementsEqual(arrival.keys.prefix(keys.count))
  }

  /// Whether the entry of a number can be the one of that number of which something is kept, or nothing is.
  func isSame(_ number: UInt64, _ kept: KeptEntry?) -> Bool {
    guard let kept else { return true }
    return entry(number).map { $0 == kept } ?? (kept.log == sender.origin(ofEntry: number))
  }

  // MARK: - A key that was seized

  /// The arrivals under keys that the sender revoked since: those that are not, or not all, of the history that the
  /// sender stands by, and those of which nothing that came shows that they are.
  func ofRevokedKeys(among arrivals: [BundleArrival]) -> (disowned: [BundleArrival], unshown: [BundleArrival]) {
    let known = known(among: arrivals)
    let revoked = arrivals.filter(isOfRevokedKey)
    // Of a bundle with something that is not of the history, nothing is: all of it has one head.
    let bundles = Set(revoked.filter { !isConsistent($0, with: known) }.map(\.bundle))
    return (
      revoked.filter { bundles.contains($0.bundle) },
      revoked.filter { !bundles.contains($0.bundle) && !isShown($0, by: known) }
    )
  }

  /// The entries that the bundle shows, or something did that came under a key which was not revoked.
  private func known(among arrivals: [BundleArrival]) -> Set<KeptEntry> {
    let earlier = arrivals.filter { !isOfRevokedKey($0) }.flatMap(\.entries)
    return Set(records.map { KeptEntry($0, in: sender) } + earlier)
  }

  private func isShown(_ arrival: BundleArrival, by known: Set<KeptEntry>) -> Bool {
    !arrival.entries.isEmpty && arrival.entries.allSatisfy(known.contains)
  }

  /// What the last key signed that an arrival and the sender have in common.
  private func lastCommonPeriod(_ arrival: BundleArrival) -> KeyPeriod? {
    let place = keys.lastIndex { key in arrival.keys.contains { $0.utf8.elementsEqual(key.utf8) } }
    return place.map { sender.keyPeriods[$0] }
  }

  /// Of what came before the keys were kept nobody can say that.
  private func isOfRevokedKey(_ arrival: BundleArrival) -> Bool {
    arrival.hasKeys && lastCommonPeriod(arrival).map { $0.trusted < $0.end } ?? false
  }

  /// Whether all that is kept of an arrival can be of the history of the sender, and is trusted.
  private func isConsistent(_ arrival: BundleArrival, with known: Set<KeptEntry>) -> Bool {
    guard let period = lastCommonPeriod(arrival), hasSameBeginning(arrival), keys.starts(with: arrival.keys),
      let origin = knownOrigin(of: arrival)
    else { return false }
    return arrival.there < period.trusted
      && arrival.entries.allSatisfy { entry in
        entry.number < period.trusted && sender.isTrusted(entry.number)
          && entry.log == sender.origin(ofEntry: entry.number, under: origin)
          && !known.contains { $0.contradicts(entry) }
      }
  }

  /// The name that the sender's index had at the head of an arrival, if it can have had that head before it went on
  /// under another name, and with another key.
  private func knownOrigin(of arrival: BundleArrival) -> NoteLine? {
    guard let words = arrival.head?.split(separator: " ").map(String.init), words.count == 3,
      let ended = sender.continuations.first(where: { $0.origin.description.utf8.elementsEqual(words[2].utf8) }),
      let size = UInt64(words[0]), size <= ended.lastSeen.size
    else { return nil }
    let head = [ended.kept, ended.lastSeen].first { $0.size == size }
    guard head.map({ $0.root.hex.utf8.elementsEqual(words[1].utf8) }) ?? true else { return nil }
    return ended.origin
  }
}

extension SenderHistory {
  /// The first item that came as one of some numbers of the sender; `nil` if none did. What is not shown to be of the
  /// sender is it only if nothing else is, so that it is protected too much rather than not at all.
  func firstArrival(
    of numbers: [UInt64], in book: CustodyBook, among arrivals: [BundleArrival], disowned: [BundleArrival]
  ) -> (there: UInt64, here: UInt64)? {
    let known = known(among: arrivals)
    let doubtful = Set(disowned.map(\.here))
    func first(_ number: UInt64, isDoubtful: Bool) -> (there: UInt64, here: UInt64)? {
      let here = book.firstArrival(from: keys[0], item: number) { here, kept in
        isSame(number, kept) && (isDoubtful || !doubtful.contains(here) || kept.map(known.contains) == true)
      }
      return here.map { (number, $0) }
    }
    return [false, true].lazy.compactMap { isDoubtful in
      numbers.compactMap { first($0, isDoubtful: isDoubtful) }.min { $0.here < $1.here }
    }.first
  }
}

extension VaultReader {
  /// Requires that a bundle is of the same history of its sender as all that was received from them before.
  ///
  /// - Parameter disowned: What is not held against the sender.
  /// - Throws: `VaultError.otherHistory`, `.otherBeginning`, `.otherBundleOfName`.
  func requireOneHistory(of bundle: CheckedBundle, but disowned: [BundleArrival] = []) throws(VaultError) {
    let history = SenderHistory(of: bundle)
    let passedOver = Set(disowned.map(\.here))
    for arrival in try arrivals(from: bundle) {
      if !passedOver.contains(arrival.here) {
        guard history.hasSameBeginning(arrival) else { throw .otherBeginning(here: arrival.here) }
        if let size = history.difference(from: arrival) { throw .otherHistory(here: arrival.here, size: size) }
      }
      let isOfName = arrival.bundle.utf8.elementsEqual(bundle.note.identifier.utf8)
      guard !isOfName || history.isSameBundle(arrival) else { throw .otherBundleOfName(here: arrival.here) }
    }
  }
}

extension ExpectedSender {
  /// Whether it says that the present key of a note is the right one.
  func isPresentKey(of note: VaultNote) -> Bool {
    switch self {
    case .key(let key): key == note.vaultKey
    case .card(let card): card.vaultKey.key == note.vaultKey.key
    case .fingerprint(let typed): note.keyFingerprint.isSame(asTyped: typed)
    case .anyone: false
    }
  }
}
