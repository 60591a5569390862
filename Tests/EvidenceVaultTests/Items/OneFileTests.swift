import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import Tar
import TestFolders
import Testing

/// Taking one file out of a large item.
struct OneFileTests {
  private static let texts = [
    "a.txt": "first", "b.bin": String(repeating: "evidence ", count: 30_000), "c.txt": "third",
  ]

  private static func object(_ fixture: VaultFixture, _ item: UInt64) throws -> URL {
    let object = try #require(try fixture.reader().entry(at: item).object)
    return URL(filePath: fixture.path).appending(path: object.path)
  }

  private static func extract(_ fixture: VaultFixture, _ item: UInt64, _ name: String?) throws -> String? {
    let out = fixture.folder["out-\(name ?? "all")"]
    _ = try fixture.reader().extract(item, only: name.map { try ArchivePath($0) }, to: out)
    return name.map {
      String(decoding: (try? Data(contentsOf: URL(filePath: "\(out)/\($0)"))) ?? Data(), as: UTF8.self)
    }
  }

  @Test(arguments: texts.keys.sorted())
  func eachFileComesOutAlone(name: String) throws {
    let fixture = try VaultFixture()
    let item = try fixture.addDocument("Three files", files: Self.texts)
    #expect(try Self.extract(fixture, item, name) == Self.texts[name])
  }

  @Test func damageElsewhereInTheObjectLeavesTheFileWithinReach() throws {
    let fixture = try VaultFixture()
    let item = try fixture.addDocument("Three files", files: Self.texts)
    let object = try Self.object(fixture, item)
    var bytes = try Data(contentsOf: object)
    let middle = bytes.count / 2
    bytes[middle] ^= 1
    try FileManager.default.removeItem(at: object)
    try bytes.write(to: object)
    #expect(try Self.extract(fixture, item, "a.txt") == "first")
    #expect(try Self.extract(fixture, item, "c.txt") == "third")
    #expect(throws: VaultError.self) { try Self.extract(fixture, item, "b.bin") }
    #expect(throws: VaultError.self) { try Self.extract(fixture, item, nil) }
    #expect(!FileManager.default.fileExists(atPath: fixture.folder["out-b.bin"]))
  }

  /// A record that somebody else wrote may claim anything.
  @Test func sizesThatNoNumberHoldsAreRefused() throws {
    let files = try ["a", "b", "c"].map { name in
      FileRecord(
        path: try ArchivePath(name), byteCount: UInt64(Int64.max), digest: SHA256Hasher.digest(of: []), modified: nil)
    }
    #expect(throws: TarError.tooLarge) { try ObjectReader.offsets(of: files) }
    #expect(try ObjectReader.offsets(of: Array(files.prefix(1))).count == 1)
  }

  /// The digest of the object is the business of `verify`; here it is the archive in it that has another order.
  @Test func filesInAnotherOrderThanTheRecordAreDamage() throws {
    let fixture = try VaultFixture()
    let item = try fixture.addDocument("Two files", files: ["a.txt": "one", "b.txt": "two"])
    let object = try Self.object(fixture, item)
    let archive = MemorySink()
    try SealedFile(reading: MemorySource([UInt8](Data(contentsOf: object)))).open(
      with: [fixture.identity], to: archive)
    let swapped = archive.bytes[1024..<2048] + archive.bytes[..<1024] + archive.bytes[2048...]
    let sealed = MemorySink()
    try Sealing.seal(from: MemorySource(Array(swapped)), to: sealed, for: [fixture.identity.recipient])
    try FileManager.default.removeItem(at: object)
    try Data(sealed.bytes).write(to: object)
    for name in ["a.txt", "b.txt", nil] {
      #expect(throws: VaultError.self, "\(name ?? "all")") { try Self.extract(fixture, item, name) }
    }
  }
}
