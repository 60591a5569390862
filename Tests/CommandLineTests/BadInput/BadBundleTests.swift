import Foundation
import TestFolders
import Testing

/// Bundles that were cut short, changed, meant for somebody else, or never bundles at all.
@Suite struct BadBundleTests {
  private let desk: Desk
  private let sealed: [UInt8]

  init() throws {
    desk = try Desk.withVault()
    sealed = try #require(Tree(of: desk.folder.path)["bundle.age"])
  }

  private func open(_ bytes: [UInt8], key: String = "desk.key") throws -> Outcome {
    try desk.folder.write(bytes, to: "received.age")
    return try desk.run(
      "open", desk["received.age"], "--output", desk["output/opened"], "--identity", desk[key], "--sender", "anyone")
  }

  @Test func aTruncatedBundleIsRefusedWhereverItWasCut() throws {
    for count in [1, 20, 21, 22, 100, 1000, 2000, sealed.count / 2, sealed.count - 16, sealed.count - 1] {
      try expectRefusal(20, at: desk) { try open(Array(sealed.prefix(count))) }
    }
    try expectRefusal(20, at: desk) { try open([]) }
  }

  @Test func aChangedBundleIsRefused() throws {
    // In the stanza for the recipient a change cannot be told from another recipient.
    for (offset, status) in [(25, 12), (60, 12), (500, 12), (0, 20), (sealed.count / 2, 20), (sealed.count - 1, 20)] {
      var bytes = sealed
      bytes[offset] = bytes[offset] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      try expectRefusal(Int32(status), at: desk) { try open(bytes) }
    }
  }

  @Test func aBundleForSomebodyElseIsRefused() throws {
    try expectRefusal(12, at: desk) { try open(sealed, key: "lawyer.key") }
    try expectRefusal(12, at: desk) { try open(sealed, key: "gone.key") }
    try expectRefusal(12, at: desk) {
      try desk.unlocked("open", desk["bundle.age"], "--output", desk["output/opened"], "--sender", "anyone")
    }
  }

  @Test func aBundleSealedAgainForSomebodyElseIsRefused() throws {
    #expect(
      try desk.run("unseal", "--identity", desk["desk.key"], "--output", desk["plain"], desk["bundle.age"]).status == 0)
    let text = try String(contentsOfFile: desk["gone.key"], encoding: .utf8)
    let recipient = String(try #require(text.firstMatch(of: /public key: (age1\S+)/)).output.1)
    #expect(try desk.run("seal", "-r", recipient, "--output", desk["again.age"], desk["plain"]).status == 0)
    let again = try #require(Tree(of: desk.folder.path)["again.age"])
    try expectRefusal(20, at: desk) { try open(again, key: "gone.key") }
  }

  @Test func aSealedFileThatIsNoBundleIsRefused() throws {
    let text = try String(contentsOfFile: desk["desk.key"], encoding: .utf8)
    let recipient = String(try #require(text.firstMatch(of: /public key: (age1\S+)/)).output.1)
    #expect(try desk.run("seal", "-r", recipient, "--output", desk["other.age"], desk["my.card"]).status == 0)
    let other = try #require(Tree(of: desk.folder.path)["other.age"])
    try expectRefusal(20, at: desk) { try open(other) }
    try expectRefusal(20, at: desk) { try open(Array("no age file".utf8)) }
  }

  @Test func aMissingBundleOrKeyIsSaid() throws {
    let output = ["--output", desk["output/opened"], "--sender", "anyone"]
    try expectRefusal(1, at: desk) {
      try desk.run(["open", desk["missing.age"], "--identity", desk["desk.key"]] + output)
    }
    try expectRefusal(1, at: desk) {
      try desk.run(["open", desk["material"], "--identity", desk["desk.key"]] + output)
    }
    try expectRefusal(12, at: desk) {
      try desk.run(["open", desk["bundle.age"], "--passphrase", "--passphrase-file", desk["passphrase"]] + output)
    }
  }

  @Test func aFolderThatIsNoOpenedBundleIsRefused() throws {
    try expectRefusal(20, at: desk) { try desk.run("verify", "--bundle", desk["material"], "--sender", "anyone") }
    try expectRefusal(1, at: desk) { try desk.run("verify", "--bundle", desk["missing"], "--sender", "anyone") }
  }
}
