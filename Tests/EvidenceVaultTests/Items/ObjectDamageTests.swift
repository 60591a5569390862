import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import StrictJSON
import Tar
import TestFolders
import Testing

/// Objects that open, and in which something else is than their record says.
@Suite struct ObjectDamageTests {
  private let fixture: VaultFixture
  private let object: URL
  /// Two files of a block each behind a header of a block, then the record.
  private let archive: [UInt8]

  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("Two files", files: ["a.txt": "one", "b.txt": "two"])
    let reference = try #require(try fixture.reader().entry(at: 0).object)
    object = URL(filePath: fixture.path).appending(path: reference.path)
    let sink = MemorySink()
    try SealedFile(reading: MemorySource([UInt8](Data(contentsOf: object)))).open(with: [fixture.identity], to: sink)
    archive = sink.bytes
  }

  private func replace(_ bytes: [UInt8]?) throws {
    try? FileManager.default.removeItem(at: object)
    if let bytes { try Data(bytes).write(to: object) }
  }

  private func sealed(_ archive: [UInt8], to identity: Identity? = nil) throws -> [UInt8] {
    let sink = MemorySink()
    try Sealing.seal(from: MemorySource(archive), to: sink, for: [(identity ?? fixture.identity).recipient])
    return sink.bytes
  }

  /// What is said of the object; nothing is left of what came out of it.
  private func finding() throws -> Finding? {
    let out = fixture.folder["out"]
    defer { #expect(!FileManager.default.fileExists(atPath: out)) }
    do { _ = try fixture.reader().extract(0, to: out) } catch VaultError.damaged(let finding) { return finding }
    try FileManager.default.removeItem(atPath: out)
    return nil
  }

  private func expect(_ detail: String, _ archive: [UInt8], line: Int = #line) throws {
    try replace(sealed(archive))
    let finding = try finding()
    #expect(finding?.detail.english == detail, "line \(line)")
    #expect(finding?.subject == .object && finding?.item == 0)
  }

  /// A header whose checksum fits.
  private func header(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var block = Array(archive[..<512])
    change(&block)
    block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
    let digits = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    let checksum = String(repeating: "0", count: 6 - digits.count) + digits
    block.replaceSubrange(148..<156, with: Array(checksum.utf8) + [0, 0x20])
    return block
  }

  private let end = [UInt8](repeating: 0, count: 1024)

  @Test func theArchiveIsAsItWasMade() throws {
    try replace(sealed(archive))
    #expect(try finding() == nil)
    #expect(archive[..<512].starts(with: "files/a.txt".utf8) && archive[512..<515].elementsEqual("one".utf8))
    #expect(archive[2048...].starts(with: ObjectSealer.recordName.utf8))
    #expect(header { _ in } == Array(archive[..<512]))
  }

  @Test func everyByteIsThatOfTheRecord() throws {
    var changed = archive
    changed[512] ^= 1
    try expect("the file has another digest: a.txt", changed)
    changed = archive
    changed[2048 + 512 + 5] ^= 1
    try expect("record.json differs from the record in the index", changed)
    let size = "a file that is not in the record at this place, or of another size: a.txt"
    try expect(size, header { $0[134] = UInt8(ascii: "4") } + archive[512...])
  }

  @Test func noEntryIsMissingOrOneTooMany() throws {
    let (first, second, record) = (archive[..<1024], archive[1024..<2048], archive[2048...])
    let other = "an entry that no item has, or a record of another size"
    try expect(other, Array(first + record))
    try expect(other, header { $0[0] = UInt8(ascii: "g") } + archive[512...])
    try expect("a file of the record is not in the object", Array(first) + end)
    try expect("a file of the record is not in the object", Array(first + second) + end)
    let more = "an entry that no item has"
    let folder = header { block in
      block.replaceSubrange(0..<11, with: Array("files/c".utf8) + [0, 0, 0, 0])
      block[134] = UInt8(ascii: "0")
      block[156] = UInt8(ascii: "5")
    }
    try expect(more, folder + archive)
    let last = try #require(record.dropFirst(512).firstRange(of: Array("\n}\n".utf8)))
    let behind = 2048 + (last.upperBound - 2048 + 511) / 512 * 512
    let another = header { $0.replaceSubrange(6..<11, with: Array("z.txt".utf8)) }
    try expect(more, Array(archive[..<behind]) + another + Array(archive[512..<1024]) + end)
    let wrongPlace = "a file that is not in the record at this place, or of another size: b.txt"
    try expect(wrongPlace, Array(second + first + record))
  }

  @Test func whatIsNoArchiveOrNoSealedFileIsDamage() throws {
    try replace(sealed([UInt8](repeating: 65, count: 2048)))
    #expect(try finding()?.detail.english.hasPrefix("the archive inside is damaged: ") == true)
    let whole = try sealed(archive)
    try replace(Array(whole.dropLast()))
    #expect(try finding()?.detail.english.hasPrefix("the sealed file is damaged: ") == true)
    try replace(nil)
    #expect(try finding()?.detail.english == "the file is missing")
  }

  @Test func anObjectForSomebodyElseIsNamed() throws {
    try replace(sealed(archive, to: Identity(generating: .x25519)))
    #expect { try finding() } throws: { if case VaultError.wrongIdentity = $0 { true } else { false } }
  }

  private func read(only wanted: String?, hasObject: Bool) throws {
    let reader = try fixture.reader()
    let entry = try reader.entry(at: 0)
    let objects = ObjectReader(
      root: try Directory(opening: fixture.path), origin: "", identities: [fixture.identity],
      environment: fixture.environment)
    try objects.read(
      entry, record: reader.record(of: entry), object: hasObject ? entry.object : nil,
      only: wanted.map { try ArchivePath($0) }, into: NoReceiver(), workerCount: 1)
  }

  @Test func whatIsNotThereIsToldAsWhatItIs() throws {
    #expect { try read(only: nil, hasObject: false) } throws: {
      if case VaultError.notAnItem(0, kind: "document") = $0 { true } else { false }
    }
    #expect { try read(only: "c.txt", hasObject: true) } throws: {
      if case VaultError.file(.notFound(path: "c.txt")) = $0 { true } else { false }
    }
    try read(only: "b.txt", hasObject: true)
  }

  @Test func placesAreToldOfFilesWithNamesAndSizes() throws {
    let digest = SHA256Hasher.digest(of: [])
    let huge = FileRecord(path: try ArchivePath("a"), byteCount: .max, digest: digest, modified: nil)
    #expect(throws: TarError.tooLarge) { try ObjectReader.offsets(of: [huge]) }
    let nameless = try #require(
      FileRecord(.object(["bytes": 1, "media_type": "text/plain", "sha256": .string(digest.hex)])))
    #expect {
      try ObjectReader.offsets(of: [nameless])
    } throws: { "\($0)".contains("a file of the record has no path") }
  }
}
