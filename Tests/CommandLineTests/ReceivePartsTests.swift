import Foundation
import TestFolders
import Testing

/// A bundle in parts is received as it is opened.
@Suite struct ReceivePartsTests {
  private let desk: Desk
  private let words: String
  private let large = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    try desk.makeArchive()
    try desk.folder.write(large, to: "large.bin")
    try #require(desk.unlocked(["add", desk["large.bin"]] + Desk.document).status == 0)
    let items = try desk.unlocked("list", "--json").json["items"] as? [[String: Any]]
    let item = "\(try #require(items?.last?["item"] as? Int))"
    try #require(
      desk.unlocked("export", item, "0", "--to", "archive", "--output", desk["parts"], "--split", "1M").status == 0)
    try FileManager.default.createDirectory(atPath: desk["output"], withIntermediateDirectories: false)
  }

  private func receive(_ paths: [String]) throws -> Outcome {
    try desk.unlocked(["receive"] + paths.map { desk[$0] } + ["--vault", desk["archive"], "--sender", words])
  }

  private func shell(_ script: String) throws {
    let done = try desk.start(
      ["-c", "cd \"$1\" && \(script)", "sh", desk["parts"]].map { Array($0.utf8) }, program: "/bin/sh"
    )
    .wait()
    try #require(done.status == 0, "\(done.errors)")
  }

  @Test(arguments: [["parts"], ["parts/parts.001"], ["parts/parts.003", "parts/parts.001", "parts/parts.002"]])
  func partsAreFiledAsTheOneBundleThatTheyAre(paths: [String]) throws {
    let received = try receive(paths)
    #expect(received.status == 0, "\(received.errors)")
    let archive = ["--vault", desk["archive"]]
    #expect(try desk.unlocked(["verify", "--deep"] + archive).status == 0)
    #expect(try desk.unlocked(["get", "1", "--output", desk["files"]] + archive).status == 0)
    #expect(try Tree(of: desk["files"])["large.bin"] == large)
    #expect(try receive(["parts"]).output.hasPrefix("nothing new: "))
  }

  @Test func partsWithoutTheirListAreFiled() throws {
    try shell("rm *.sha256 *.txt")
    #expect(try receive(["parts"]).status == 0)
  }

  @Test(arguments: [
    "rm *.002", "rm *.003", "truncate -s -1 *.003", "mv *.001 x; mv *.002 parts.001; mv x parts.002",
    "printf '\\0\\377\\0' | dd of=parts.002 conv=notrunc bs=1 seek=500000", "cp *.003 parts.004", "rm parts.0*",
    "echo x >> parts.parts.sha256", "rm *.sha256 *.003", "rm *.sha256 && truncate -s -1 *.002",
    "rm *.sha256 && printf '\\0\\377\\0' | dd of=parts.002 conv=notrunc bs=1 seek=500000",
  ])
  func whatIsWrongWithPartsIsSaidAsOpenSaysItAndNothingIsFiled(damage: String) throws {
    try shell(damage)
    let before = try Tree(of: desk["archive"])
    let received = try receive(["parts"])
    let opened = try desk.unlocked(
      "open", desk["parts"], "--output", desk["output/opened"], "--vault", desk["archive"], "--sender", words)
    #expect(received.status != 0 && received.status == opened.status, "\(received.errors)")
    #expect(received.errors == opened.errors && received.errors.contains("part"))
    #expect(try Tree(of: desk["archive"]) == before)
    #expect(try Tree(of: desk["output"]).nodes.isEmpty)
  }
}
