internal import StrictJSON

/// What leads to other items by the fields of records, each item to those that lead to it.
private struct Made {
  /// By any record.
  var ever: [UInt64: Set<UInt64>] = [:]
  /// By the record that counts now.
  var now: [UInt64: Set<UInt64>] = [:]
}

extension VaultReader {
  /// The items that go back to an item, by any of their records or by being named in it, and those that came from the
  /// same item of the same sender; without those that were withdrawn for all.
  ///
  /// - Parameter mistaken: Items that only a replaced record ties to it, by mistake.
  func descendants(of item: UInt64, without mistaken: [UInt64] = []) throws(VaultError) -> [UInt64] {
    let (book, links, made) = try (custody(), testimonyLinks(), made())
    var found: Set<UInt64> = [item]
    var waiting = [item]
    while let next = waiting.popLast() {
      let steps = book.twins(of: next) + (made.ever[next] ?? []) + links.items(of: next)
      for number in steps where next != item || !mistaken.contains(number) {
        if found.insert(number).inserted { waiting.append(number) }
      }
    }
    return found.filter { $0 != item && !book.isWithdrawnForAll($0) }.sorted()
  }

  /// The items that only replaced records tie to an item: a number that was mistyped once, perhaps.
  ///
  /// Source: FORMAT section 5.
  func tiedByReplacedRecords(to item: UInt64) throws(VaultError) -> [UInt64] {
    let (book, links, made) = try (custody(), testimonyLinks(), made())
    let ever = (made.ever[item] ?? []).union(links.items(of: item))
    return ever.subtracting(made.now[item] ?? []).subtracting(links.currentItems(of: item))
      .filter { !book.isWithdrawnForAll($0) }.sorted()
  }

  private func made() throws(VaultError) -> Made {
    let book = try custody()
    var made = Made()
    let selection = FieldSelection(ConsentLineage.leading)
    let task = CatalogTask<EntryFields, [EntryFields]>(
      isCurrent: false, empty: [],
      read: { head, scanner in EntryFields(head, &scanner, fields: selection).map { .line($0) } ?? .unreadable },
      collect: { entry, part in if !entry.isEvent, !entry.fields.isEmpty { part.append(entry) } })
    try forEachPart(of: task) { part in
      for entry in part {
        let maker = entry.amends ?? entry.index
        let isCurrent = book.isCurrent(entry.index, of: maker)
        for number in ConsentLineage.leading.flatMap(entry.numbers).compactMap({ UInt64(exactly: $0) }) {
          let source = book.firstNumber(of: number) ?? number
          guard isCurrent || !book.isUncovered(maker, by: source) else { continue }
          made.ever[source, default: []].insert(maker)
          if isCurrent { made.now[source, default: []].insert(maker) }
        }
      }
    }
    return made
  }
}
