internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import TransparencyLog

extension Bundle {
  /// Puts what a supplement discloses together with a bundle that lies open, item by item, and writes each item's
  /// presentation and record into a new folder at `path`: `item-<n>.sd-jwt` and `item-<n>.json`.
  ///
  /// Both must have verified, and an item of the supplement must be, byte for byte, the signed entry that the bundle
  /// has.
  ///
  /// - Throws: `VaultError.bundle(.itemDoesNotFit)` for an entry that the bundle has not; `.unknownSigner` if another
  ///   vault signed it; `.file`. There is nothing at `path` then.
  /// - Returns: The merged records.
  public static func merge(
    _ supplement: CheckedBundle, into bundle: CheckedBundle, at path: String, environment: VaultEnvironment
  ) throws(VaultError) -> [Record] {
    do {
      guard supplement.sender.vaultKeys.contains(bundle.sender.vaultKey.key) else {
        throw VaultError.unknownSigner(fingerprint: supplement.sender.fingerprint)
      }
      let records = try supplement.items.map { added in
        guard let held = bundle.items.first(where: { $0.index == added.index }),
          held.presentation.jws.compact.utf8.elementsEqual(added.presentation.jws.compact.utf8)
        else {
          throw VaultError.bundle(.itemDoesNotFit(item: added.index, path: Bag.presentationPath(added.index).text))
        }
        let known = Set(held.presentation.disclosures.map(\.digest))
        let new = added.presentation.disclosures.filter { !known.contains($0.digest) }
        return try Record(
          index: added.index,
          presentation: Presentation(jws: held.presentation.jws, disclosures: held.presentation.disclosures + new))
      }
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      for record in records {
        try quarantine.write(record.presentation.serialized, to: "item-\(record.index).sd-jwt")
        try quarantine.write(record.document(withDisclosures: false), to: "item-\(record.index).json")
      }
      try quarantine.publish()
      return records
    } catch {
      throw VaultError(error)
    }
  }
}

extension Quarantine {
  fileprivate func write(_ bytes: [UInt8], to name: String) throws {
    let file = try createFile([name])
    try file.write(bytes)
    try file.finish()
  }
}
