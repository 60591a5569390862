extension VaultReader {
  /// Calls `body` with the summary of every entry, in order, from the catalog as far as it goes. A catalog that is
  /// behind or damaged is made again.
  ///
  /// - Throws: as `forEachRecord`; summaries of entries before the damaged one have come by then.
  public func forEachSummary(_ body: (Summary) -> Void) throws(VaultError) {
    let task = CatalogTask<Summary, [Summary]>(isCurrent: false, empty: []) { $1.append($0) }
    try forEachPart(of: task) { $0.forEach(body) }
  }

  /// Writes summaries of items with their current record, and of events, as bytes on all cores, and calls `body` with
  /// these in the order of entries.
  ///
  /// - Throws: as `forEachSummary`.
  public func forEachCurrentSummary(
    writing write: @escaping @Sendable (Summary, inout [UInt8]) -> Void, _ body: ([UInt8]) -> Void
  ) throws(VaultError) {
    try forEachPart(of: CatalogTask(isCurrent: true, empty: [], collect: write), body)
  }

  /// The summaries of all entries.
  ///
  /// - Throws: as `forEachSummary`.
  public func summaries() throws(VaultError) -> [Summary] {
    var summaries: [Summary] = []
    try forEachSummary { summaries.append($0) }
    return summaries
  }
}
