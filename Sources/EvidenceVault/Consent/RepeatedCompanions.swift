internal import StrictJSON

/// Leaves out of what goes along what came from the same item of the same sender as something that goes, and says the
/// same: what came in a hundred bundles would go a hundred times, and tell how many there were.
///
/// Source: FORMAT section 5.
struct RepeatedCompanions {
  private let book: CustodyBook
  private var kept: [UInt64: Said] = [:]

  /// What an entry says of use. Numbers are those of the first of what came from one item.
  private struct Said {
    var conditions: [String: JSON] = [:]
    /// What it goes back to: whoever is named to speak takes the place of others.
    var lineage: [String: Set<UInt64>] = [:]
    /// What goes back to it, or is the same person.
    var ties: [String: Set<UInt64>] = [:]

    /// Whether the other one says nothing more.
    func covers(_ other: Said) -> Bool {
      conditions == other.conditions && lineage == other.lineage
        && other.ties.allSatisfy { name, numbers in numbers.isSubset(of: ties[name] ?? []) }
    }
  }

  private init(_ book: CustodyBook) { self.book = book }

  /// What has to go along with the entries that are shown, of the entries of each item.
  static func remaining(
    of all: [[ExportPlan.Item]], with shown: [ExportPlan.Item], in book: CustodyBook
  ) -> [[ExportPlan.Item]] {
    var search = RepeatedCompanions(book)
    search.keepWhatIsNeeded(of: all, with: shown)
    return all.filter { $0.last.map { search.kept[search.number($0)] != nil } ?? false }
  }

  private mutating func keepWhatIsNeeded(of all: [[ExportPlan.Item]], with shown: [ExportPlan.Item]) {
    let entries = Dictionary(all.compactMap { $0.last }.map { (number($0), $0) }, uniquingKeysWith: { $1 })
    for item in shown { kept[number(item)] = said(by: item) }
    for item in shown { keepWhatFollows(item, entries) }
    for (item, entry) in entries.sorted(by: { $0.key < $1.key }) where kept[item] == nil {
      let (own, twins) = (said(by: entry), Set(book.twins(of: item)))
      // Of three, the one in the middle may be all that joins the others.
      let others = twins.filter { kept[$0]?.covers(own) == true }
      guard !others.contains(where: { twins.isSubset(of: book.twins(of: $0)) }) else { continue }
      kept[item] = own
      keepWhatFollows(entry, entries)
    }
  }

  /// Keeps all that an entry leads to by its numbers, whatever else says the same.
  private mutating func keepWhatFollows(_ entry: ExportPlan.Item, _ entries: [UInt64: ExportPlan.Item]) {
    var waiting = [entry]
    while let next = waiting.popLast() {
      let fields = next.whole.fields
      for number in Self.links.flatMap(fields.entryNumbers).map(first) where kept[number] == nil {
        guard let entry = entries[number] else { continue }
        kept[number] = said(by: entry)
        waiting.append(entry)
      }
    }
  }

  private static let ties = TestimonyLinks.fields + TestimonyLinks.personFields
  private static let links = ConsentLineage.fields + ties

  private func said(by entry: ExportPlan.Item) -> Said {
    let fields = entry.record.fields
    var said = Said(conditions: ["kind": .string(entry.record.kind)])
    for member in fields.members where member.name != ConsentLineage.sameAs {
      let numbers = { Set(fields.entryNumbers(member.name).map { book.twins(of: first($0)).min() ?? $0 }) }
      if ConsentLineage.fields.contains(member.name) {
        said.lineage[member.name] = numbers()
      } else if Self.ties.contains(member.name) {
        said.ties[member.name] = numbers()
      } else if ConditionsAlong.isCondition(member.name) {
        said.conditions[member.name] = member.value
      }
    }
    return said
  }

  private func number(_ entry: ExportPlan.Item) -> UInt64 { entry.amends ?? entry.record.index }

  private func first(_ number: UInt64) -> UInt64 { book.firstNumber(of: number) ?? number }
}
