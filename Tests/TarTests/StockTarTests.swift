import Tar
import Testing

@Test func stockTarReadsWhatIsWritten() throws {
  let directory = try TemporaryDirectory()
  try directory.write(try compose(samples, paddedTo: 200_000), to: "archive.tar")
  let listing = try #require(try directory.tar("--quoting-style=literal", "-tf", "archive.tar"))
  #expect(listing == samples.map { $0.0 + "\n" }.joined())
  #expect(try directory.tar("-xf", "archive.tar") != nil)
  for (path, content) in samples { #expect(try directory.contents(of: path) == content) }
}

@Test(arguments: ["ustar", "pax", "gnu"])
func whatStockTarWritesIsRead(format: String) throws {
  let directory = try TemporaryDirectory()
  let files = samples.filter { format == "pax" || $0.0.utf8.count <= 100 }
  for (path, content) in files { try directory.write(content, to: path) }
  #expect(try directory.tar(["--format=\(format)", "-cf", "archive.tar"], files.map(\.0)) != nil)
  let entries = try read(try directory.contents(of: "archive.tar"), pieceByteCount: 777)
  #expect(entries.map(\.header.path.text) == files.map(\.0))
  #expect(entries.map(\.content) == files.map(\.1))
  #expect(entries.allSatisfy { $0.header.modificationTime > 1_700_000_000 })
}

@Test(arguments: ["ustar", "pax", "gnu"])
func directoriesOfStockTarAreReported(format: String) throws {
  let directory = try TemporaryDirectory()
  try directory.write([1, 2], to: "data/item/a.txt")
  #expect(try directory.tar("--format=\(format)", "-cf", "archive.tar", "data") != nil)
  let entries = try read(try directory.contents(of: "archive.tar"))
  #expect(entries.map(\.header.path.text) == ["data", "data/item", "data/item/a.txt"])
  #expect(entries.map(\.header.kind) == [.directory, .directory, .file])
}

@Test func linksOfStockTarAreRefused() throws {
  let directory = try TemporaryDirectory()
  try directory.write([1], to: "a")
  try directory.link("a", hard: true, as: "hard")
  try directory.link("/etc/passwd", hard: false, as: "soft")
  #expect(try directory.tar("-cf", "hard.tar", "a", "hard") != nil)
  #expect(try directory.tar("-cf", "soft.tar", "soft") != nil)
  let hard = try directory.contents(of: "hard.tar")
  let soft = try directory.contents(of: "soft.tar")
  #expect(throws: TarError.unsupportedType(.hardLink)) { try read(hard) }
  #expect(throws: TarError.unsupportedType(.symbolicLink)) { try read(soft) }
}

@Test func sparseAndLongNamesOfGNUAreRefused() throws {
  let directory = try TemporaryDirectory()
  let long = String(repeating: "l", count: 150)
  try directory.write([1], to: long)
  try directory.writeHoles(1 << 20, to: "holes")
  #expect(try directory.tar("--format=gnu", "-cf", "long.tar", long) != nil)
  let archive = try directory.contents(of: "long.tar")
  #expect(throws: TarError.unsupportedType(.gnuLongName)) { try read(archive) }
  #expect(try directory.tar("--format=pax", "-S", "-cf", "holes.tar", "holes") != nil)
  let sparse = try directory.contents(of: "holes.tar")
  #expect(throws: TarError.unsupportedKeyword(Array("GNU.sparse.major".utf8))) { try read(sparse) }
}
