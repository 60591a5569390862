internal import Primitives

extension VaultReader {
  /// The other items with a file of the same content as one of an item: added twice, or come by another way, so that
  /// nothing else ties the two. Empty files and what proves where an item came from are not compared; of what was
  /// withdrawn for all nothing is known.
  ///
  /// - Throws: as `custody`.
  func itemsWithSameContent(as item: CurrentItem) throws(VaultError) -> [UInt64] {
    func compared(_ record: Record) -> [FileRecord] {
      record.files.filter { $0.byteCount > 0 && !($0.path.map(ReceivedProofs.isOne) ?? false) }
    }
    let files = item.records.flatMap(compared)
    guard !files.isEmpty else { return [] }
    let (digests, sizes) = (Set(files.map(\.digest)), Set(files.map(\.byteCount)))
    let own = Set(item.records.map(\.index))
    var entries: [UInt64] = []
    let selection = FieldSelection([String]())
    let task = CatalogTask<EntryFields, [UInt64]>(
      isCurrent: false, empty: [],
      read: { head, scanner in EntryFields(head, &scanner, fields: selection).map { .line($0) } ?? .unreadable },
      collect: { entry, part in
        if entry.files.contains(where: { sizes.contains($0.byteCount) }), !own.contains(entry.index) {
          part.append(entry.index)
        }
      })
    try forEachPart(of: task) { entries += $0 }
    let book = try custody()
    var found: Set<UInt64> = []
    for entry in entries {
      // What cannot be read keeps nothing from being withdrawn.
      guard let other = try? record(at: entry), compared(other).contains(where: { digests.contains($0.digest) }) else {
        continue
      }
      found.insert(book.firstNumber(of: entry) ?? entry)
    }
    return found.sorted()
  }
}
