import Testing
import TransparencyLog

struct TilePathTests {
  @Test func pathsAreSpelledAsTheSpecificationShows() throws {
    let index: UInt64 = 1_234_067
    #expect(try TilePath(.hashes(level: 0), index: index).description == "tile/0/x001/x234/067")
    #expect(try TilePath(.hashes(level: 0), index: index, width: 12).description == "tile/0/x001/x234/067.p/12")
    #expect(try TilePath(.entries, index: 0, width: 255).description == "tile/entries/000.p/255")
    #expect(try TilePath(.hashes(level: 63), index: 1000).description == "tile/63/x001/000")
    #expect(try TilePath(.entries, index: 999).description == "tile/entries/999")
  }

  @Test func aTreeOf70000HasTheTilesOfTheSpecification() throws {
    let paths = Array(TilePath.all(inTreeOf: 70_000))
    func tiles(_ content: TilePath.Content, full: Bool) -> [TilePath] {
      paths.filter { $0.content == content && $0.isFull == full }
    }
    #expect(tiles(.hashes(level: 0), full: true).count == 273)
    #expect(tiles(.hashes(level: 0), full: false).map(\.width) == [112])
    #expect(tiles(.hashes(level: 1), full: true).count == 1)
    #expect(tiles(.hashes(level: 1), full: false).map(\.width) == [17])
    #expect(tiles(.hashes(level: 2), full: true).isEmpty)
    #expect(tiles(.hashes(level: 2), full: false).map(\.width) == [1])
    #expect(tiles(.entries, full: true).count == 273)
    #expect(tiles(.entries, full: false).map(\.width) == [112])
    #expect(paths.count == 273 + 1 + 1 + 1 + 1 + 274)
  }

  @Test func aTreeOf256HasAFullTileAndAPartialOneAboveIt() {
    let paths = TilePath.all(inTreeOf: 256).map(\.description)
    #expect(paths == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"])
    #expect(Array(TilePath.all(inTreeOf: 0)).isEmpty)
  }

  @Test func everyPathReadsBackAsItself() throws {
    let indexes: [UInt64] = [0, 1, 9, 10, 999, 1000, 1001, 999_999, 1_000_000, 1_234_067, (1 << 55) - 2]
    for content in [.entries, .hashes(level: 0), .hashes(level: 9), .hashes(level: 10), .hashes(level: 63)]
      as [TilePath.Content]
    {
      for index in indexes {
        for width in [1, 9, 10, 99, 100, 255, 256] {
          let path = try TilePath(content, index: index, width: width)
          #expect(try TilePath(path.description) == path)
        }
      }
    }
  }

  @Test(arguments: [
    "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/000/", "/tile/0/000", "tile//000", "tile/0//000", "Tile/0/000",
    "tile/00/000", "tile/01/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/x/000", "tile/entry/000",
    "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001/x002",
    "tile/0/x1/002", "tile/0/X001/002", "tile/0/0x1", "tile/0/00a", "tile/0/-01", "tile/0/ 01", "tile/0/٠٠١",
    "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256", "tile/0/000.p/257",
    "tile/0/000.p/1/", "tile/0/000.p/1/2", "tile/0/000.p/-1", "tile/0/000.q/1", "tile/0/.p/1", "tile/.p/1",
    "tile/0/000.p.p/1", "tile/0/000\n", "tile/0/000\r\n", "tile/0/000\u{0}", "tile/0/../000",
    "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/x999/x999/x999/x999/x999/999",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/000.p/18446744073709551617",
  ])
  func wrongPathsAreRefused(text: String) {
    #expect(throws: LogError.malformed(.tilePath)) { try TilePath(text) }
  }

  @Test func everyTruncationAndMutationIsRefusedOrAnotherPath() throws {
    let text = "tile/10/x001/x234/067.p/12"
    for bytes in truncations(of: Array(text.utf8)) + mutations(of: Array(text.utf8)) {
      let changed = String(decoding: bytes, as: UTF8.self)
      if let path = try? TilePath(changed) { #expect(Array(path.description.utf8) == bytes) }
    }
  }

  @Test func rangesHold() throws {
    for width in [-1, 0, 257, .max] {
      #expect(throws: LogError.malformed(.tilePath)) { try TilePath(.entries, index: 0, width: width) }
    }
    for level in [-1, 64, .min, .max] {
      #expect(throws: LogError.malformed(.tilePath)) { try TilePath(.hashes(level: level), index: 0) }
    }
    #expect(throws: LogError.malformed(.tilePath)) { try TilePath(.entries, index: .max) }
    #expect(throws: LogError.malformed(.tilePath)) { try TilePath(.entries, index: (1 << 55) - 1, width: 256) }
    #expect(try TilePath(.entries, index: (1 << 55) - 1, inTreeOf: TreeHead.maximumSize).width == 255)
    #expect(throws: LogError.beyondTree(size: 256)) { try TilePath(.entries, index: 1, inTreeOf: 256) }
    #expect(throws: LogError.beyondTree(size: 256)) { try TilePath(.entries, index: .max, inTreeOf: 256) }
  }

  @Test func tilesBeyondTheTreeAreToldFromThoseItCovers() throws {
    for path in TilePath.all(inTreeOf: 70_000) {
      #expect(path.isCovered(byTreeOf: 70_000))
      #expect(path.isFull || !path.isCovered(byTreeOf: 69_999) || path.content != .entries)
    }
    #expect(try TilePath("tile/0/000.p/5").isCovered(byTreeOf: 5))
    #expect(try !TilePath("tile/0/000.p/5").isCovered(byTreeOf: 4))
    #expect(try !TilePath("tile/0/000").isCovered(byTreeOf: 255))
    #expect(try !TilePath("tile/8/000.p/1").isCovered(byTreeOf: .max))
  }
}

struct EntryBundleTests {
  @Test func entriesStandBehindTheirBigEndianLength() throws {
    let bundle = try EntryBundle([[], [7], [UInt8](repeating: 9, count: 258)])
    #expect(bundle.bytes == [0, 0, 0, 1, 7, 1, 2] + [UInt8](repeating: 9, count: 258))
    #expect(try EntryBundle(bytes: bundle.bytes) == bundle)
  }

  @Test func truncatedBundleIsRefusedUnlessItEndsBetweenEntries() throws {
    let bytes = try EntryBundle([[1, 2, 3], [4, 5], []]).bytes
    for truncated in truncations(of: bytes) {
      if [0, 5, 9].contains(truncated.count) {
        #expect(try EntryBundle(bytes: truncated).bytes == truncated)
      } else {
        #expect(throws: LogError.malformed(.entryBundle)) { try EntryBundle(bytes: truncated) }
      }
    }
  }

  @Test func limitsHold() throws {
    let full = try EntryBundle([[UInt8]](repeating: [UInt8](repeating: 1, count: 65_535), count: 256))
    #expect(full.bytes.count == EntryBundle.maximumByteCount)
    #expect(try EntryBundle(bytes: full.bytes) == full)
    #expect(throws: LogError.beyondLimit(.entryBundle)) { try EntryBundle(bytes: full.bytes + [0]) }
    #expect(throws: LogError.beyondLimit(.entryBundle)) { try EntryBundle([[UInt8]](repeating: [], count: 257)) }
    #expect(throws: LogError.beyondLimit(.entryBundle)) {
      try EntryBundle(bytes: [UInt8](repeating: 0, count: 2 * 257))
    }
    #expect(throws: LogError.beyondLimit(.entry)) { try EntryBundle([[UInt8](repeating: 1, count: 65_536)]) }
  }
}
