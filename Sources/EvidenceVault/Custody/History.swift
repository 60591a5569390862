public import StrictJSON

extension VaultReader {
  /// Everything that happened to an item, in the order of entries; also to one that was withdrawn.
  ///
  /// - Throws: `VaultError.noSuchItem`, `.notAnItem`, `.isAmendment`, and as `custody`.
  public func history(of item: UInt64) throws(VaultError) -> [CustodyLine] {
    let book = try custody()
    if let first = book.firstNumber(of: item) { throw .isAmendment(item, of: first) }
    var records: [Record] = []
    do { records = try currentItem(item).records } catch {
      // What happened to a withdrawn item is known; what it was is gone.
      guard case .withdrawn = error else { throw error }
    }
    for event in book.events(about: item) { records.append(try record(at: event.index)) }
    return CustodyLine.lines(records)
  }

  /// Enters something that happened to an item outside of the vault.
  ///
  /// - Throws: as `currentItem`, `Schema.validated` and `Vault.add`.
  public func enterCustody(
    of item: UInt64, _ fields: JSONObject, signer: VaultSigner
  ) throws(VaultError) -> UInt64 {
    _ = try currentItem(item)
    var fields = fields
    fields["item"] = .integer(Int64(clamping: item))
    do { return try vault.addEvent("custody", fields, signer: signer).index } catch { throw VaultError(error) }
  }
}
