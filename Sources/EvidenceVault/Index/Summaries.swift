internal import Age
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog

extension VaultReader {
  /// Calls `body` with the summary of every entry, in order, from the catalog as far as it goes. A catalog that is
  /// behind or damaged is made again.
  ///
  /// - Throws: as `forEachRecord`; summaries of entries before the damaged one have come by then.
  public func forEachSummary(_ body: (Summary) -> Void) throws(VaultError) {
    try forEachSummary(mapping: { $0 }, body)
  }

  /// Calls `body`, in the order of entries, with what `transform` makes of their summaries on all cores. Entries of
  /// which it makes nothing are left out.
  ///
  /// - Throws: as `forEachSummary`.
  public func forEachSummary<Line: Sendable>(
    mapping transform: @Sendable (Summary) -> Line?, _ body: (Line) -> Void
  ) throws(VaultError) {
    guard let identity = readingIdentities.first else { throw .notAReader }
    let catalog = Catalog(of: identity, in: vault)
    let isFresh = refresh(catalog)
    var done: UInt64 = 0
    do {
      try forEachCatalogLine(of: catalog, transform) { lines in
        done += UInt64(lines.count)
        for case let line? in lines { body(line) }
      }
    } catch {
      if isFresh { catalog.remove() }
    }
    try forEachRecord(from: done) { record in
      if let line = transform(Summary(record)) { body(line) }
    }
  }

  /// The summaries of all entries.
  ///
  /// - Throws: as `forEachSummary`.
  public func summaries() throws(VaultError) -> [Summary] {
    var summaries: [Summary] = []
    try forEachSummary { summaries.append($0) }
    return summaries
  }

  /// Checks the catalog to its end.
  ///
  /// - Throws: as `Catalog.read`; `VaultError.damaged` also for one that does not fit the index.
  func checkCatalog() throws {
    for identity in readingIdentities {
      do { return try forEachCatalogLine(of: Catalog(of: identity, in: vault), { $0 }, body: { _ in }) } catch AgeError
        .noMatch
      { continue }
    }
    throw AgeError.noMatch
  }

  private var readingIdentities: [Identity] { identities.filter { vault.note.readers.contains($0.recipient) } }

  /// What `transform` makes of the lines of a catalog that fits the index, many at once.
  private func forEachCatalogLine<Line: Sendable>(
    of catalog: Catalog, _ transform: @Sendable (Summary) -> Line?, body: ([Line?]) -> Void
  ) throws {
    var size: UInt64 = 0
    var done: UInt64 = 0
    try catalog.read {
      try requireFit($0)
      size = $0.size
    } body: { bytes in
      let lines = try Self.summaries(bytes, from: done, transform)
      done += UInt64(lines.count)
      guard done <= size else { throw Catalog.damaged("more lines than entries") }
      body(lines)
    }
    guard done == size else { throw Catalog.damaged("fewer lines than entries") }
  }

  private func requireFit(_ known: TreeHead) throws {
    guard known.size <= count, try vault.tree(head.tree).head(ofSize: known.size) == known else {
      throw Catalog.damaged("a catalog of another index")
    }
  }

  /// Parses whole lines on all cores; the first is about entry `start`.
  private static func summaries<Line: Sendable>(
    _ bytes: [UInt8], from start: UInt64, _ transform: @Sendable (Summary) -> Line?
  ) throws -> [Line?] {
    let lines = ranges(ofLinesIn: bytes)
    let width = max(64, lines.count / (4 * Parallelism.workerCount))
    let parts = concurrentMap(Array(stride(from: 0, to: lines.count, by: width))) { first in
      Result {
        try (first..<min(first + width, lines.count)).map { place in
          let json = try? JSON.parse(Array(bytes[lines[place]]))
          guard let summary = json.flatMap({ Summary($0) }), summary.index == start + UInt64(place) else {
            throw Catalog.damaged("a line that is no summary")
          }
          return transform(summary)
        }
      }
    }
    return try parts.flatMap { try $0.get() }
  }

  private static func ranges(ofLinesIn bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for place in bytes.indices where bytes[place] == UInt8(ascii: "\n") {
      ranges.append(start..<place)
      start = place + 1
    }
    return ranges
  }

  // MARK: - Keeping it up to date

  /// How many entries of the index for each that the catalog may be behind: then it costs less to open these than to
  /// write all again.
  private static let entriesForEachBehind: UInt64 = 100

  /// Makes the catalog again if it is too far behind, and says whether it is of use then. That it cannot be written is
  /// no failure: the list comes from the entries.
  private func refresh(_ catalog: Catalog) -> Bool {
    var known = catalog.head()
    if let head = known, (try? requireFit(head)) == nil { known = nil }
    if let known, (count - known.size) * Self.entriesForEachBehind <= count { return true }
    if known != nil, (try? write(catalog, keepingLines: true)) != nil { return true }
    return (try? write(catalog, keepingLines: false)) != nil
  }

  private func write(_ catalog: Catalog, keepingLines: Bool) throws {
    try catalog.replace(upTo: head.tree) { [self] sink in
      var known: UInt64 = 0
      if keepingLines {
        try catalog.read {
          try requireFit($0)
          known = $0.size
        } body: {
          try sink.write($0)
        }
      }
      vault.environment.onEntryPlan(count - known)
      try forEachRecord(from: known) { record in
        try sink.write(Summary(record).json.serialized() + [UInt8(ascii: "\n")])
        vault.environment.onEntryProgress(1)
      }
    }
  }
}
