internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What an entry of custody keeps of an entry of an intake vault: its number there, the SHA-256 of what was signed, and
/// the name of the index that gave the number, which is given again where that went on from a restored copy.
///
/// Source: FORMAT section 16.
struct CollectedEntry: Hashable {
  let number: UInt64
  let digest: Digest
  let log: NoteLine

  init(_ entry: Entry, in note: VaultNote) {
    number = entry.index
    digest = SHA256Hasher.digest(of: Array(entry.jws.compact.utf8))
    log = note.origin(ofEntry: entry.index)
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

  /// What an entry of custody keeps of the entry of that number.
  static func of(_ number: UInt64, in fields: JSONObject) -> CollectedEntry? {
    let lines = fields[ArrivalField.entries]?.arrayValue?.compactMap(\.stringValue) ?? []
    return lines.lazy.compactMap(CollectedEntry.init).first { $0.number == number }
  }
}

/// An entry of an intake vault that came here as an item, or as what amends one.
struct Arrival {
  /// Its number there.
  let there: UInt64
  /// The item here.
  let here: UInt64
  /// The number that the item had there before anything amended it.
  let first: UInt64
  /// What was signed there; `nil` in vaults from before that was kept.
  let entry: CollectedEntry?

  /// What is told of it.
  var known: CollectedVault.Known { .init(there: there, here: here) }

  /// Whether the entry is part of the index of a vault, now or under an origin that it had, as its note tells.
  func isPart(of note: VaultNote, under origin: NoteLine? = nil) -> Bool {
    entry.map { note.origin(ofEntry: there, under: origin ?? note.origin) == $0.log } ?? true
  }

  /// Whether its owner trusts what signed it. Of what was given up the number says nothing any more: its key has to be
  /// one that never was revoked.
  func isTrusted(in note: VaultNote) -> Bool {
    guard let entry, !isPart(of: note), let key = note.key(.vault, of: entry.log) else { return note.isTrusted(there) }
    return !note.keyPeriods.contains { $0.vaultKey == key.key && $0.trusted < $0.end }
  }
}
