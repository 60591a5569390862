internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What a sender signed of the history of their index in a bundle, kept to be held against what comes later: a sender
/// who signs two histories is found out by whoever has something of both. Behind the last head that is trusted of a
/// key, whoever seized it may have signed.
///
/// Source: FORMAT section 14.
struct SenderHistory {
  private static let head = "bundle_head"
  private static let keys = "bundle_keys"
  private static let origin = "bundle_origin"
  private static let manifest = "bundle_manifest"

  private let sender: VaultNote
  private let note: BundleNote
  /// The keys of the sender, in words, oldest first.
  private let fingerprints: [String]

  init(of bundle: CheckedBundle) {
    sender = bundle.sender
    fingerprints = bundle.sender.fingerprints
    note = bundle.note
  }

  /// The fields of the entry of custody that keep it, for the records of an item.
  func fields(of records: [Record]) -> JSONObject {
    let entries = records.prefix(FieldType.maximumListCount).map { JSON.string(KeptEntry($0, in: sender).text) }
    return [
      Self.head: .string(headLine), KeptEntry.field: .array(Array(entries)),
      Self.keys: .array(fingerprints.map { .string($0) }), Self.origin: .string(sender.origins[0].description),
      Self.manifest: .string(note.tagManifest.hex),
    ]
  }

  /// Whether a bundle of which this was kept was signed by a key that the sender has or had.
  func isOfSender(_ kept: JSONObject) -> Bool {
    let keys = kept[Self.keys]?.arrayValue ?? [kept["from"]].compactMap { $0 }
    return !Set(fingerprints).isDisjoint(with: keys.compactMap(\.stringValue))
  }

  /// Whether the card tells of the same beginning as the one that was there before: a key has one vault, and nobody
  /// puts another key or another name before the first.
  func hasSameBeginning(_ kept: JSONObject) -> Bool {
    guard kept["from"]?.stringValue?.utf8.elementsEqual(fingerprints[0].utf8) == true else { return false }
    return kept[Self.origin]?.stringValue.map { $0.utf8.elementsEqual(sender.origins[0].bytes) } ?? true
  }

  /// Whether this is the bundle of which something was kept under its name.
  func isSameBundle(_ kept: JSONObject) -> Bool {
    kept[Self.manifest]?.stringValue.map { $0.utf8.elementsEqual(note.tagManifest.hex.utf8) } ?? true
  }

  /// How many of the first entries cannot all be those of what was kept; `nil` if nothing is known to differ.
  func difference(from kept: JSONObject, _ records: [Record]) -> UInt64? {
    if let line = kept[Self.head]?.stringValue, Self.areDifferent(line, headLine) { return note.head.size }
    let entries = KeptEntry.all(in: kept)
    let other = records.first { record in entries.contains { $0.contradicts(KeptEntry(record, in: sender)) } }
    return other.map { $0.index + 1 }
  }

  /// Whether a bundle of which this was kept was signed by a key that the sender revoked since.
  func isOfRevokedKey(_ kept: JSONObject) -> Bool { trustedSize(of: kept) != nil }

  /// Whether an item came with the word of a key that the sender revoked since, and not all that came with it is of the
  /// history that the sender tells now.
  func isDisowned(_ arrival: VaultReader.BundleArrival, _ records: [Record]) -> Bool {
    guard let size = trustedSize(of: arrival.fields) else { return false }
    return arrival.there >= size || difference(from: arrival.fields, records) != nil
  }

  /// How many entries are trusted of the key that signed a bundle of which this was kept; `nil` if all are.
  private func trustedSize(of kept: JSONObject) -> UInt64? {
    let last = kept[Self.keys]?.arrayValue?.last?.stringValue ?? kept["from"]?.stringValue
    guard let last, let place = fingerprints.firstIndex(where: { $0.utf8.elementsEqual(last.utf8) }) else { return nil }
    let period = sender.keyPeriods[place]
    return period.trusted < period.end ? period.trusted : nil
  }

  /// Whether an item of the bundle is the one that arrived before.
  func isSame(_ item: Record, _ arrival: VaultReader.BundleArrival) -> Bool {
    guard arrival.there == item.index else { return false }
    return KeptEntry.of(item.index, in: arrival.fields).map { isSame($0, [item]) } ?? true
  }

  /// Whether what is kept of an entry of a number can be of that entry of the sender, of which the bundle may not have
  /// more.
  func isSame(_ kept: KeptEntry, _ records: [Record]) -> Bool {
    if let record = records.first(where: { $0.index == kept.number }) { return kept == KeptEntry(record, in: sender) }
    return kept.log == sender.origin(ofEntry: kept.number)
  }

  private var headLine: String { "\(note.head.size) \(note.head.root.hex) \(sender.origin)" }

  /// Whether two lines are about the same head of the same index, and tell of it differently.
  private static func areDifferent(_ left: String, _ right: String) -> Bool {
    let space = UInt8(ascii: " ")
    let (left, right) = (left.utf8.split(separator: space), right.utf8.split(separator: space))
    guard left.count == 3, right.count == 3 else { return false }
    return left[0].elementsEqual(right[0]) && left[2].elementsEqual(right[2]) && !left[1].elementsEqual(right[1])
  }
}

extension VaultReader {
  /// Requires that a bundle is of the same history of its sender as all that was received from them before. What came
  /// under a key that the sender revoked is not held against one whom somebody knows by the present key.
  ///
  /// - Throws: `VaultError.otherHistory`, `.otherBeginning`, `.otherBundleOfName`.
  func requireOneHistory(
    of bundle: CheckedBundle, _ items: [ReceivedItem], from sender: ExpectedSender
  ) throws(VaultError) {
    let history = SenderHistory(of: bundle)
    let records = items.flatMap(\.records)
    let isVouchedFor = if case .anyone = sender { false } else { true }
    for arrival in try arrivals(from: bundle) {
      guard history.hasSameBeginning(arrival.fields) else { throw .otherBeginning(here: arrival.here) }
      if let size = history.difference(from: arrival.fields, records),
        !(isVouchedFor && history.isOfRevokedKey(arrival.fields))
      {
        throw .otherHistory(here: arrival.here, size: size)
      }
      let isOfName = arrival.bundle.utf8.elementsEqual(bundle.note.identifier.utf8)
      guard !isOfName || history.isSameBundle(arrival.fields) else { throw .otherBundleOfName(here: arrival.here) }
    }
  }
}
