internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What a sender signed of the history of their index in a bundle, kept to be held against what comes later: a sender
/// who signs two histories is found out by whoever has something of both.
///
/// Source: FORMAT section 14.
struct SenderHistory {
  let sender: VaultNote
  private let note: BundleNote
  /// The keys of the sender, in words, oldest first.
  let keys: [String]
  /// The entries that the bundle has, by number: those of items, and what happened to them.
  let entries: [UInt64: KeptEntry]

  init(of bundle: CheckedBundle) {
    sender = bundle.sender
    note = bundle.note
    keys = bundle.sender.fingerprints
    let kept = (bundle.items + bundle.events).map { ($0.index, KeptEntry($0, in: bundle.sender)) }
    entries = Dictionary(kept, uniquingKeysWith: { first, _ in first })
  }

  // MARK: - What is kept

  /// The fields of the entry of custody that keep it, for the records of an item and what happened to it.
  func fields(of records: [Record]) -> JSONObject {
    let lines = records.prefix(FieldType.maximumListCount).compactMap { entries[$0.index].map { JSON.string($0.text) } }
    return [
      BundleArrival.Field.head: .string(headLine), KeptEntry.field: .array(lines),
      BundleArrival.Field.keys: .array(keys.map { .string($0) }),
      BundleArrival.Field.origin: .string(sender.origins[0].description),
      BundleArrival.Field.manifest: .string(note.tagManifest.hex),
    ]
  }

  private var headLine: String { "\(note.head.size) \(note.head.root.hex) \(sender.origin)" }

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
    let other = arrival.entries.filter { kept in entries[kept.number].map(kept.contradicts) == true }
    return other.map { $0.number + 1 }.min()
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
    return entries[number].map { $0 == kept } ?? (kept.log == sender.origin(ofEntry: number))
  }

  /// Requires that a bundle is of the same history of its sender as all that came from them before.
  ///
  /// - Parameter disowned: What is not held against the sender.
  /// - Throws: `VaultError.otherHistory`, `.otherBeginning`, `.otherBundleOfName`.
  func requireOneHistory(with arrivals: [BundleArrival], but disowned: [BundleArrival] = []) throws(VaultError) {
    let passedOver = Set(disowned.map(\.here))
    for arrival in arrivals {
      if !passedOver.contains(arrival.here) {
        guard hasSameBeginning(arrival) else { throw .otherBeginning(here: arrival.here) }
        if let size = difference(from: arrival) { throw .otherHistory(here: arrival.here, size: size) }
      }
      let isOfName = arrival.bundle.utf8.elementsEqual(note.identifier.utf8)
      guard !isOfName || isSameBundle(arrival) else { throw .otherBundleOfName(here: arrival.here) }
    }
  }
}
