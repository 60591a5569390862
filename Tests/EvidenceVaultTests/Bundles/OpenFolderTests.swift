import Age
@testable import EvidenceVault
import DurableStore
import Foundation
import Glibc
import Primitives
import Streams
import Tar
import TestFolders
import Testing

/// What lies in the folder of an open bundle, and in the archive of a sealed one, that no bundle has.
@Suite struct OpenFolderTests {
  private let bundle: BundleFixture

  init() throws {
    bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
  }

  private func fault(_ body: () throws -> Void) throws -> BundleFault? {
    do { try body() } catch VaultError.bundle(let fault) { return fault }
    return nil
  }

  private func checkFault() throws -> BundleFault? {
    try fault {
      _ = try Bundle.check(
        folder: bundle.fixture.folder["opened"], from: bundle.sender, environment: bundle.fixture.environment)
    }
  }

  private func path(_ name: String) -> String { bundle.fixture.folder["opened/\(name)"] }

  @Test func nameThatIsNoTextIsShownAndRefused() throws {
    #expect(try checkFault() == nil)
    let bytes = (Array(path("pages/a").utf8) + [0xff, 0]).map { CChar(bitPattern: $0) }
    try FileManager.default.createDirectory(atPath: path("pages"), withIntermediateDirectories: true)
    let number = unsafe open(bytes, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(number >= 0 && close(number) == 0)
    #expect(try checkFault() == .forbiddenFile("pages/a\u{fffd}"))
  }

  @Test func pipesAndLinksAreNoFilesOfABundle() throws {
    try #require(unsafe mkfifo(path("pipe"), 0o600) == 0)
    #expect(try checkFault() == .unexpectedFile("pipe"))
    try FileManager.default.removeItem(atPath: path("pipe"))
    try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "data")
    #expect(try checkFault() == .unexpectedFile("link"))
  }

  @Test func foldersHaveAnEnd() throws {
    let deep = [String](repeating: "d", count: 80).joined(separator: "/")
    try FileManager.default.createDirectory(atPath: path(deep), withIntermediateDirectories: true)
    let refused = [String](repeating: "d", count: ArchivePath.maximumDepth + 2).joined(separator: "/")
    #expect(try checkFault() == .forbiddenFile(refused))
  }

  @Test(arguments: ["a\\b", "a\nb", "a\u{85}"]) func nameThatNoArchiveHasIsRefused(name: String) throws {
    try bundle.fixture.folder.write([65], to: "opened/\(name)")
    #expect(try checkFault() == .forbiddenFile(name))
  }

  private func openFault(
    _ files: [String], changing change: (inout [UInt8]) -> Void = { _ in }
  ) throws -> BundleFault? {
    let archive = MemorySink()
    let writer = TarWriter(to: archive)
    for name in files { try writer.begin(TarHeader(path: ArchivePath(name), byteCount: 0)) }
    try writer.finish(paddedTo: 0)
    var bytes = archive.bytes
    change(&bytes)
    let sealed = MemorySink()
    try Sealing.seal(from: MemorySource(bytes), to: sealed, for: [bundle.identity.recipient])
    let fault = try fault { try bundle.open(sealed.bytes, to: "other") }
    #expect(!FileManager.default.fileExists(atPath: bundle.fixture.folder["other"]))
    return fault
  }

  @Test func everythingInTheArchiveLiesInOneFolder() throws {
    let note = "\(Bag.folder)/\(Bag.note.text)"
    #expect(try openFault([note]) != .notABundle)
    for files in [["other/bundle.note"], [Bag.folder], [note, "bundle.note"]] {
      #expect(try openFault(files) == .notABundle, "\(files)")
    }
    let folder = try openFault([note]) { bytes in
      // A directory instead of a file: one digit of the checksum changes with the type.
      bytes[156] = UInt8(ascii: "5")
      bytes.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
      let digits = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
      let checksum = String(repeating: "0", count: 6 - digits.count) + digits
      bytes.replaceSubrange(148..<156, with: Array(checksum.utf8) + [0, 0x20])
    }
    #expect(folder == .notABundle)
  }

  /// Bytes that come, and then an error of the disk.
  private final class FailingSource: ByteSource {
    private let bytes: MemorySource
    init(_ bytes: [UInt8]) { self.bytes = MemorySource(bytes) }

    func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
      let count = bytes.read(into: &buffer)
      guard count == 0 else { return count }
      throw StoreError.system(path: "bundle.age", code: EIO)
    }
  }

  @Test func aDiskThatFailsIsNoDamageOfTheBundle() throws {
    let expected = StoreError.system(path: "bundle.age", code: EIO)
    for bytes in [bundle.sealed, Array(bundle.sealed.prefix(bundle.sealed.count / 2)), []] {
      #expect {
        try Bundle.examine(
          FailingSource(bytes), with: [bundle.identity], from: bundle.sender, environment: bundle.fixture.environment)
      } throws: { error in
        if case VaultError.file(expected) = error { true } else { false }
      }
      #expect { try Bundle.digest(of: FailingSource(bytes)) } throws: { error in
        if case VaultError.file(expected) = error { true } else { false }
      }
    }
  }
}
