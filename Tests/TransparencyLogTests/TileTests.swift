import Primitives
import Testing
import TransparencyLog

struct TileTreeTests {
  @Test func proofsFromTilesAreThoseOfTheRFC() throws {
    let tree = NaiveTree(entries(0..<130))
    let store = MemoryTiles()
    var head = TreeHead.empty
    for size in 1...130 {
      head = try store.append(entries(size - 1..<size), to: head)
      #expect(head == tree.head(size))
      let tiles = TileTree(head: head, reader: store.reader())
      // All of the small trees; of the larger ones every fifth leaf, others for each size, to stay within seconds.
      for index in stride(from: size > 40 ? size % 5 : 0, to: size, by: size > 40 ? 5 : 1) {
        let older = index + 1
        #expect(try tiles.inclusionProof(for: UInt64(index)).hashes == tree.path(index, 0..<size))
        #expect(try tiles.consistencyProof(from: UInt64(older)).hashes == tree.subproof(older, 0..<size, true))
      }
      #expect(try tiles.consistencyProof(from: 0).hashes.isEmpty)
    }
  }

  @Test(arguments: [255, 256, 257, 511, 512, 513, 600])
  func treesAcrossATileBoundaryGiveTheProofsOfTheRFC(size: Int) throws {
    let tree = NaiveTree(entries(0..<size))
    let store = MemoryTiles()
    let head = try store.append(entries(0..<size), to: .empty)
    let tiles = TileTree(head: head, reader: store.reader())
    for index in [0, 1, 127, 254, 255, 256, 257, 511, 512, size - 1] where index < size {
      #expect(try tiles.inclusionProof(for: UInt64(index)).hashes == tree.path(index, 0..<size))
      #expect(try tiles.leafHash(at: UInt64(index)) == tree.leaves[index])
      #expect(try tiles.entry(at: UInt64(index)) == entries(index..<index + 1)[0])
      #expect(try tiles.head(ofSize: UInt64(index)) == tree.head(index))
      let hashes = index == 0 ? [] : tree.subproof(index, 0..<size, true)
      #expect(try tiles.consistencyProof(from: UInt64(index)).hashes == hashes)
    }
  }

  @Test func askingBeyondTheTreeIsRefused() throws {
    let store = MemoryTiles()
    let tiles = TileTree(head: try store.append(entries(0..<3), to: .empty), reader: store.reader())
    #expect(throws: LogError.beyondTree(size: 3)) { try tiles.inclusionProof(for: 3) }
    #expect(throws: LogError.beyondTree(size: 3)) { try tiles.entry(at: .max) }
    #expect(throws: LogError.beyondTree(size: 3)) { try tiles.entries(inBundle: .max) }
    #expect(throws: LogError.beyondTree(size: 3)) { try tiles.consistencyProof(from: 4) }
    #expect(throws: LogError.beyondTree(size: 3)) { try tiles.head(ofSize: .max) }
  }

  @Test func anyBitChangedInATileGivesAnErrorAndNeverAWrongProof() throws {
    let store = MemoryTiles()
    let head = try store.append(entries(0..<300), to: .empty)
    let sound = store.files
    for (path, bytes) in sound {
      for byte in stride(from: 0, to: bytes.count, by: 97) {
        store.files = sound
        store.files[path]?[byte] ^= 1
        let tiles = TileTree(head: head, reader: store.reader())
        if case .entries = path.content {
          #expect(throws: LogError.damagedTile(path)) { try tiles.entries(inBundle: path.index) }
        } else {
          let index: UInt64 = path.content == .hashes(level: 0) ? path.index * 256 : 299
          #expect(throws: LogError.tilesDisagree(with: head)) { try tiles.inclusionProof(for: index) }
          #expect(throws: LogError.tilesDisagree(with: head)) { try tiles.leafHash(at: index) }
          #expect(throws: LogError.tilesDisagree(with: head)) { try tiles.entry(at: index) }
          // The leaves of a full tile do not enter into this proof, only their root on the next level.
          let isNeeded = path.content != .hashes(level: 0) || !path.isFull
          if isNeeded {
            #expect(throws: LogError.tilesDisagree(with: head)) { try tiles.consistencyProof(from: 299) }
          }
        }
      }
    }
  }

  @Test func missingShortAndLongTilesAreErrors() throws {
    let store = MemoryTiles()
    let head = try store.append(entries(0..<300), to: .empty)
    let sound = store.files
    for (path, bytes) in sound {
      let tiles = TileTree(head: head, reader: store.reader())
      store.files[path] = nil
      #expect(throws: LogError.missingTile(path)) { try readAll(tiles) }
      for wrong in [bytes + [0], Array(bytes.dropLast()), []] {
        store.files[path] = wrong
        #expect(throws: LogError.damagedTile(path)) { try readAll(tiles) }
      }
      store.files = sound
    }
  }

  @Test func aReaderThatFailsIsNotAMissingTile() throws {
    let path = try TilePath(.hashes(level: 0), index: 0, width: 3)
    let head = NaiveTree(entries(0..<3)).head(3)
    let reader: TileReader = { path throws(LogError) in throw .unreadableTile(path) }
    #expect(throws: LogError.unreadableTile(path)) { try TileTree(head: head, reader: reader).leafHash(at: 0) }
    #expect(throws: LogError.unreadableTile(path)) { try LogAppender(extending: head, reader: reader) }
  }

  private func readAll(_ tiles: TileTree) throws {
    for bundle in 0..<2 as Range<UInt64> { _ = try tiles.entries(inBundle: bundle) }
  }
}

struct LogAppenderTests {
  @Test(arguments: [255, 256, 257, 511, 512, 513, 1000])
  func batchesLeaveTheSameTilesAsOneBatch(size: Int) throws {
    let whole = MemoryTiles()
    let head = try whole.append(entries(0..<size), to: .empty)
    for cuts in [[1], [255], [254, 255], [100, 200], [size - 1]] {
      let parts = MemoryTiles()
      var partHead = TreeHead.empty
      var start = 0
      for end in cuts.filter({ $0 < size }) + [size] {
        partHead = try parts.append(entries(start..<end), to: partHead)
        start = end
      }
      #expect(partHead == head)
      for (path, bytes) in whole.files { #expect(parts.files[path] == bytes) }
    }
    #expect(Set(whole.files.keys) == Set(TilePath.all(inTreeOf: UInt64(size))))
  }

  @Test func aThirdLevelGrowsOutOf65536Leaves() throws {
    let store = MemoryTiles()
    var accumulator = RootAccumulator()
    let leaves = (0..<65_537).map { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    for leaf in leaves { accumulator.append(MerkleHash.leaf(leaf)) }
    var head = try store.append(Array(leaves[..<65_535]), to: .empty)
    head = try store.append([leaves[65_535]], to: head)
    #expect(store.files[try TilePath(.hashes(level: 2), index: 0, width: 1)]?.count == 32)
    #expect(store.files[try TilePath(.hashes(level: 1), index: 0)]?.count == 8192)
    store.forgetReads()
    head = try store.append([leaves[65_536]], to: head)
    #expect(store.readPaths == [try TilePath(.hashes(level: 2), index: 0, width: 1)])
    #expect(head == accumulator.head)
    let tiles = TileTree(head: head, reader: store.reader())
    for index in [0, 255, 256, 65_535, 65_536] as [UInt64] {
      #expect(try tiles.entry(at: index) == leaves[Int(index)])
    }
    #expect(try tiles.head(ofSize: 65_536).size == 65_536)
  }

  @Test func onlyTheRightEdgeIsRead() throws {
    let store = MemoryTiles()
    let head = try store.append(entries(0..<600), to: .empty)
    store.forgetReads()
    _ = try store.append(entries(600..<601), to: head)
    #expect(store.readPaths.map(\.description) == ["tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"])
  }

  @Test func aTileThatDidNotGrowIsNotWrittenAgain() throws {
    let store = MemoryTiles()
    let head = try store.append(entries(0..<600), to: .empty)
    let grown = try LogAppender.append(entries(600..<601), to: head, reader: store.reader())
    #expect(grown.files.map(\.path.description) == ["tile/0/002.p/89", "tile/entries/002.p/89"])
    let none = try LogAppender.append([], to: head, reader: store.reader())
    #expect(none.files.isEmpty && none.head == head)
  }

  @Test func theFullTileStandsInForAMissingPartialOne() throws {
    let store = MemoryTiles()
    let head = try store.append(entries(0..<100), to: .empty)
    let later = try store.append(entries(100..<256), to: head)
    for path in store.files.keys where path.width == 100 { store.files[path] = nil }
    #expect(try LogAppender.append(entries(100..<256), to: head, reader: store.reader()).head == later)
    #expect(try TileTree(head: head, reader: store.reader()).entry(at: 99) == entries(99..<100)[0])
  }

  @Test func tilesOfAnotherTreeAreNotExtended() throws {
    let store = MemoryTiles()
    let head = try store.append(entries(0..<300), to: .empty)
    let sound = store.files
    for path in try [TilePath("tile/0/001.p/44"), TilePath("tile/1/000.p/1")] {
      store.files[path]?[0] ^= 1
      #expect(throws: LogError.self) { try LogAppender(extending: head, reader: store.reader()) }
      store.files = sound
    }
    let entry = try TilePath(.entries, index: 1, width: 44)
    store.files[entry]?[5] ^= 1
    #expect(throws: LogError.damagedTile(entry)) { try LogAppender(extending: head, reader: store.reader()) }
    store.files = sound
    let other = try TreeHead(size: 300, root: MerkleHash.emptyRoot)
    #expect(throws: LogError.tilesDisagree(with: other)) { try LogAppender(extending: other, reader: store.reader()) }
  }

  @Test func anEntryOver65535BytesIsRefused() throws {
    var appender = try LogAppender(extending: .empty, reader: MemoryTiles().reader())
    _ = try appender.append([UInt8](repeating: 1, count: 65_535))
    #expect(throws: LogError.beyondLimit(.entry)) { try appender.append([UInt8](repeating: 1, count: 65_536)) }
    #expect(appender.head.size == 1)
  }
}
