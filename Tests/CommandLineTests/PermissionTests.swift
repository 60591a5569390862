import Foundation
import TestFolders
import Testing

/// Root passes over permissions, unless that is taken from it.
private enum Unprivileged {
  static let setpriv = "/usr/bin/setpriv"
  static let isRoot = geteuid() == 0
  static let canRun = !isRoot || FileManager.default.isExecutableFile(atPath: setpriv)
}

/// What permissions forbid: what could not be removed is told, and what nobody may read is not called lost.
@Suite(.enabled(if: Unprivileged.canRun)) struct PermissionTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  /// Runs the program as somebody to whom permissions apply.
  private func run(_ words: String...) throws -> Outcome {
    guard Unprivileged.isRoot else { return try desk.run(words) }
    let powers = "-dac_override,-dac_read_search"
    let before = ["--bounding-set", powers, "--inh-caps", powers, Program.path]
    return try desk.start((before + words).map { Array($0.utf8) }, program: Unprivileged.setpriv).wait()
  }

  /// Gives things in the vault other permissions for the time of `body`.
  private func with<Result>(_ mode: mode_t, at paths: [String], _ body: () throws -> Result) throws -> Result {
    for path in paths { try #require(unsafe chmod(desk["vault/\(path)"], mode) == 0) }
    defer { for path in paths { unsafe chmod(desk["vault/\(path)"], path.hasSuffix(".age") ? 0o600 : 0o700) } }
    return try body()
  }

  private func foldersOfObjects() throws -> [String] {
    Set(try desk.vault.files.filter { $0.hasPrefix("objects/") }.map { String($0.prefix(10)) }).sorted()
  }

  @Test func onlyWhatIsGoneIsCalledDestroyed() throws {
    let outcome = try with(0o500, at: foldersOfObjects()) {
      try run("withdraw", "1", "--reason", "asked", "--yes", "--passphrase-file", desk["passphrase"])
    }
    #expect(outcome.status == 3, "\(outcome.output) \(outcome.errors)")
    #expect(outcome.output.contains("\ndestroyed here: the record\n"), "\(outcome.output)")
    #expect(
      outcome.errors.contains("evidence: error: 1 file that should be gone could not be removed\nhint: let yourself"))
    let named = try #require(outcome.output.firstMatch(of: #/STILL HERE: (\S+); the next command that writes/#))
    let path = String(named.output.1)
    #expect(try desk.vault[path] != nil)
    try #require(desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    #expect(try desk.vault[path] == nil)
    #expect(try desk.run("verify").status == 0)
  }

  @Test func programsReadWhatIsStillHere() throws {
    let outcome = try with(0o500, at: foldersOfObjects()) {
      try run("withdraw", "1", "--reason", "asked", "--json", "--passphrase-file", desk["passphrase"])
    }
    let json = try outcome.json
    #expect(outcome.status == 3 && json["objects_destroyed"] as? Int == 0, "\(outcome.output)")
    let paths = try #require(json["still_here"] as? [String])
    #expect(try paths.count == 1 && paths.allSatisfy { try desk.vault[$0] != nil })
  }

  @Test(arguments: ["keys", "records", "objects", "objects/xx"]) func aFolderThatNobodyMayReadMayBeWhole(
    name: String
  ) throws {
    let path = name.hasSuffix("xx") ? try #require(foldersOfObjects().first) : name
    let outcome = try with(0, at: [path]) { try run("verify") }
    #expect(outcome.status == 20, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    let damage = lines.indices.filter { lines[$0].hasPrefix("DAMAGE: ") }
    #expect(damage.contains { lines[$0] == "DAMAGE: \(path): the folder cannot be read: permission denied" })
    for index in damage {
      #expect(lines[index].hasSuffix("permission denied"), "\(lines[index])")
      #expect(lines[index + 1].hasPrefix("  what to do: it may be whole: have its owner"), "\(lines[index + 1])")
    }
    #expect(try desk.run("verify").status == 0)
  }

  @Test func aKeyFileThatNobodyMayReadIsNotCalledLost() throws {
    let path = "keys/signing.age"
    let outcome = try with(0, at: [path]) { try run("verify") }
    #expect(outcome.status == 20, "\(outcome.errors)")
    let told = "DAMAGE: \(path): the file cannot be read: permission denied\n  what to do: it may be whole"
    #expect(outcome.output.contains(told), "\(outcome.output)")
  }

  /// Entries that nobody may read are not missing: the head of an older copy would take them out of the index.
  @Test func aRepairFromAnOlderCopyStopsBeforeEntriesThatItMayNotRead() throws {
    try desk.vault.write(to: desk["older"])
    try #require(desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    try Tree.replace(desk["vault/checkpoint"], with: [1, 2, 3])
    // As on a machine that has not seen the vault.
    try TemporaryFolder.remove(desk["state"])
    let before = try desk.vault
    let bundle = try #require(before.files.last { $0.hasPrefix("tile/entries/") })
    let closed = try with(0, at: [bundle]) { try run("repair", "--from", desk["older"]) }
    #expect(
      closed.status == 1 && closed.errors.contains("permission denied"), "\(closed.status as Any) \(closed.errors)")
    #expect(try desk.vault == before)
    let open = try run("repair", "--from", desk["older"])
    #expect(open.status == 20 && open.errors.contains("nothing was changed"), "\(open.errors)")
    #expect(try desk.vault == before)
  }
}
