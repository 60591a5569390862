internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import TransparencyLog

/// Puts what a supplement discloses together with a bundle that lies open, item by item: each item's presentation and
/// record become `item-<n>.sd-jwt` and `item-<n>.json` in a new folder.
///
/// The supplement is opened by `Bundle.open(…merging:)`: either both folders get their names, or none.
public final class Merging {
  /// The merged records, once there are any.
  public private(set) var records: [Record] = []

  private let bundle: CheckedBundle
  private let quarantine: Quarantine

  /// Prepares to merge into a bundle that has verified; the folder is to become `path`.
  ///
  /// - Throws: `VaultError.file` if there is anything at `path`, or its folder is not there.
  public init(into bundle: CheckedBundle, at path: String, environment: VaultEnvironment) throws(VaultError) {
    self.bundle = bundle
    do { quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8))) } catch {
      throw VaultError(error)
    }
  }

  /// Writes what a supplement that has verified makes of the bundle. Each item of it must be, byte for byte, the signed
  /// entry that the bundle has.
  ///
  /// - Throws: `VaultError.notInFolder` for an entry that the bundle has not; `.bundle(.itemDoesNotFit)` for one that
  ///   is another there, or `.otherValue`; `.unknownSigner` if another vault signed it; `.file`.
  func fill(with supplement: CheckedBundle) throws {
    guard supplement.sender.vaultKeys.contains(bundle.sender.vaultKey.key) else {
      throw VaultError.unknownSigner(fingerprint: supplement.sender.fingerprint)
    }
    records = try supplement.items.map(merged)
    for record in records {
      try quarantine.write(record.presentation.serialized, to: "item-\(record.index).sd-jwt")
      try quarantine.write(record.document(), to: "item-\(record.index).json")
    }
  }

  /// Gives the folder its name.
  func publish() throws { try quarantine.publish() }

  /// Removes it, whether or not it has its name.
  func retract() { quarantine.retract() }

  private func merged(_ added: Record) throws -> Record {
    guard let held = bundle.items.first(where: { $0.index == added.index }) else {
      throw VaultError.notInFolder(item: added.index)
    }
    guard held.presentation.jws.compact.utf8.elementsEqual(added.presentation.jws.compact.utf8) else {
      throw VaultError.bundle(.itemDoesNotFit(item: added.index, path: Bag.presentationPath(added.index).text))
    }
    let known = Set(held.presentation.disclosures.map(\.digest))
    let new = added.presentation.disclosures.filter { !known.contains($0.digest) }
    do {
      return try Record(
        index: added.index,
        presentation: Presentation(jws: held.presentation.jws, disclosures: held.presentation.disclosures + new))
    } catch SDJWTError.nameCollision(let field) {
      throw VaultError.bundle(.otherValue(item: added.index, field: field))
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
