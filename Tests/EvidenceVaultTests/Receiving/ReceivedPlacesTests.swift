@testable import EvidenceVault
import StrictJSON
import Tar
import TestFolders
import Testing

/// Where files of an amendment stand beside those of the item, in the vault that receives both as one.
@Suite struct ReceivedPlacesTests {
  struct Item: Sendable {
    let first: [String]
    let amendment: [String]
    /// Where the files of the amendment, which is entry 2, are to stand.
    let places: [String]
  }

  private static let deep = String(repeating: "d/", count: ArchivePath.maximumDepth - 2) + "scan"

  private static func sources(_ paths: [String], of record: String) throws -> [ItemSource] {
    try paths.map { path in
      let bytes = content(path, of: record)
      return ItemSource(
        origin: .memory(bytes), path: try ArchivePath(path), displayPath: path, byteCount: UInt64(bytes.count))
    }
  }

  private static func content(_ path: String, of record: String) -> [UInt8] { Array("\(record): \(path)".utf8) }

  @Test(arguments: [
    Item(first: ["scan"], amendment: ["scan/page1.txt"], places: ["amendment-1/1/scan/page1.txt"]),
    Item(first: ["scan/a/1"], amendment: ["b", "scan/a"], places: ["b", "amendment-1/2/scan/a"]),
    Item(first: ["scan/a/1"], amendment: ["scan"], places: ["amendment-1/1/scan"]),
    Item(first: ["scan"], amendment: ["scan"], places: ["amendment-1/1/scan"]),
    Item(first: ["scan", "amendment-1"], amendment: ["scan/1"], places: ["amendment-1-2/1/scan/1"]),
    Item(first: ["scan", "amendment-1/1/scan"], amendment: ["scan"], places: ["amendment-1-2/1/scan"]),
    Item(first: ["scan"], amendment: ["scan/1", "amendment-1"], places: ["amendment-1-2/1/scan/1", "amendment-1"]),
    Item(first: ["scan", "amendment-1", "amendment-1-2/x"], amendment: ["scan"], places: ["amendment-1-3/1/scan"]),
    Item(first: [deep], amendment: [deep], places: ["amendment-1/1/scan"]),
  ])
  func eachFileOfAnAmendmentHasAPlaceBesideThoseOfTheItem(item: Item) throws {
    let fixture = try ReceivingFixture()
    let (sender, recipient) = (fixture.sender, fixture.recipient)
    let number = try sender.open().add(
      Self.sources(item.first, of: "first"), kind: "document", fields: ["title": "Scan", "document.kind": "note"],
      signer: sender.signer
    ).index
    _ = try sender.reader().amend(
      number, setting: [:], removing: [], reason: "found", adding: Self.sources(item.amendment, of: "amendment"),
      signer: sender.signer)
    let here = try #require(try fixture.receive(fixture.send([number])).items.first).here
    let folder = recipient.folder["out"]
    _ = try recipient.reader().extract(here, to: folder)
    let tree = try Tree(of: folder)
    for path in item.first { #expect(tree[path] == Self.content(path, of: "first"), "\(tree.files)") }
    for (path, place) in zip(item.amendment, item.places) {
      #expect(tree[place] == Self.content(path, of: "amendment"), "\(path): \(tree.files)")
    }
    #expect(try recipient.open().verify(deepWith: [recipient.identity]).findings.isEmpty)
  }
}
