internal import TransparencyLog

/// An entry of an intake vault that came here as an item, or as what amends one.
struct Arrival {
  /// Its number there.
  let there: UInt64
  /// The item here.
  let here: UInt64
  /// The number that the item had there before anything amended it.
  let first: UInt64
  /// What was signed there; `nil` in vaults from before that was kept.
  let entry: KeptEntry?

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
