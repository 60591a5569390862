internal import DurableStore
internal import Streams
internal import TransparencyLog

/// The tiles of the index as files of the vault.
///
/// A writer removes the partial tiles of the head before its own, so a reader may find a wider tile than its head calls
/// for. Its first part is the tile that was there, and every hash is checked against the head anyway.
///
/// Source: C2SP tlog-tiles.
struct TileStore {
  static let folder = "tile"
  static let maximumByteCount = EntryBundle.maximumByteCount

  let root: Directory

  /// Reads a tile: under its own path, or from the first part of a wider one.
  var reader: TileReader {
    { (path) throws(LogError) in
      let file: FileSource
      do throws(StoreError) {
        file = try root.file(path.description)
      } catch .notFound {
        return try widened(path)
      } catch {
        throw LogError.unreadableTile(path)
      }
      return try read(file, path)
    }
  }

  private func read(_ file: FileSource, _ path: TilePath) throws(LogError) -> [UInt8] {
    do { return try file.contents(limit: Self.maximumByteCount) } catch { throw .unreadableTile(path) }
  }

  private func widened(_ path: TilePath) throws(LogError) -> [UInt8]? {
    guard !path.isFull else { return nil }
    for width in (path.width + 1)...TilePath.fullWidth {
      guard let wider = try? TilePath(path.content, index: path.index, width: width),
        let file = try? root.file(wider.description)
      else { continue }
      return try prefix(of: read(file, wider), count: path.width, path)
    }
    return nil
  }

  private func prefix(of bytes: [UInt8], count: Int, _ path: TilePath) throws(LogError) -> [UInt8] {
    switch path.content {
    case .hashes: return Array(bytes.prefix(count * 32))
    case .entries: return try EntryBundle(Array(EntryBundle(bytes: bytes).entries.prefix(count))).bytes
    }
  }

  /// The partial tiles that a tree of `older` leaves has and one of `newer` leaves has not.
  static func outgrown(from older: UInt64, to newer: UInt64) -> [TilePath] {
    let levels = (0...7).map { TilePath.Content.hashes(level: $0) } + [.entries]
    return levels.compactMap { content in
      let count: UInt64
      if case .hashes(let level) = content { count = older >> UInt64(8 * level) } else { count = older }
      guard count % 256 != 0, let path = try? TilePath(content, index: count / 256, inTreeOf: older),
        let successor = try? TilePath(content, index: count / 256, inTreeOf: newer), successor != path
      else { return nil }
      return path
    }
  }
}
