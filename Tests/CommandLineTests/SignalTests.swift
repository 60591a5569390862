import Foundation
import Glibc
import TestFolders
import Testing

/// What asks a process to end, while it waits for a pipe that gives nothing.
@Suite struct SignalTests {
  private let desk: Desk
  private let pipe: String
  private let writer: Int32

  init() throws {
    desk = try Desk.withVault()
    pipe = desk["pipe"]
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    // It can be opened for reading at once then, and ends when this is closed.
    writer = unsafe open(pipe, O_RDWR | O_CLOEXEC)
  }

  private func start(_ words: [String], passphrase: String? = nil, under other: String? = nil) throws -> Program {
    let words = words + ["--passphrase-file", passphrase ?? desk["passphrase"]]
    let all = (other == nil ? [] : [Program.path]) + words
    return try Program(
      other ?? Program.path, words: all.map { Array($0.utf8) },
      environment: ["HOME": desk["home"], "EVIDENCE_VAULT": desk["vault"], "SWIFT_BACKTRACE": "enable=no"],
      input: pipe, output: desk["outcome"])
  }

  private var adding: [String] { ["add", "-", "--name", "said.txt"] + Desk.document }

  /// Waits until the program reads what was written.
  private func give(_ text: String) throws {
    #expect(unsafe write(writer, text, text.utf8.count) == text.utf8.count)
    var count: Int32 = 1
    for _ in 0..<60_000 where count > 0 {
      usleep(1_000)
      #expect(unsafe ioctl(writer, UInt(FIONREAD), &count) == 0)
    }
    #expect(count == 0)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func theFirstOneEndsIt(signal: Int32) throws {
    defer { close(writer) }
    let before = try desk.vault
    let program = try start(adding)
    try give("what was said")
    _ = kill(program.process, signal)
    let outcome = try program.wait()
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(try desk.vault == before)
  }

  /// A pipe cannot even be opened for reading before somebody writes into it.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func theFirstOneEndsWhatWaitsForAPassphrase(signal: Int32) throws {
    defer { close(writer) }
    let silent = desk["silent"]
    #expect(unsafe mkfifo(silent, 0o600) == 0)
    let program = try start(["list"], passphrase: silent)
    for _ in 0..<10_000 where !isWaitingForAWriter(program) { usleep(1_000) }
    _ = kill(program.process, signal)
    let outcome = try program.wait()
    #expect(outcome.status == 130, "\(outcome.errors)")
  }

  private func isWaitingForAWriter(_ program: Program) -> Bool {
    let place = try? String(contentsOfFile: "/proc/\(program.process)/wchan", encoding: .utf8)
    return place == "wait_for_partner"
  }

  @Test func whoeverStartedItWithNohupIsNotLetDown() throws {
    let program = try start(adding, under: "/usr/bin/nohup")
    try give("what was said")
    _ = kill(program.process, SIGHUP)
    usleep(500_000)
    try give(", and more")
    close(writer)
    let outcome = try program.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let number = String(outcome.output.dropFirst("item ".count).prefix { $0.isNumber })
    #expect(try desk.unlocked("get", number, "--output", desk["got"]).status == 0)
    #expect(try Tree(of: desk["got"])["said.txt"] == Array("what was said, and more".utf8))
  }
}
