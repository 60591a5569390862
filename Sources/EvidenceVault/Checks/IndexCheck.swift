internal import DurableStore
internal import Primitives
internal import TransparencyLog

/// Makes the whole index again from its entries and compares every tile and the root.
///
/// Source: FORMAT section 6; C2SP tlog-tiles.
struct IndexCheck {
  let root: Directory
  let head: TreeHead
  let note: VaultNote

  struct Outcome {
    /// The entries that can be read.
    var entries: [Entry] = []
    var findings: [Finding] = []
    /// Whether every bundle could be read.
    var isComplete = true
  }

  /// After so many bundles that cannot be read, no more are tried: a head can claim more than any disk holds.
  private static let patience = 16

  func run() -> Outcome {
    var outcome = Outcome()
    var appender = try? LogAppender(extending: .empty, reader: { (_) throws(LogError) in nil })
    var failureCount = 0
    for bundle in 0..<((head.size + 255) / 256) {
      guard failureCount < Self.patience else { break }
      do {
        try check(bundle, &outcome, &appender)
      } catch {
        // Without these entries nothing behind them can be hashed together with what is before.
        appender = nil
        failureCount += 1
        outcome.isComplete = false
        outcome.findings.append(Finding(.index, item: bundle * 256, path: path(bundle), detail: "\(error)"))
      }
    }
    guard let appender else { return outcome }
    outcome.findings += compare((try? appender.partialTiles()) ?? [])
    if appender.head != head {
      outcome.findings.append(Finding(.checkpoint, detail: "the signed root is not that of the entries"))
    }
    return outcome
  }

  private func check(_ bundle: UInt64, _ outcome: inout Outcome, _ appender: inout LogAppender?) throws {
    let (path, leaves) = try read(bundle)
    for (offset, leaf) in leaves.enumerated() {
      let index = bundle * 256 + UInt64(offset)
      outcome.findings += compareLeaf(leaf, index: index, path: path)
      do {
        outcome.entries.append(try Entry(index: index, leaf: leaf, in: note))
      } catch VaultError.damaged(let finding) {
        outcome.findings.append(finding)
      }
      outcome.findings += compare(try appender?.append(leaf) ?? [])
    }
  }

  private func path(_ bundle: UInt64) -> String {
    (try? TilePath(.entries, index: bundle, inTreeOf: head.size))?.description ?? TileStore.folder
  }

  private func read(_ bundle: UInt64) throws -> (path: String, leaves: [[UInt8]]) {
    let path = try TilePath(.entries, index: bundle, inTreeOf: head.size)
    let bytes = try root.contents(of: path.description, limit: TileStore.maximumByteCount)
    let leaves = try EntryBundle(bytes: bytes).entries
    guard leaves.count == path.width else { throw LogError.damagedTile(path) }
    return (path.description, leaves)
  }

  /// Compares a leaf with its hash in the tile of level 0, so that damage is told to the entry.
  private func compareLeaf(_ leaf: [UInt8], index: UInt64, path: String) -> [Finding] {
    guard let tile = try? TilePath(.hashes(level: 0), index: index / 256, inTreeOf: head.size),
      let hashes = try? root.contents(of: tile.description, limit: TileStore.maximumByteCount)
    else { return [] }
    let start = Int(index % 256) * 32
    guard hashes.count >= start + 32, Array(hashes[start..<(start + 32)]) != MerkleHash.leaf(leaf).bytes else {
      return []
    }
    return [Finding(.entry, item: index, path: path, detail: "the entry is not the one whose hash the index has")]
  }

  /// Compares hash tiles; the bundles are where the entries came from.
  private func compare(_ tiles: [TileFile]) -> [Finding] {
    tiles.compactMap { tile in
      guard tile.path.content != .entries else { return nil }
      let path = tile.path.description
      guard let present = try? root.contents(of: path, limit: TileStore.maximumByteCount) else {
        return Finding(.index, path: path, detail: "the tile is missing or cannot be read")
      }
      return present == tile.bytes ? nil : Finding(.index, path: path, detail: "the tile is not that of the entries")
    }
  }
}
