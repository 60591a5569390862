internal import Age
internal import Streams
internal import TransparencyLog
internal import Wording

/// What is to be done with the lines of a catalog, on all cores.
struct CatalogTask<Line: CatalogLine, Part: Sendable>: Sendable {
  /// What came of a line.
  enum Reading {
    case line(Line)
    case unwanted
    case unreadable
  }

  /// Whether items come with their current record under their first number, or every entry as it is.
  let isCurrent: Bool
  /// Where the results of some lines that follow each other begin.
  let empty: Part
  /// Reads a line behind its head, unless it can tell early that the line is not wanted.
  var read: @Sendable (LineHead, inout LineScanner) -> Reading = { head, scanner in
    Line(head, &scanner).map { .line($0) } ?? .unreadable
  }
  /// Adds what comes of a line.
  let collect: @Sendable (Line, inout Part) -> Void
}

extension VaultReader {
  /// Does `task` and calls `body` with its results, in the order of entries, from the catalog as far as it goes. A
  /// catalog that is behind or damaged is made again.
  ///
  /// - Throws: as `forEachRecord`; results of entries before the damaged one have come by then.
  func forEachPart<Line: CatalogLine, Part>(
    of task: CatalogTask<Line, Part>, _ body: (Part) -> Void
  ) throws(VaultError) {
    guard let identity = readingIdentities.first else { throw .notAReader }
    let catalog = Catalog(Line.catalog, of: identity, in: vault)
    var isUsable = refresh(catalog, Line.self)
    do {
      let known = try task.isCurrent ? amendments(in: catalog, isUsable: &isUsable, Line.self) : Known()
      var done: UInt64 = 0
      if isUsable {
        do {
          try forEachPart(in: catalog, of: task, known.amendments) { part, count in
            done += count
            body(part)
          }
        } catch {
          catalog.remove()
        }
      }
      if let tail = known.tail, tail.first.map({ $0.index == done }) ?? true, isUsable {
        for line in tail { body(task.part(of: line, known.amendments)) }
        done += UInt64(tail.count)
      }
      try forEachLine(from: done, Line.self) { body(task.part(of: $0, known.amendments)) }
    } catch {
      throw VaultError(error)
    }
  }

  /// Checks a catalog to its end.
  ///
  /// - Throws: as `Catalog.read`; `VaultError.damaged` also for one that does not fit the index.
  func checkCatalog(_ contents: Catalog.Contents) throws {
    switch contents {
    case .summaries: try checkCatalog(Summary.self)
    case .fields: try checkCatalog(EntryFields.self)
    }
  }

  private func checkCatalog<Line: CatalogLine>(_ type: Line.Type) throws {
    let task = CatalogTask<Line, Void>(isCurrent: false, empty: (), collect: { _, _ in })
    for identity in readingIdentities {
      let catalog = Catalog(Line.catalog, of: identity, in: vault)
      do { return try forEachPart(in: catalog, of: task, Amendments()) { _, _ in } } catch AgeError.noMatch {
        continue
      }
    }
    throw AgeError.noMatch
  }

  private var readingIdentities: [Identity] { identities.filter { vault.note.readers.contains($0.recipient) } }

  // MARK: - Reading

  /// Results from the lines of a catalog that fits the index, each with the number of its lines.
  private func forEachPart<Line: CatalogLine, Part>(
    in catalog: Catalog, of task: CatalogTask<Line, Part>, _ amendments: Amendments<Line>,
    body: (Part, UInt64) -> Void
  ) throws {
    var size: UInt64 = 0
    var done: UInt64 = 0
    try catalog.read {
      try requireFit($0, catalog)
      size = $0.size
    } body: { bytes in
      let results = try task.results(of: bytes, from: done, amendments, in: catalog)
      let count = results.reduce(0) { $0 + $1.count }
      guard done + count <= size else { throw catalog.damaged("more lines than entries") }
      done += count
      for result in results { body(result.part, result.count) }
    }
    guard done == size else { throw catalog.damaged("fewer lines than entries") }
  }

  private func requireFit(_ known: TreeHead, _ catalog: Catalog) throws {
    guard known.size <= count, try vault.tree(head.tree).head(ofSize: known.size) == known else {
      throw catalog.damaged("a catalog of another index")
    }
  }

  private struct Known<Line: CatalogLine> {
    var amendments = Amendments<Line>()
    /// The lines of the entries behind a catalog of use: few, and dear to make twice.
    var tail: [Line]?
  }

  /// Goes over all lines for those that amend others: an item is shown before the entry that amends it is reached.
  private func amendments<Line: CatalogLine>(
    in catalog: Catalog, isUsable: inout Bool, _ type: Line.Type
  ) throws -> Known<Line> {
    var known = Known<Line>()
    var done: UInt64 = 0
    let task = CatalogTask<Line, [Line]>(
      isCurrent: false, empty: [],
      read: { head, scanner in
        guard head.amends != nil else { return .unwanted }
        return Line(head, &scanner).map { .line($0) } ?? .unreadable
      }, collect: { line, part in part.append(line) })
    if isUsable {
      do {
        try forEachPart(in: catalog, of: task, Amendments()) { lines, count in
          done += count
          for line in lines { known.amendments.take(line) }
        }
        var tail: [Line] = []
        try forEachLine(from: done, Line.self) { tail.append($0) }
        for line in tail { known.amendments.take(line) }
        known.tail = tail
        return known
      } catch {
        catalog.remove()
        isUsable = false
        known = Known()
      }
    }
    try forEachLine(from: 0, Line.self) { known.amendments.take($0) }
    return known
  }

  /// The lines of the entries from `start` on, made from their records.
  private func forEachLine<Line: CatalogLine>(
    from start: UInt64, _ type: Line.Type, _ body: (Line) throws -> Void
  ) throws {
    try forEachEntry(from: start) { entry in
      do { try body(Line(record(of: entry))) } catch let error as VaultError where error.isWithdrawal {
        try body(Line(withdrawn: entry.index))
      }
    }
  }

  // MARK: - Keeping it up to date

  /// How many entries of the index for each that the catalog may be behind: then it costs less to open these than to
  /// write all again.
  private static let entriesForEachBehind: UInt64 = 100

  /// Makes the catalog again if it is too far behind, and says whether it is of use then. That it cannot be written is
  /// no failure: the list comes from the entries.
  private func refresh<Line: CatalogLine>(_ catalog: Catalog, _ type: Line.Type) -> Bool {
    var known = catalog.head()
    if let head = known, (try? requireFit(head, catalog)) == nil { known = nil }
    // Nothing of what was withdrawn since stays in it.
    if let head = known, (try? hasRemovals(from: head.size)) != false { known = nil }
    if let known, (count - known.size) * Self.entriesForEachBehind <= count { return true }
    if known != nil, (try? write(catalog, type, keepingLines: true)) != nil { return true }
    return (try? write(catalog, type, keepingLines: false)) != nil
  }

  private func hasRemovals(from start: UInt64) throws -> Bool {
    var isFound = false
    try forEachEntry(from: start) { isFound = isFound || $0.removal?.mayWithdraw == true }
    return isFound
  }

  private func write<Line: CatalogLine>(_ catalog: Catalog, _ type: Line.Type, keepingLines: Bool) throws {
    try catalog.replace(upTo: head.tree) { [self] sink in
      var known: UInt64 = 0
      if keepingLines {
        try catalog.read {
          try requireFit($0, catalog)
          known = $0.size
        } body: {
          try sink.write($0)
        }
      }
      vault.environment.onEntryPlan(count - known)
      try forEachLine(from: known, type) {
        try sink.write($0.line)
        vault.environment.onEntryProgress(1)
      }
    }
    // What was added meanwhile may be a withdrawal, whose writer has removed the catalog before this one came.
    if (try? vault.readHead().tree) != head.tree { catalog.remove() }
  }
}

extension VaultError {
  /// Whether an entry cannot be read because it was withdrawn: catalogs have a line for it all the same.
  var isWithdrawal: Bool {
    guard case .withdrawn = self else { return false }
    return true
  }
}

extension CatalogTask {
  /// What came of lines that follow each other.
  struct Result: Sendable {
    let count: UInt64
    let part: Part
  }

  /// The work on one line that does not come from a catalog.
  func part(of line: Line, _ amendments: Amendments<Line>) -> Part {
    var part = empty
    guard isCurrent else {
      collect(line, &part)
      return part
    }
    guard !amendments.isAmendment(line.index) else { return part }
    collect(amendments.newest[line.index].map { line.amended(by: $0) } ?? line, &part)
    return part
  }

  /// Works on whole lines on all cores; the first is about entry `start`.
  func results(
    of bytes: [UInt8], from start: UInt64, _ amendments: Amendments<Line>, in catalog: Catalog
  ) throws -> [Result] {
    let results = concurrentMap(Self.ranges(ofLinesIn: bytes)) { range in
      Swift.Result { try result(of: bytes, in: range, amendments, of: catalog) }
    }
    var next = start
    return try results.map { result in
      let (first, result) = try result.get()
      guard first == next else { throw catalog.damaged("lines of other entries") }
      next += result.count
      return result
    }
  }

  private func result(
    of bytes: [UInt8], in range: Range<Int>, _ amendments: Amendments<Line>, of catalog: Catalog
  ) throws -> (first: UInt64, Result) {
    var scanner = LineScanner(bytes, in: range)
    var part = empty
    var first: UInt64?
    var count: UInt64 = 0
    while !scanner.isAtEnd {
      guard let head = LineHead(&scanner), head.index &- (first ?? head.index) == count else {
        throw catalog.damaged("a line that is not as the format says")
      }
      first = first ?? head.index
      count += 1
      if isCurrent, amendments.isAmendment(head.index) {
        scanner.skipLine()
        continue
      }
      let newer = isCurrent ? amendments.newest[head.index] : nil
      switch newer == nil ? read(head, &scanner) : Line(head, &scanner).map({ .line($0) }) ?? .unreadable {
      case .line(let line):
        guard scanner.skip(UInt8(ascii: "}")), scanner.skip(UInt8(ascii: "\n")) else {
          throw catalog.damaged("a line that is not as the format says")
        }
        collect(newer.map { line.amended(by: $0) } ?? line, &part)
      case .unwanted: scanner.skipLine()
      case .unreadable: throw catalog.damaged("a line that is not as the format says")
      }
    }
    return (first ?? 0, Result(count: count, part: part))
  }

  /// Whole lines in ranges of about the same length, a few for each core.
  private static func ranges(ofLinesIn bytes: [UInt8]) -> [Range<Int>] {
    let width = max(65_536, bytes.count / (4 * Parallelism.workerCount) + 1)
    var ranges: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      var end = min(start + width, bytes.count)
      while end < bytes.count, bytes[end - 1] != UInt8(ascii: "\n") { end += 1 }
      ranges.append(start..<end)
      start = end
    }
    return ranges
  }
}
