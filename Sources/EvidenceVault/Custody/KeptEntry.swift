internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What an entry of custody keeps of an entry of another vault: its number there, the SHA-256 of what was signed, and
/// the name of the index that gave the number. Numbers are given again where a vault went on from a restored copy, and
/// by whoever seized a key.
///
/// Source: FORMAT sections 14 and 16.
struct KeptEntry: Hashable {
  /// The field that has those of the items of a bundle, each in a line.
  static let field = "bundle_entries"

  let number: UInt64
  let digest: Digest
  let log: NoteLine

  init(_ number: UInt64, signed bytes: [UInt8], in note: VaultNote) {
    self.number = number
    digest = SHA256Hasher.digest(of: bytes)
    // What came before a restored copy was accepted has another name, and may have been given up.
    log = note.origin(ofEntry: number)
  }

  init(_ entry: Entry, in note: VaultNote) {
    self.init(entry.index, signed: Array(entry.jws.compact.utf8), in: note)
  }

  init(_ record: Record, in note: VaultNote) {
    self.init(record.index, signed: Array(record.presentation.jws.compact.utf8), in: note)
  }

  /// Reads a line: the number, the digest in hexadecimal digits, and the name.
  init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let number = UInt64(parts[0]), let digest = Digest(hex: parts[1]),
      let log = try? NoteLine(parts[2])
    else { return nil }
    (self.number, self.digest, self.log) = (number, digest, log)
  }

  var text: String { "\(number) \(digest.hex) \(log)" }

  /// All that an entry of custody keeps.
  static func all(in fields: JSONObject) -> [KeptEntry] {
    let lines = (fields[field] ?? fields[ArrivalField.entries])?.arrayValue ?? []
    return lines.compactMap(\.stringValue).compactMap(KeptEntry.init)
  }

  /// What an entry of custody keeps of the entry of that number.
  static func of(_ number: UInt64, in fields: JSONObject) -> KeptEntry? {
    all(in: fields).first { $0.number == number }
  }

  /// Whether both have one number in one index, and are not the same: somebody signed two histories.
  func contradicts(_ other: KeptEntry) -> Bool {
    number == other.number && log == other.log && digest != other.digest
  }
}
