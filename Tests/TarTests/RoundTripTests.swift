import Streams
import Tar
import Testing

let samples: [(String, [UInt8])] = [
  ("empty", []), ("one", [1]), ("d/511", pattern(511)), ("d/512", pattern(512)), ("d/513", pattern(513)),
  ("ҳуҷҷатҳо/Душанбе – кӯча.txt", pattern(40_000)),
  (String(repeating: "long-name-", count: 12) + "/" + String(repeating: "x", count: 99), pattern(10)),
  (String(repeating: "y", count: 101), pattern(20)),
  ((0..<40).map { "level-\($0)" }.joined(separator: "/") + "/" + String(repeating: "z", count: 200), pattern(700)),
  (String(repeating: "ӯ", count: 127) + "/" + String(repeating: "ҷ", count: 127), pattern(3)),
]

@Test(arguments: [1, 7, 511, 512, 513, 4_096, 1_000_000])
func whatIsWrittenReadsBack(pieceByteCount: Int) throws {
  let entries = try read(try compose(samples), pieceByteCount: pieceByteCount)
  #expect(entries.map(\.header.path.bytes) == samples.map { Array($0.0.utf8) })
  #expect(entries.map(\.content) == samples.map(\.1))
  #expect(entries.allSatisfy { $0.header.kind == .file && $0.header.modificationTime == 0 })
}

@Test func sizesAreKnownBeforehand() throws {
  let headers = try samples.map { TarHeader(path: try ArchivePath($0.0), byteCount: UInt64($0.1.count)) }
  #expect(Tar.archiveByteCount(of: headers) == UInt64(try compose(samples).count))
  let huge = TarHeader(path: try ArchivePath("a"), byteCount: .max)
  #expect(Tar.archiveByteCount(of: [huge]) == nil)
}

@Test func paddingFillsUpToTheRequestedSize() throws {
  for total in [0, 1_536, 2_048, 2_049, 200_000] as [UInt64] {
    let archive = try compose([("a", [])], paddedTo: total)
    #expect(archive.count == max(1_536, (Int(total) + 511) / 512 * 512))
    #expect(try read(archive).count == 1)
  }
}

@Test func emptyArchivesAreArchives() throws {
  #expect(try compose([]).count == 1_024)
  #expect(try read(try compose([])).isEmpty)
}

@Test func sizesFrom8GiBAreInAnExtendedHeader() throws {
  let path = try ArchivePath("a")
  #expect(TarHeader(path: path, byteCount: 1 << 33 - 1).encoded().count == 512)
  for byteCount in [1 << 33, 1 << 43] as [UInt64] {
    let header = TarHeader(path: path, byteCount: byteCount, modificationTime: 1_700_000_000)
    #expect(header.encoded().count == 1_536)
    let handler = CollectingHandler()
    try TarReader(handler: handler).write(header.encoded())
    #expect(handler.entries.map(\.header) == [header])
  }
}

@Test func shortASCIIPathsNeedNoExtendedHeader() throws {
  func blockCount(_ path: String) throws -> Int {
    TarHeader(path: try ArchivePath(path), byteCount: 0).encoded().count / 512
  }
  let name = String(repeating: "n", count: 100)
  #expect(try blockCount(name) == 1)
  #expect(try blockCount("p/" + name) == 1)
  #expect(try blockCount(String(repeating: "p", count: 155) + "/" + name) == 1)
  #expect(try blockCount(String(repeating: "p", count: 156) + "/" + name) == 3)
  #expect(try blockCount(name + "n") == 3)
  #expect(try blockCount("ӯ") == 3)
}

@Test func extendedRecordLengthsCountTheirOwnDigits() throws {
  for count in 80...130 {
    let path = String(repeating: "a", count: count - 1) + "/" + String(repeating: "b", count: 101)
    #expect(try read(try compose([(path, [])])).first?.header.path.text == path)
  }
  for count in 960...1_010 {
    let path =
      (0..<count / 5).map { _ in "cccc" }.prefix(20).joined(separator: "/") + "/"
      + (0..<4).map { _ in String(repeating: "d", count: count / 5) }.joined(separator: "/")
    #expect(try read(try compose([(path, [])])).first?.header.path.text == path)
  }
}

@Test func entriesMustBeCompleteAndInOrder() throws {
  let writer = TarWriter(to: MemorySink())
  try writer.begin(TarHeader(path: try ArchivePath("a"), byteCount: 2))
  try writer.write([1])
  #expect(throws: TarError.outOfOrder) { try writer.begin(TarHeader(path: try ArchivePath("b"), byteCount: 0)) }
  #expect(throws: TarError.outOfOrder) { try writer.finish() }
  #expect(throws: TarError.outOfOrder) { try writer.write([1, 2]) }
  try writer.write([2])
  try writer.finish()
  #expect(throws: TarError.outOfOrder) { try writer.finish() }
}
