import Age
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import TestFolders
import Testing
import Wording

/// Which files are taken for the parts of one, and what is said of them when they do not open.
@Suite struct BundlePartsTests {
  private let folder: TemporaryFolder
  private let parts = ["first", "other", "end"]

  init() throws {
    folder = try TemporaryFolder()
    for (place, text) in parts.enumerated() { try folder.write(text.utf8, to: PartName("a", place + 1).text) }
    let digests = parts.map { SHA256Hasher.digest(of: $0.utf8) }
    try folder.write(PartName.listText(digests, of: "a").utf8, to: "list/\(PartName.list(of: "a"))")
    try folder.write("how".utf8, to: PartName.joining)
  }

  private func find(_ names: String...) throws -> BundleParts? { try BundleParts.find(names.map { folder[$0] }) }

  private func fault(_ names: String...) throws -> PartsFault? {
    do { _ = try BundleParts.find(names.map { folder[$0] }) } catch {
      guard case .parts(let fault) = error else { throw error }
      return fault
    }
    return nil
  }

  @Test func partsAreReadAsOneFileWhereverTheirListLies() throws {
    let alone = try #require(try find("a.001"))
    #expect(try alone.readAll(limit: 100) == Array("firstotherend".utf8))
    #expect(try alone.readAll(limit: 100).isEmpty, "nothing comes behind the end")
    let listed = try #require(try find("list/a.parts.sha256", "a.003", "a.001", PartName.joining, "a.002"))
    #expect(try listed.readAll(limit: 100) == Array("firstotherend".utf8))
    #expect(try find("letter") == nil)
  }

  @Test func whatDoesNotBelongTogetherIsNamed() throws {
    try folder.write([65], to: "letter.txt")
    #expect(try fault("a.001", "letter.txt") == .anotherFile("letter.txt"))
    #expect(try fault("list/a.parts.sha256", "a.001", "a.002") == .missing(["a.003"]))
    #expect(try fault("list/a.parts.sha256", "a.001", "a.003") == .missing(["a.002"]))
    #expect(try fault("a.001", "a.001", "a.002") == .twice("a.001"))
    try folder.write("end".utf8, to: "a.004")
    #expect(try fault("list/a.parts.sha256", "a.001", "a.002", "a.003", "a.004") == .unexpected(["a.004"]))
    #expect(try fault("a.001") == .otherSize("a.003"))
    try folder.write([65], to: "list/b.001")
    #expect(try fault("a.001", "a.002", "list/b.001") == .anotherFile("b.001"))
    try folder.write([65], to: "list/b.parts.sha256")
    #expect(try fault("list/b.001") == .malformedList("b.parts.sha256"))
    try FileManager.default.createDirectory(atPath: folder["empty"], withIntermediateDirectories: false)
    #expect(try fault("empty") == .none(folder: folder["empty"]))
  }

  @Test(arguments: ["-", " ", "\n", "\r\n", "\t"]) func whatOnlyBeginsLikeArmorBeginsNoSealedFile(start: String) throws
  {
    try folder.write(Array(start.utf8) + [0x80, 0x00, 0x81], to: "b.001")
    let parts = try #require(try BundleParts.find([folder["b.001"]]))
    #expect {
      do { _ = try SealedFile(reading: parts) } catch { throw BundleParts.explained(error, of: parts) }
    } throws: {
      if case VaultError.parts(.noBeginning("b.001")) = $0 { true } else { false }
    }
  }

  @Test func aPartIsBlamedOnlyIfItDiffersFromTheList() throws {
    func explained(_ error: VaultError, listed: Bool) throws -> VaultError {
      let names = listed ? ["list/a.parts.sha256", "a.001", "a.002", "a.003"] : ["a.001"]
      return BundleParts.explained(error, of: try #require(try BundleParts.find(names.map { folder[$0] })))
    }
    func isKept(_ error: VaultError, listed: Bool) throws -> Bool {
      if case .parts = try explained(error, listed: listed) { false } else { true }
    }
    for error: VaultError in [
      .wrongIdentity(what: "the bundle"), .wrongBundlePassphrase, .sealedOtherwise(toPassphrase: true),
      .sealedFile(.noMatch), .bundle(.badSignature("bundle.note")), .sealedFile(.headerMAC), .supplement,
    ] {
      #expect(try isKept(error, listed: true) && isKept(error, listed: false), "\(error)")
    }
    try folder.write("third".utf8, to: "a.002")
    #expect(try isKept(.wrongIdentity(what: "the bundle"), listed: true), "the first part alone has the header")
    guard case .parts(.changed(let changed)) = try explained(.sealedFile(.headerMAC), listed: true) else {
      Issue.record("the second part is to blame")
      return
    }
    #expect(changed.map(\.name) == ["a.002"])
  }
}
