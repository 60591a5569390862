internal import StrictJSON

/// What goes along with items that go, so that what their witnesses allow binds whoever gets them, and the fields that
/// tie one to the other.
///
/// That a person and a witness are the same is told only where the witness may be known by name: what would tell it
/// otherwise ties nothing, and the person does not go along.
///
/// Source: FORMAT section 5.
struct Companions {
  /// The testimonies that speak for the items, and what lies between.
  let items: [CurrentItem]
  private let all: Set<UInt64>
  private let gate: ConsentGate
  private let book: CustodyBook

  init(of asked: Set<UInt64>, _ gate: ConsentGate) throws {
    var lineage = try gate.lineage()
    items = try lineage.companions(of: asked) { try Self.isNamed($0, gate) }
    all = asked.union(items.map(\.first))
    self.gate = gate
    book = try gate.reader.custody()
  }

  /// The fields of an item that tie something that goes to it: without them whoever gets both would not know whose
  /// consent speaks for it.
  func ties(of item: CurrentItem) throws -> Set<String> {
    let record = item.current
    let open = record.kind == DisclosureRule.testimony ? TestimonyLinks.fields.filter { leads($0, of: record) } : []
    return Set(open).union(try tiesToPersons(of: item))
  }

  private func tiesToPersons(of item: CurrentItem) throws -> Set<String> {
    let fields = TestimonyLinks.personFields.filter { leads($0, of: item.current) }
    guard !fields.isEmpty else { return [] }
    return try Set(
      fields.filter { field in
        let linked = try numbers(field, of: item.current).map(gate.reader.currentItem)
        // Of a witness, what counts is who speaks for the person.
        let ends = item.current.kind == DisclosureRule.testimony ? linked : linked + [item]
        return try ends.allSatisfy { try Self.isNamed($0, gate) }
      })
  }

  /// Whether a witness who speaks for an item may be known by name to all recipients.
  private static func isNamed(_ item: CurrentItem, _ gate: ConsentGate) throws -> Bool {
    try gate.consent(for: item).needs?.contains(.name) == true
  }

  private func leads(_ field: String, of record: Record) -> Bool { !numbers(field, of: record).isEmpty }

  /// The items in a field that go.
  private func numbers(_ field: String, of record: Record) -> [UInt64] {
    record.fields.entryNumbers(field).map { book.firstNumber(of: $0) ?? $0 }.filter(all.contains)
  }
}
