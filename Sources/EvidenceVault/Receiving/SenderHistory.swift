internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What a sender signed of the history of their index in a bundle, as it is kept to be held against what comes later: a
/// sender who signs two histories is found out by whoever has something of both.
///
/// Source: FORMAT section 14.
struct SenderHistory {
  private static let head = "bundle_head"
  private static let entries = "bundle_entries"
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
    let entries = records.prefix(FieldType.maximumListCount).map { JSON.string(line($0)) }
    return [
      Self.head: .string(headLine), Self.entries: .array(Array(entries)),
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
    let lines = kept[Self.entries]?.arrayValue?.compactMap(\.stringValue) ?? []
    return records.first { record in lines.contains { Self.areDifferent($0, line(record)) } }.map { $0.index + 1 }
  }

  /// Whether an item of the bundle is the one that arrived before.
  func isSame(_ item: UInt64, _ arrival: VaultReader.BundleArrival) -> Bool {
    guard arrival.there == item else { return false }
    let log = Self.log(of: item, in: arrival.fields)
    return log.map { $0.utf8.elementsEqual(sender.origin(ofEntry: item).bytes) } ?? true
  }

  /// The name of the index that gave an entry its number, as an entry of custody keeps it; `nil` if it does not.
  static func log(of entry: UInt64, in kept: JSONObject) -> String? {
    line(of: entry, in: kept)?.split(separator: " ").last.map(String.init)
  }

  /// What an entry of custody keeps of an entry of the sender; `nil` if nothing.
  static func line(of entry: UInt64, in kept: JSONObject) -> String? {
    let lines = (kept[entries] ?? kept[ArrivalField.entries])?.arrayValue?.compactMap(\.stringValue) ?? []
    return lines.first { line in
      let words = line.split(separator: " ")
      return words.count == 3 && words[0] == String(entry)
    }
  }

  /// What is kept of an entry: its number, its digest and the name of the index that gave the number.
  static func line(_ entry: UInt64, _ digest: Digest, _ log: NoteLine) -> String { "\(entry) \(digest.hex) \(log)" }

  private var headLine: String { "\(note.head.size) \(note.head.root.hex) \(sender.origin)" }

  private func line(_ record: Record) -> String {
    let digest = SHA256Hasher.digest(of: Array(record.presentation.jws.compact.utf8))
    // What came before a restored copy was accepted has another name, and may have been given up.
    return Self.line(record.index, digest, sender.origin(ofEntry: record.index))
  }

  /// Whether two lines are about the same place in the same index, and tell of it differently.
  private static func areDifferent(_ left: String, _ right: String) -> Bool {
    let space = UInt8(ascii: " ")
    let (left, right) = (left.utf8.split(separator: space), right.utf8.split(separator: space))
    guard left.count == 3, right.count == 3 else { return false }
    return left[0].elementsEqual(right[0]) && left[2].elementsEqual(right[2]) && !left[1].elementsEqual(right[1])
  }
}

extension VaultReader {
  /// Requires that a bundle is of the same history of its sender as all that was received from them before.
  ///
  /// - Throws: `VaultError.otherHistory`, `.otherBeginning`, `.otherBundleOfName`.
  func requireOneHistory(of bundle: CheckedBundle, _ items: [ReceivedItem]) throws(VaultError) {
    let history = SenderHistory(of: bundle)
    let records = items.flatMap(\.records)
    for arrival in try arrivals(from: bundle) {
      guard history.hasSameBeginning(arrival.fields) else { throw .otherBeginning(here: arrival.here) }
      if let size = history.difference(from: arrival.fields, records) {
        throw .otherHistory(here: arrival.here, size: size)
      }
      let isOfName = arrival.bundle.utf8.elementsEqual(bundle.note.identifier.utf8)
      guard !isOfName || history.isSameBundle(arrival.fields) else { throw .otherBundleOfName(here: arrival.here) }
    }
  }
}
