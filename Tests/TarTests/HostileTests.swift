import Streams
import Tar
import Testing

private let hostilePaths: [(String, TarError.PathFault)] = [
  ("", .empty), ("/abs", .absolute), ("/", .absolute), ("../x", .dotComponent), ("a/../b", .dotComponent),
  ("..", .dotComponent), (".", .dotComponent), ("./a", .dotComponent), ("a/./b", .dotComponent),
  ("a/..", .dotComponent),
  ("a//b", .emptyComponent), ("a/", .emptyComponent), ("a\\b", .backslash), ("a\nb", .controlCharacter),
  ("a\u{1B}[2J", .controlCharacter), ("a\u{7F}", .controlCharacter), ("a\u{85}b", .controlCharacter),
  (String(repeating: "c", count: 256), .tooLong), ((0..<65).map { _ in "d" }.joined(separator: "/"), .tooLong),
  ((0..<41).map { _ in String(repeating: "e", count: 99) }.joined(separator: "/"), .tooLong),
]

@Test(arguments: hostilePaths)
func hostilePathsAreRefused(text: String, fault: TarError.PathFault) {
  #expect(throws: TarError.invalidPath(fault)) { try ArchivePath(text) }
  guard text.utf8.count <= 100 else { return }
  #expect(throws: TarError.invalidPath(fault)) { try read(RawHeader(name: Array(text.utf8)).archive) }
  if !text.isEmpty {
    let record = " path=\(text)\n"
    #expect(throws: TarError.invalidPath(fault)) { try read(RawHeader.extended(withLength(record))) }
  }
}

@Test(arguments: [[0x61, 0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x80]] as [[UInt8]])
func pathsThatAreNotUTF8AreRefused(bytes: [UInt8]) {
  #expect(throws: TarError.invalidPath(.invalidUTF8)) { try ArchivePath(bytes) }
  #expect(throws: TarError.invalidPath(.invalidUTF8)) { try read(RawHeader(name: bytes).archive) }
}

@Test func harmlessPathsAreAccepted() throws {
  for text in ["a", "...", ".hidden", "a b", "..a/b..", "кӯча", String(repeating: "c", count: 255), "-rf", "a:b"] {
    #expect(try ArchivePath(text).text == text)
  }
  #expect(try ArchivePath("a\u{301}") != ArchivePath("\u{E1}"))
}

private func withLength(_ rest: String) -> String {
  let count = rest.utf8.count
  return "\(count + String(count + 2).utf8.count)" + rest
}

private func type(_ letter: Unicode.Scalar, linkName: String = "") -> [UInt8] {
  RawHeader(type: UInt8(ascii: letter), linkName: Array(linkName.utf8)).archive
}

private let hostileArchives: [(String, [UInt8], TarError)] = [
  ("hard link", type("1", linkName: "a"), .unsupportedType(.hardLink)),
  ("symbolic link", type("2", linkName: "/etc"), .unsupportedType(.symbolicLink)),
  ("character device", type("3"), .unsupportedType(.device)), ("block device", type("4"), .unsupportedType(.device)),
  ("named pipe", type("6"), .unsupportedType(.fifo)), ("contiguous", type("7"), .unsupportedType(.other(0x37))),
  ("sparse", type("S"), .unsupportedType(.sparseFile)), ("long name", type("L"), .unsupportedType(.gnuLongName)),
  ("long link", type("K"), .unsupportedType(.gnuLongName)), ("global", type("g"), .unsupportedType(.globalHeader)),
  ("old type", RawHeader(type: 0).archive, .unsupportedType(.other(0))),
  ("file with a link name", type("0", linkName: "x"), .malformedHeader),
  ("text behind a zero byte", RawHeader(name: [0x61, 0, 0x62]).archive, .malformedHeader),
  ("other magic", RawHeader(magic: Array("ustar\u{0}01".utf8)).archive, .unknownFormat),
  ("no magic", RawHeader(magic: []).archive, .unknownFormat),
  ("GNU with a prefix", RawHeader(magic: Array("ustar  ".utf8), prefix: [1]).archive, .malformedHeader),
  ("negative size", RawHeader(size: [UInt8](repeating: 0xFF, count: 12)).archive, .malformedNumber),
  ("binary size", RawHeader(size: [0x80] + [UInt8](repeating: 0, count: 11)).archive, .malformedNumber),
  ("size with a minus", RawHeader(size: Array("-0000000001".utf8)).archive, .malformedNumber),
  ("size with a space in front", RawHeader(size: Array("          1".utf8)).archive, .malformedNumber),
  ("size in decimal", RawHeader(size: Array("00000000008".utf8)).archive, .malformedNumber),
  ("size without an end", RawHeader(size: Array("000000000000".utf8)).archive, .malformedNumber),
  ("no size", RawHeader(size: []).archive, .malformedNumber),
  ("no mode", RawHeader(mode: []).archive, .malformedNumber),
  ("binary time", RawHeader(time: [0xFF]).archive, .malformedNumber),
  ("largest octal size, no data", RawHeader(size: Array("77777777777".utf8)).block, .truncated),
  ("directory with content", RawHeader(size: Array("00000000001".utf8), type: 0x35).archive, .malformedHeader),
  ("no end marker", RawHeader().block, .truncated), ("nothing", [], .truncated),
  ("one zero block", RawHeader().block + [UInt8](repeating: 0, count: 512), .truncated),
  ("half a block behind", RawHeader().archive + [UInt8](repeating: 0, count: 100), .truncated),
  ("entry behind one zero block", [UInt8](repeating: 0, count: 512) + RawHeader().archive, .nonzeroPadding),
  ("entry behind the end", RawHeader().archive + RawHeader(name: [0x62]).archive, .nonzeroPadding),
  (
    "extended header behind another",
    RawHeader.extended("11 mtime=1\n").prefix(1024) + RawHeader.extended("11 mtime=1\n"), .malformedExtendedHeader
  ),
  (
    "extended header before the end", RawHeader.extended("11 mtime=1\n").prefix(1024) + RawHeader.end,
    .malformedExtendedHeader
  ),
]

@Test(arguments: hostileArchives.indices)
func hostileArchivesAreRefused(index: Int) {
  let (name, archive, error) = hostileArchives[index]
  for pieceByteCount in [1, 100, 512, 100_000] {
    #expect(throws: error, "\(name)") { try read(Array(archive), pieceByteCount: pieceByteCount) }
  }
}

private let records: [(String, TarError?)] = [
  ("11 mtime=1\n", nil), ("13 comment=x\n", nil), ("11 atime=1\n11 ctime=2\n", nil), ("10 path=b\n", nil),
  ("9 path=b\n", nil), ("11 atime=1\n11 atime=2\n", .malformedExtendedHeader),
  ("9 path=b\n9 path=c\n", .malformedExtendedHeader),
  ("14 linkpath=b\n", .unsupportedKeyword(Array("linkpath".utf8))),
  ("22 GNU.sparse.major=1\n", .unsupportedKeyword(Array("GNU.sparse.major".utf8))),
  ("18 hdrcharset=BIN\n", .unsupportedKeyword(Array("hdrcharset".utf8))),
  ("9 PATH=b\n", .unsupportedKeyword(Array("PATH".utf8))), ("8 path=b\n", .malformedExtendedHeader),
  ("11 path=b\n", .malformedExtendedHeader), ("010 path=b\n", .malformedExtendedHeader),
  ("-1 path=b\n", .malformedExtendedHeader), ("99999999999999999999 path=b\n", .malformedExtendedHeader),
  ("0 path=b\n", .malformedExtendedHeader), ("1 path=b\n", .malformedExtendedHeader),
  ("2 path=b\n", .malformedExtendedHeader), ("path=b\n", .malformedExtendedHeader), (" ", .malformedExtendedHeader),
  ("9", .malformedExtendedHeader), ("10 pathbb\n", .malformedExtendedHeader), ("5 =b\n", .malformedExtendedHeader),
  ("3 \n", .malformedExtendedHeader), ("11 size=-1\n", .malformedNumber), ("11 size=01\n", .malformedNumber),
  ("8 size=\n", .malformedNumber), ("29 size=18446744073709551616\n", .malformedNumber),
  ("29 size=18446744073709551615\n", .tooLarge), ("8 path=\n", .invalidPath(.empty)),
  ("12 path=a\u{0}b\n", .invalidPath(.controlCharacter)),
]

@Test(arguments: records)
func extendedRecordsAreReadStrictly(records: String, error: TarError?) throws {
  if let error {
    #expect(throws: error) { try read(RawHeader.extended(records)) }
  } else {
    #expect(try read(RawHeader.extended(records)).count == 1)
  }
}

@Test func duplicatesAreRefused() throws {
  let path = try ArchivePath("file")
  #expect(throws: TarError.duplicatePath(path)) { try read(RawHeader().block + RawHeader().archive) }
}

@Test func filesCannotBeDirectories() throws {
  let file = RawHeader(name: Array("a".utf8)).block
  let below = RawHeader(name: Array("a/b".utf8)).block
  let directory = RawHeader(name: Array("a/".utf8), type: 0x35).block
  let path = try ArchivePath("a")
  let inner = try ArchivePath("a/b")
  #expect(throws: TarError.pathThroughFile(inner)) { try read(file + below + RawHeader.end) }
  #expect(throws: TarError.pathThroughFile(path)) { try read(below + file + RawHeader.end) }
  #expect(throws: TarError.pathThroughFile(path)) { try read(file + directory + RawHeader.end) }
  #expect(throws: TarError.duplicatePath(path)) { try read(directory + file + RawHeader.end) }
  #expect(throws: TarError.duplicatePath(path)) { try read(directory + directory + RawHeader.end) }
  #expect(throws: TarError.duplicatePath(inner)) { try read(below + below + RawHeader.end) }
  #expect(try read(below + directory + RawHeader.end).count == 2)
  #expect(try read(directory + below + RawHeader.end).count == 2)
}

@Test func noTruncationIsAccepted() throws {
  let archive = try compose([("a", pattern(600)), ("кӯча", pattern(5)), (String(repeating: "n", count: 120), [])])
  for count in stride(from: 0, to: archive.count, by: 64) {
    #expect(throws: TarError.truncated, "\(count) bytes") { try read(Array(archive.prefix(count))) }
  }
  #expect(try read(archive).count == 3)
}

@Test func noFlippedByteMakesTheReaderTrap() throws {
  let archive = try compose([("кӯча", pattern(5)), ("b", [])])
  for index in archive.indices {
    for mask in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
      var changed = archive
      changed[index] ^= mask
      if let entries = try? read(changed) { #expect(entries.count == 2) }
    }
  }
}

@Test func headersWithoutTheirChecksumAreRefused() throws {
  let archive = RawHeader().archive
  for index in 0..<512 where !(148..<156).contains(index) {
    var changed = archive
    changed[index] ^= 1
    #expect(throws: TarError.badChecksum) { try read(changed) }
  }
}

@Test func limitsHold() throws {
  let archive = try compose([("a", pattern(10)), ("b", pattern(10))])
  func limits(_ entries: Int, _ bytes: UInt64, _ paths: Int) -> TarReader.Limits {
    TarReader.Limits(entryCount: entries, totalByteCount: bytes, pathByteCount: paths)
  }
  #expect(try read(archive, limits: limits(2, 3_072, 2)).count == 2)
  #expect(throws: TarError.tooLarge) { try read(archive, limits: limits(1, 3_072, 2)) }
  #expect(throws: TarError.tooLarge) { try read(archive, limits: limits(2, 3_071, 2)) }
  #expect(throws: TarError.tooLarge) { try read(archive, limits: limits(2, 3_072, 1)) }
  let nested = try compose([("a/b/c", pattern(10)), ("a/d/e", pattern(10))])
  func folders(_ count: Int) -> TarReader.Limits {
    TarReader.Limits(entryCount: 2, totalByteCount: 1 << 20, pathByteCount: 100, folderCount: count)
  }
  #expect(try read(nested, limits: folders(3)).count == 2)
  #expect(throws: TarError.tooLarge) { try read(nested, limits: folders(2)) }
  let header = RawHeader(size: Array("00000200001".utf8), type: UInt8(ascii: "x"))
  #expect(throws: TarError.tooLarge) { try read(header.archive) }
}

@Test func whatWouldNotBeReadIsToldBefore() throws {
  func check(_ paths: [String], _ limits: TarReader.Limits = .default) throws {
    try limits.check(paths.map { try ArchivePath($0) })
  }
  try check(["a/b", "a/c", "d"])
  #expect(throws: TarError.duplicatePath(try ArchivePath("a"))) { try check(["a", "a"]) }
  #expect(throws: TarError.pathThroughFile(try ArchivePath("a/b"))) { try check(["a", "a/b"]) }
  #expect(throws: TarError.pathThroughFile(try ArchivePath("a"))) { try check(["a/b", "a"]) }
  let few = TarReader.Limits(entryCount: 2, totalByteCount: 0, pathByteCount: 6, folderCount: 2)
  try check(["a/b", "c/d"], few)
  for paths in [["a", "b", "c"], ["aaaa", "bbb"], ["a/b/c/"].map { $0 + "d" }] {
    #expect(throws: TarError.tooLarge) { try check(paths, few) }
  }
}

@Test func anExtendedHeaderSaysSomething() {
  #expect(throws: TarError.malformedExtendedHeader) { try read(RawHeader(type: UInt8(ascii: "x")).archive) }
}

@Test func nothingIsReadAfterAnError() throws {
  let reader = TarReader(handler: CollectingHandler())
  #expect(throws: TarError.unsupportedType(.fifo)) { try reader.write(type("6")) }
  #expect(throws: TarError.outOfOrder) { try reader.write(RawHeader().archive) }
  #expect(throws: TarError.outOfOrder) { try reader.finish() }
}

/// bsdtar ends its numbers with a space, or with a space and a zero byte.
@Test func numbersMayEndWithASpace() throws {
  let header = RawHeader(
    size: Array("00000000000 ".utf8), mode: Array("000644 \u{0}".utf8), time: Array("14524472000 ".utf8))
  #expect(try read(header.archive).first?.header.modificationTime == 0o14524472000)
}

@Test func paddingOfContentMustBeZero() throws {
  var archive = try compose([("a", [1])])
  archive[600] = 1
  #expect(throws: TarError.nonzeroPadding) { try read(archive) }
}
