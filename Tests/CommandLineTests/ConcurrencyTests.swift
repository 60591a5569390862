import Foundation
import Glibc
import TestFolders
import Testing

/// Several programs at work on one vault, and programs that die at work.
@Suite struct ConcurrencyTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func startAdding(_ path: String) throws -> Program {
    let words = ["add", path, "--json", "--passphrase-file", desk["passphrase"]] + Desk.document
    return try desk.start(words.map { Array($0.utf8) })
  }

  @Test func eightAddsAtOnceAllSucceedUnderNumbersOfTheirOwn() throws {
    let programs = try (0..<8).map { number in
      try startAdding(desk.folder.write("text \(number)".utf8, to: "input/\(number).txt"))
    }
    let outcomes = try programs.map { try $0.wait() }
    for outcome in outcomes { #expect(outcome.status == 0, "\(outcome.errors)") }
    let numbers = try outcomes.map { try #require(try $0.json["item"] as? Int) }
    #expect(numbers.sorted() == Array(7..<15))
    for (number, outcome) in zip(numbers, outcomes.indices) {
      try desk.unlocked("get", "\(number)", "--output", desk["out-\(number)"])
      #expect(try Tree(of: desk["out-\(number)"])["\(outcome).txt"] == Array("text \(outcome)".utf8))
    }
    let verified = try desk.unlocked("verify", "--deep", "--json").json
    #expect(verified["sound"] as? Bool == true)
    #expect((verified["findings"] as? [Any])?.isEmpty == true)
  }

  @Test func aProgramKilledAtAnyMomentLeavesASoundVault() throws {
    let path = try desk.folder.write([UInt8](repeating: 7, count: 3 << 20), to: "big.bin")
    let start = Date()
    #expect(try startAdding(path).wait().status == 0)
    let duration = Date().timeIntervalSince(start)
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededNumbers(state: seed)
    var entryCount = 8
    for round in 0..<20 {
      let program = try startAdding(path)
      usleep(UInt32(Double.random(in: 0...(duration * 1.2), using: &random) * 1_000_000))
      program.kill()
      let outcome = try program.wait()
      let report = try desk.run("verify", "--json")
      #expect(report.status == 0, "round \(round), seed \(seed): \(report.output)")
      let count = try #require(try report.json["entries"] as? Int)
      #expect((entryCount...(entryCount + 1)).contains(count))
      if outcome.status == 0 { #expect(count == entryCount + 1) }
      entryCount = count
      let findings = try #require(try report.json["findings"] as? [[String: Any]])
      #expect(findings.allSatisfy { $0["severity"] as? String == "notice" })
    }
    #expect(try startAdding(path).wait().status == 0)
    #expect(try Tree(of: desk["vault/incoming"]).nodes.isEmpty)
    let deep = try desk.unlocked("verify", "--deep", "--json")
    #expect(deep.status == 0, "\(deep.output)")
    #expect(try deep.json["entries"] as? Int == entryCount + 1)
  }

  @Test func whoeverWaitsForAnotherToEnterAnExportCanLeave() throws {
    let folder = unsafe open(desk["vault"], O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(folder) }
    #expect(flock(folder, LOCK_EX) == 0)
    let before = try desk.run("head").output
    let words = ["export", "0", "--to", "desk", "--output", desk["out.age"], "--passphrase-file", desk["passphrase"]]
    let program = try desk.start(words.map { Array($0.utf8) })
    var isAsked = false
    let outcome = try program.wait {
      guard !isAsked, try desk.printed.contains("; waiting") else { return }
      isAsked = true
      program.interrupt()
    }
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(try desk.run("head").output == before && Tree(of: desk["vault/incoming"]).nodes.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: desk["out.age"]))
  }

  @Test func aProgramThatIsAskedToEndLeavesNothingBehind() throws {
    let path = try desk.folder.write([], to: "long.bin")
    try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 1 << 30)
    let before = try desk.vault
    let program = try startAdding(path)
    usleep(400_000)
    program.interrupt()
    let outcome = try program.wait()
    #expect(outcome.status == 130, "\(outcome.errors)")
    expectOneSentence(outcome)
    #expect(try desk.vault == before)
  }
}

/// Numbers that a seed gives again. Source: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
