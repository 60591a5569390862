internal import StrictJSON

extension IntakeSource {
  /// The items of an intake vault that records of testimonies name, of those records that `isLeft` is true of.
  ///
  /// All of its entries are looked at, also those that came before: a testimony that stays there says of no item that
  /// it speaks for it once that has come.
  func namedByTestimonies(where isLeft: (UInt64, Record) -> Bool) throws -> Set<UInt64> {
    var firsts: [UInt64: UInt64] = [:]
    var named: Set<UInt64> = []
    for index in 0..<limit {
      let record: Record
      do { record = try reader.record(of: reader.entry(at: index)) } catch {
        guard let error = error as? VaultError, error.isWithdrawal else { throw error }
        continue
      }
      if let first = record.amends { firsts[index] = first }
      guard record.kind == DisclosureRule.testimony else { continue }
      let numbers = TestimonyLinks.named(in: record.fields)
      if !numbers.isEmpty, isLeft(index, record) { named.formUnion(numbers) }
    }
    return Set(named.map { firsts[$0] ?? $0 })
  }
}
