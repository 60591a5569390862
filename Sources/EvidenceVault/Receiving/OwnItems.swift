internal import Primitives
internal import StrictJSON
internal import TransparencyLog

/// Items of this vault that come back to it, in a bundle that a copy of the vault made.
///
/// Source: FORMAT section 14.
extension VaultReader {
  /// The item here that the one is which an entry of custody says to have come; `nil` if it is another.
  ///
  /// It has the first key of this vault, a number that was given here under the same origin, and the entry of that
  /// number. Where the entry of custody does not keep that, the number is enough: what is taken for one item without
  /// being it is protected too much.
  func ownItem(thatCame fields: JSONObject) -> UInt64? {
    let numbers = ["bundle_first", "bundle_item"].compactMap { fields[$0]?.unsignedValue }
    return numbers.lazy.compactMap { self.ownItem($0, cameFrom: fields["from"]?.stringValue, keptIn: fields) }.first
  }

  private func ownItem(_ number: UInt64, cameFrom sender: String?, keptIn fields: JSONObject) -> UInt64? {
    guard let sender, sender.utf8.elementsEqual(vault.note.firstFingerprint.utf8), number < count else { return nil }
    if let kept = KeptEntry.of(number, in: fields) {
      // Of an entry that cannot be read nobody can say that it is another.
      guard let entry = try? tree.entry(at: number) else { return number }
      guard kept == KeptEntry(number, signed: entry, in: vault.note) else { return nil }
    }
    return number
  }

  /// Whether a key of this vault signed a bundle that this vault did not make.
  ///
  /// - Throws: `VaultError.signingKey(.replacedOwnKey)` if this vault has replaced that key, and the bundle is not, or
  ///   not for certain, from before.
  func isOfCopy(_ opened: OpenedBundle) throws(VaultError) -> Bool {
    let bundle = opened.checked
    guard !Set(bundle.sender.fingerprints).isDisjoint(with: vault.note.fingerprints) else { return false }
    guard try !isMadeHere(opened) else { return false }
    do { try BundleCheck.requireTrusted(bundle.note, bundle.sender, by: vault.note) } catch {
      throw .signingKey(.replacedOwnKey)
    }
    return true
  }

  /// The name alone says nothing: whoever has a copy of the vault knows those that were given.
  private func isMadeHere(_ opened: OpenedBundle) throws(VaultError) -> Bool {
    func isNamed(_ export: Summary, _ field: String, _ text: String) -> Bool {
      export.eventFields[field]?.stringValue?.utf8.elementsEqual(text.utf8) == true
    }
    let known = try custody().exports.filter { isNamed($0, "bundle", opened.checked.note.identifier) }
    guard !known.isEmpty else { return false }
    do {
      let digest = try opened.sealedDigest().hex
      return known.contains { isNamed($0, "bundle_sha256", digest) }
    } catch {
      throw VaultError(error)
    }
  }
}
