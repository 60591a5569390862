internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// Checks the entries of a bundle: each signed by the sender, proven to be in the index, and with the files that belong
/// to it.
///
/// Source: FORMAT section 7.
struct BundleEntryCheck {
  let files: BundleFiles
  let note: BundleNote
  let sender: VaultNote

  /// An item with its record and its files.
  ///
  /// - Throws: `VaultError.bundle`.
  func item(_ index: UInt64) throws -> Record {
    let (record, hasObject) = try entry(
      index, presentation: Bag.presentationPath(index), proof: Bag.proofPath(index))
    guard hasObject || record.files.isEmpty else {
      throw VaultError.bundle(.itemDoesNotFit(item: index, path: Bag.presentationPath(index).text))
    }
    let document = SHA256Hasher.digest(of: record.document())
    guard let found = files.digests[Bag.recordPath(index)] else {
      throw VaultError.bundle(.missingFile(Bag.recordPath(index).text))
    }
    guard found.digest == document else {
      throw VaultError.bundle(.itemDoesNotFit(item: index, path: Bag.recordPath(index).text))
    }
    for (file, path) in zip(record.files, BagNames.paths(record)) {
      guard let present = files.digests[path] else { throw VaultError.bundle(.missingFile(path.text)) }
      guard present.digest == file.digest, present.byteCount == file.byteCount else {
        throw VaultError.bundle(.itemDoesNotFit(item: index, path: path.text))
      }
    }
    return record
  }

  /// Something that happened to an item.
  ///
  /// - Throws: `VaultError.bundle`.
  func event(_ index: UInt64) throws -> Record {
    try entry(index, presentation: Bag.eventPath(index), proof: Bag.eventProofPath(index)).record
  }

  /// The entries that a history of an item names; `nil` if there is none. It must be the one that its entries make,
  /// and each of them be in the bundle; that it is complete, the sender says.
  ///
  /// - Throws: `VaultError.bundle`.
  func custody(of item: UInt64, among records: [Record]) throws -> Set<UInt64>? {
    let path = Bag.custodyPath(item)
    guard let document = files.contents[path] else { return nil }
    guard let entries = CustodyLine.entries(in: document).map(Set.init), entries.contains(item) else {
      throw VaultError.bundle(.malformedFile(path.text))
    }
    let lines = CustodyLine.lines(records.filter { entries.contains($0.index) })
    guard document == CustodyLine.document(of: item, lines) else {
      throw VaultError.bundle(.itemDoesNotFit(item: item, path: path.text))
    }
    return entries
  }

  private func content(_ path: BagPath) throws -> [UInt8] { try files.content(of: path) }

  private func entry(
    _ index: UInt64, presentation path: BagPath, proof proofPath: BagPath
  ) throws -> (record: Record, hasObject: Bool) {
    let fault = VaultError.bundle(.itemDoesNotFit(item: index, path: path.text))
    do {
      let presentation = try Presentation.parse(content(path))
      _ = try presentation.verify(with: sender.recordsKey(ofEntry: index))
      let leaf = Array(presentation.jws.compact.utf8)
      let entry = try Entry(index: index, leaf: leaf, in: sender)
      let proof = try TlogProof(content(proofPath))
      let checkpoint = try proof.verify(leaf, in: sender.origin, by: [sender.key(.checkpoints)])
      guard proof.inclusion.index == index, checkpoint.checkpoint.head == note.head else { throw fault }
      let record = try Record(index: index, presentation: presentation)
      guard Self.saysWhatItIs(record) else { throw fault }
      return (record, entry.object != nil)
    } catch VaultError.bundle(let fault) {
      throw VaultError.bundle(fault)
    } catch {
      throw fault
    }
  }

  /// Whether kind and moment, if they are disclosed, are such: as anything else, they would be shown as they stand, and
  /// held against nothing.
  private static func saysWhatItIs(_ record: Record) -> Bool {
    if let kind = record.payload["kind"], kind.stringValue == nil { return false }
    guard let added = record.payload["added"] else { return true }
    return added.stringValue.flatMap { Timestamp($0) } != nil
  }
}
