import Foundation
import Primitives
import TestFolders
import Testing

/// What earlier versions wrote opens, and goes on.
@Suite struct ReleaseTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Vault/releases")
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { !$0.contains(".") }.sorted()

  struct Expected: Decodable {
    let fingerprint: String
    let head: String
    let titles: [String: String]
    let files: [String: [String: String]]
    let withdrawn: [Int]
    let bundle: [String]
  }

  /// A desk on which the vault of a version stands in place of the usual one.
  func desk(_ name: String) throws -> (desk: Desk, expected: Expected) {
    let desk = try Desk()
    let release = Self.folder.appendingPathComponent(name)
    for part in ["vault", "passphrase", "recipient.key", "policy", "bundle.age"] {
      try? FileManager.default.removeItem(atPath: desk[part])
      try FileManager.default.copyItem(atPath: release.appendingPathComponent(part).path, toPath: desk[part])
    }
    try FileManager.default.createDirectory(atPath: desk["vault/incoming"], withIntermediateDirectories: true)
    let expected = try Data(contentsOf: release.appendingPathComponent("expected.json"))
    return (desk, try JSONDecoder().decode(Expected.self, from: expected))
  }

  @Test func thereIsAVaultOfEachVersion() { #expect(Self.names == ["v1"]) }

  @Test(arguments: names) func itsVaultIsSoundAndOpens(name: String) throws {
    let (desk, expected) = try desk(name)
    let verdict = try desk.unlocked("verify", "--deep", "--policy", desk["policy"], "--expect", expected.head)
    #expect(verdict.status == 0, "\(verdict.errors)")
    #expect(verdict.output.contains("the policy is met up to 8 entries"))
    let items = try #require(try desk.unlocked("list", "--json").json["items"] as? [[String: Any]])
    let titles = items.map { ("\($0["item"] ?? "")", $0["title"] as? String ?? "") }
    #expect(Dictionary(titles) { $1 } == expected.titles)
    for (item, files) in expected.files {
      #expect(try desk.unlocked("get", item, "--output", desk["got-\(item)"]).status == 0)
      for (path, digest) in files {
        let content = try Data(contentsOf: URL(fileURLWithPath: desk["got-\(item)/\(path)"]))
        #expect(SHA256Hasher.digest(of: Array(content)).hex == digest)
      }
    }
    for item in expected.withdrawn {
      #expect(try desk.unlocked("get", "\(item)", "--output", desk["none"]).status != 0)
    }
  }

  @Test(arguments: names) func itsVaultGoesOn(name: String) throws {
    let (desk, expected) = try desk(name)
    try desk.folder.write("more".utf8, to: "more.txt")
    #expect(try desk.unlocked(["add", desk["more.txt"]] + Desk.document).status == 0)
    let verdict = try desk.unlocked("verify", "--deep", "--expect", expected.head)
    #expect(verdict.status == 0, "\(verdict.errors)")
    #expect(verdict.output.contains("grown"), "\(verdict.output)")
  }

  @Test(arguments: names) func itsBundleOpens(name: String) throws {
    let (desk, expected) = try desk(name)
    let opened = try desk.run(
      "open", desk["bundle.age"], "--identity", desk["recipient.key"], "--sender", expected.fingerprint, "--output",
      desk["opened"])
    #expect(opened.status == 0, "\(opened.errors)")
    for item in expected.bundle {
      #expect(FileManager.default.fileExists(atPath: desk["opened/data/item-\(item)/record.json"]))
    }
  }
}
