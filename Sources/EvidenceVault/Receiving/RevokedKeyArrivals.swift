internal import Primitives
internal import TransparencyLog

/// What came under keys that a sender revoked since: whoever seized them may have signed it. It is not held against the
/// sender, and what of it is not shown to be of the sender's history is told.
///
/// Source: FORMAT section 14.
struct RevokedKeyArrivals {
  /// Those that are not, or not all, of the history that the sender stands by.
  let disowned: [BundleArrival]
  /// Those of which nothing that came shows that they are.
  let unshown: [BundleArrival]
  /// Those that are not, each by itself and for certain: an entry that the sender stands by is theirs, whoever sent it,
  /// and what was given up with a restored copy nobody can tell.
  let refuted: [BundleArrival]
  private let history: SenderHistory
  private let known: KnownEntries
  private let disownedItems: Set<UInt64>

  /// - Parameter isTold: Whether somebody knows the sender by the present key: what the card of another says of former
  ///   keys is the word of its owner.
  init(of history: SenderHistory, among arrivals: [BundleArrival], isTold: Bool = true) {
    let rule = RevokedKeyRule(history)
    let revoked = arrivals.filter(rule.isOfRevokedKey)
    let earlier = arrivals.filter { !rule.isOfRevokedKey($0) }.flatMap(\.entries)
    let known = KnownEntries(Array(history.entries.values) + earlier)
    // Of a bundle with something that is not of the history, nothing is: all of it has one head.
    let bundles = Set(revoked.filter { !rule.isConsistent($0, with: known) }.map(\.bundle))
    disowned = isTold ? revoked.filter { bundles.contains($0.bundle) } : []
    unshown = isTold ? revoked.filter { !bundles.contains($0.bundle) && !Self.isShown($0, by: known) } : []
    refuted = disowned.filter { !Self.isShown($0, by: known) && !rule.canBeGivenUp($0, with: known) }
    disownedItems = Set(disowned.map(\.here))
    (self.history, self.known) = (history, known)
  }

  private static func isShown(_ arrival: BundleArrival, by known: KnownEntries) -> Bool {
    !arrival.entries.isEmpty && arrival.entries.allSatisfy(known.contains)
  }

  /// The first item that came as one of some numbers of the sender; `nil` if none did. What is not shown to be of the
  /// sender is it only if nothing else is, so that it is protected too much rather than not at all.
  func firstArrival(of numbers: [UInt64], in book: CustodyBook) -> (there: UInt64, here: UInt64)? {
    func first(_ number: UInt64, isDoubtful: Bool) -> (there: UInt64, here: UInt64)? {
      let here = book.firstArrival(from: history.keys[0], item: number) { here, kept in
        history.isSame(number, kept)
          && (isDoubtful || !disownedItems.contains(here) || kept.map(known.contains) == true)
      }
      // The first of all that are one with it: whoever gets some of them further on joins them by this number.
      return here.map { here in
        (
          number,
          book.twins(of: here).filter { $0 <= here && (isDoubtful || !disownedItems.contains($0)) }.min() ?? here
        )
      }
    }
    return [false, true].lazy.compactMap { isDoubtful in
      numbers.compactMap { first($0, isDoubtful: isDoubtful) }.min { $0.here < $1.here }
    }.first
  }
}

/// Entries that are known to be of a sender's history.
private struct KnownEntries {
  private struct Place: Hashable {
    let number: UInt64
    let log: NoteLine
  }

  private var digests: [Place: Set<Digest>] = [:]

  init(_ entries: [KeptEntry]) {
    for entry in entries { digests[Place(number: entry.number, log: entry.log), default: []].insert(entry.digest) }
  }

  func contains(_ entry: KeptEntry) -> Bool { of(entry).contains(entry.digest) }

  /// Whether another entry of the same number in the same index is known.
  func contradicts(_ entry: KeptEntry) -> Bool { of(entry).contains { $0 != entry.digest } }

  private func of(_ entry: KeptEntry) -> Set<Digest> { digests[Place(number: entry.number, log: entry.log)] ?? [] }
}

/// Which arrivals came under a key that the sender's note revokes, and can be of its history all the same.
private struct RevokedKeyRule {
  private let history: SenderHistory
  private let periods: [KeyPeriod]

  init(_ history: SenderHistory) {
    self.history = history
    periods = history.sender.keyPeriods
  }

  /// What the last key signed that an arrival and the sender have in common.
  private func lastCommonPeriod(_ arrival: BundleArrival) -> KeyPeriod? {
    let place = history.keys.lastIndex { key in arrival.keys.contains { $0.utf8.elementsEqual(key.utf8) } }
    return place.map { periods[$0] }
  }

  /// Of what came before the keys were kept nobody can say that.
  func isOfRevokedKey(_ arrival: BundleArrival) -> Bool {
    arrival.hasKeys && lastCommonPeriod(arrival).map { $0.trusted < $0.end } ?? false
  }

  /// Whether all that is kept of an arrival can be of the history of the sender, and is trusted.
  func isConsistent(_ arrival: BundleArrival, with known: KnownEntries) -> Bool {
    let sender = history.sender
    guard let period = lastCommonPeriod(arrival), history.hasSameBeginning(arrival),
      history.keys.starts(with: arrival.keys), let ended = ended(at: arrival)
    else { return false }
    return arrival.there < period.trusted
      && arrival.entries.allSatisfy { entry in
        entry.number < period.trusted && sender.isTrusted(entry.number)
          && entry.log == sender.origin(ofEntry: entry.number, under: ended.origin) && !known.contradicts(entry)
      }
  }

  /// Whether all that is not known of an arrival has numbers that were given up with a restored copy.
  func canBeGivenUp(_ arrival: BundleArrival, with known: KnownEntries) -> Bool {
    guard let ended = ended(at: arrival), ended.replacement == nil, !arrival.entries.isEmpty else { return false }
    return arrival.entries.allSatisfy { entry in
      known.contains(entry)
        || entry.log == ended.origin && entry.number >= ended.kept.size && entry.number < ended.lastSeen.size
    }
  }

  /// How the sender's index ended under the name that it had at the head of an arrival, if it can have had that head
  /// before it went on under another name, or with another key.
  private func ended(at arrival: BundleArrival) -> Continuation? {
    guard let words = arrival.head?.split(separator: " ").map(String.init), words.count == 3,
      let ended = history.sender.continuations.first(where: {
        $0.origin.description.utf8.elementsEqual(words[2].utf8)
      }), let size = UInt64(words[0]), size <= ended.lastSeen.size
    else { return nil }
    let head = [ended.kept, ended.lastSeen].first { $0.size == size }
    guard head.map({ $0.root.hex.utf8.elementsEqual(words[1].utf8) }) ?? true else { return nil }
    return ended
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
