public import StrictJSON
internal import TransparencyLog
public import Wording

/// Of which kind each entry of a vault was, for a check of numbers that lead to others when the key is gone from memory
/// again.
public struct EntryKinds: Sendable {
  private let vault: Vault
  /// By the numbers of the entries.
  private let kinds: [String]

  /// Reads the kinds of all entries.
  ///
  /// - Throws: as `VaultReader.forEachSummary`.
  public init(_ reader: VaultReader) throws(VaultError) {
    var kinds: [String] = []
    try reader.forEachSummary { kinds.append($0.kind) }
    (self.vault, self.kinds) = (reader.vault, kinds)
  }

  /// What belongs in the place of a value that leads to no entry, or to one of another kind; `nil` if the value is
  /// right.
  public func expected(insteadOf value: JSON, in field: Schema.Field) -> Phrase? {
    field.expected(insteadOf: value, in: self)
  }
}

extension EntryKinds: LinkTargets {
  func target(_ number: UInt64) -> LinkTarget {
    if let place = Int(exactly: number), kinds.indices.contains(place) {
      return kinds[place] == Summary.withdrawnKind ? .unreadable : .entry(kind: kinds[place])
    }
    // Somebody may have added it meanwhile.
    return (try? vault.readHead()).map { number < $0.tree.size } ?? true ? .unreadable : .nothing
  }
}
