internal import DurableStore
internal import Primitives
internal import TransparencyLog
internal import Wording

/// Makes the whole index again from its entries and compares every tile and the root.
///
/// Bundles are read and parsed on all cores, a group at a time, and their hashes put together in order. Of an entry,
/// only the files that it names are kept.
///
/// Source: FORMAT section 6; C2SP tlog-tiles.
struct IndexCheck {
  let root: Directory
  let head: TreeHead
  let note: VaultNote
  let environment: VaultEnvironment

  struct Outcome {
    /// The files that the entries name, as far as they can be read.
    var files = NamedFiles([])
    /// How many entries name an object that was not withdrawn.
    var objectCount = 0
    /// The entries that were withdrawn, as far as they had objects.
    var withdrawnItems: [UInt64] = []
    /// The files that withdrawals took out.
    var removedPaths: Set<String> = []
    /// The last entry that changed the readers, and the digest of those that it names.
    var readers: (entry: UInt64, digest: Digest)?
    /// The entries that promised a signing key, and the digests by which they did.
    var promises: [(entry: UInt64, key: Digest)] = []
    /// The size of all these objects together, in bytes.
    var objectByteCount: UInt64 = 0
    var findings: [Finding] = []
    fileprivate var removals: [Removal] = []
    /// How many bundles were tried.
    var bundleCount: UInt64 = 0
    /// Whether every bundle could be read.
    var isComplete = true
  }

  /// After so many bundles that cannot be read, no more are tried: a head can claim more than any disk holds.
  private static let patience = 16
  private static let groupWidth: UInt64 = 64

  private var bundles: EntryBundles { EntryBundles(root: root, head: head) }

  func run() -> Outcome {
    var outcome = Outcome()
    var named: [NamedFile] = []
    var edge: TreeEdge? = TreeEdge()
    var failureCount = 0
    environment.onEntryPlan(head.size)
    while outcome.bundleCount < bundles.count, failureCount < Self.patience {
      let group = Array(outcome.bundleCount..<min(outcome.bundleCount + Self.groupWidth, bundles.count))
      for bundle in concurrentMap(group, check) {
        if bundle.leafHashes == nil { failureCount += 1 }
        take(bundle, &outcome, &named, &edge)
        environment.onEntryProgress(UInt64(bundle.leafHashes?.count ?? 0))
        guard failureCount < Self.patience else { break }
      }
      outcome.bundleCount += UInt64(group.count)
    }
    settle(named, &outcome)
    guard let edge else { return outcome }
    outcome.findings += compare((try? edge.partialTiles()) ?? [])
    if edge.head != head {
      outcome.findings.append(Finding(.checkpoint, detail: "the signed root is not that of the entries"))
    }
    return outcome
  }

  /// What one bundle comes to.
  private struct Checked: Sendable {
    /// The hashes of its leaves; `nil` if it cannot be read.
    var leafHashes: [Digest]?
    var named: [NamedFile] = []
    var objectCount = 0
    var objectByteCount: UInt64 = 0
    var removals: [Removal] = []
    var readers: (entry: UInt64, digest: Digest)?
    var promises: [(entry: UInt64, key: Digest)] = []
    var findings: [Finding] = []

    mutating func note(_ entry: Entry) {
      if let object = entry.object {
        named.append(NamedFile(object, item: entry.index))
        objectCount += 1
        objectByteCount &+= object.byteCount
      }
      // Entries of one commit follow each other and share their records file.
      if named.last(where: { $0.kind == .records })?.digest != entry.records.digest {
        named.append(NamedFile(entry.records, item: entry.index))
      }
      if let digest = entry.readers { readers = (entry.index, digest) }
      if let promised = entry.promised { promises.append((entry.index, promised)) }
      guard let removal = entry.removal else { return }
      removals.append(removal)
      named += removal.records.map { NamedFile(RecordsReference(digest: $0.new, line: 0), item: entry.index) }
    }
  }

  /// What was withdrawn or sealed anew is not expected any more; what stands in its place is.
  private func settle(_ named: [NamedFile], _ outcome: inout Outcome) {
    let all = outcome.removals.flatMap { $0.objects + $0.resealed.map(\.old) + $0.records.map(\.old) }
    let removed = Set(all)
    if removed.count < all.count {
      outcome.findings.append(Finding(.index, detail: "two entries took out the same file"))
    }
    guard !removed.isEmpty else { return outcome.files = NamedFiles(named) }
    let named = named + resealed(named, outcome.removals)
    let gone = named.filter { removed.contains($0.digest) }
    let withdrawn = Set(outcome.removals.flatMap(\.objects))
    outcome.withdrawnItems = gone.filter { $0.kind == .object && withdrawn.contains($0.digest) }.map(\.item).sorted()
    outcome.objectCount -= outcome.withdrawnItems.count
    outcome.removedPaths = Set(gone.map(\.path))
    outcome.files = NamedFiles(named.filter { !removed.contains($0.digest) })
  }

  /// The objects that stand in the place of named ones, each under the entry whose object it is.
  private func resealed(_ named: [NamedFile], _ removals: [Removal]) -> [NamedFile] {
    let pairs = removals.flatMap(\.resealed).map { ($0.old, $0.new) }
    guard !pairs.isEmpty else { return [] }
    let next = Dictionary(pairs) { first, _ in first }
    var found: [NamedFile] = []
    for file in named where file.kind == .object {
      var digest = file.digest
      for _ in 0..<next.count {
        guard let object = next[digest] else { break }
        found.append(NamedFile(object, item: file.item))
        digest = object.digest
      }
    }
    return found
  }

  private func take(
    _ bundle: Checked, _ outcome: inout Outcome, _ named: inout [NamedFile], _ edge: inout TreeEdge?
  ) {
    outcome.findings += bundle.findings
    outcome.objectCount += bundle.objectCount
    outcome.objectByteCount &+= bundle.objectByteCount
    outcome.removals += bundle.removals
    outcome.readers = bundle.readers ?? outcome.readers
    outcome.promises += bundle.promises
    named += bundle.named
    guard let leafHashes = bundle.leafHashes else {
      // Without these entries nothing behind them can be hashed together with what is before.
      edge = nil
      outcome.isComplete = false
      return
    }
    for hash in leafHashes {
      if let tiles = try? edge?.append(hash), !tiles.isEmpty { outcome.findings += compare(tiles) }
    }
  }

  @Sendable private func check(_ bundle: UInt64) -> Checked {
    var checked = Checked()
    let first = bundle * UInt64(TilePath.fullWidth)
    let leaves: [[UInt8]]
    do { leaves = try bundles.leaves(of: bundle) } catch {
      checked.findings.append(Finding(.index, item: first, path: bundles.path(of: bundle), error: error))
      return checked
    }
    let hashes = leaves.map(MerkleHash.leaf)
    checked.leafHashes = hashes
    checked.findings += compareLeaves(hashes, bundle)
    for (index, leaf) in zip(first..., leaves) {
      do {
        try checked.note(Entry(index: index, leaf: leaf, in: note))
      } catch {
        guard case VaultError.damaged(let finding) = error else { continue }
        checked.findings.append(finding)
      }
    }
    return checked
  }

  /// Compares leaves with their tile of level 0, so that damage is told to the entry.
  private func compareLeaves(_ hashes: [Digest], _ bundle: UInt64) -> [Finding] {
    guard let tile = try? TilePath(.hashes(level: 0), index: bundle, inTreeOf: head.size) else { return [] }
    let expected = hashes.flatMap(\.bytes)
    guard let present = try? root.contents(of: tile.description, limit: TileStore.maximumByteCount) else {
      return [missing(tile)]
    }
    guard present != expected else { return [] }
    let entries = bundles.path(of: bundle)
    let detail: Phrase = "the entry is not the one whose hash the index has"
    return hashes.indices.compactMap { offset in
      let range = offset * Digest.byteCount..<(offset + 1) * Digest.byteCount
      guard range.upperBound <= present.count, present[range] != expected[range] else { return nil }
      let item = bundle * UInt64(TilePath.fullWidth) + UInt64(offset)
      return Finding(.entry, item: item, path: entries, detail: detail)
    } + [other(tile)]
  }

  /// Compares the tiles above level 0.
  private func compare(_ tiles: [TileFile]) -> [Finding] {
    tiles.compactMap { tile in
      guard tile.path.content != .hashes(level: 0) else { return nil }
      guard let present = try? root.contents(of: tile.path.description, limit: TileStore.maximumByteCount) else {
        return missing(tile.path)
      }
      return present == tile.bytes ? nil : other(tile.path)
    }
  }

  private func missing(_ tile: TilePath) -> Finding {
    Finding(.index, path: tile.description, detail: "the tile is missing or cannot be read")
  }

  private func other(_ tile: TilePath) -> Finding {
    Finding(.index, path: tile.description, detail: "the tile is not that of the entries")
  }
}
