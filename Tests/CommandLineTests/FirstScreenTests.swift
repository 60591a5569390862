@testable import evidence
import Foundation
import Testing

@Suite struct FirstScreenTests {
  /// The table of the manual. A number that was given once keeps its meaning for ever.
  @Test func exitStatusesAreThoseOfTheTable() {
    let table: [evidence.ExitStatus: Int32] = [
      .done: 0, .failure: 1, .partial: 3, .noVault: 10, .busy: 11, .wrongKey: 12, .findings: 20, .rolledBack: 21,
      .unknownSigner: 22, .refused: 30, .incomplete: 31, .usage: 64, .interrupted: 130,
    ]
    #expect(evidence.ExitStatus.allCases.map(\.rawValue) == [0, 1, 3, 10, 11, 12, 20, 21, 22, 30, 31, 64, 130])
    for (status, value) in table { #expect(status.rawValue == value) }
  }

  @Test func theNameAloneShowsTheCommandsByTaskWithExamples() throws {
    let outcome = try Desk().run()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    for word in ["Keep", "Hand over", "Plumbing", "evidence init", "evidence add", "evidence export", "--vault PATH"] {
      #expect(outcome.output.contains(word), "\(word)")
    }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func versionIsPrinted() throws {
    let outcome = try Desk().run("--version")
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(outcome.output)")
  }

  @Test(arguments: [
    [], ["init"], ["add"], ["list"], ["show"], ["get"], ["verify"], ["head"],
    ["accept-restored"], ["card"], ["recipient"], ["recipient", "add"],
    ["recipient", "list"], ["recipient", "revoke"], ["export"], ["open"], ["key", "generate"], ["seal"], ["unseal"],
    ["schema"], ["key", "passphrase"], ["key", "file"], ["key", "remove"], ["key", "restore"],
  ])
  func everyCommandExplainsItself(command: [String]) throws {
    let outcome = try Desk().run(command + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.contains("USAGE: \((["evidence"] + command).joined(separator: " "))"), "\(outcome.output)")
    // A secret never comes in an argument: what takes a value takes the name of a file.
    for option in outcome.output.matches(of: /--([a-z-]*passphrase[a-z-]*) </) {
      #expect(option.output.1.hasSuffix("-file"))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreMade(shell: String) throws {
    let outcome = try Desk().run("--generate-completion-script", shell)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("evidence"))
    #expect(outcome.output.contains("recipient"))
  }

  @Test(arguments: ["testimony", "document", "dissolution_case"]) func schemaNamesTheFieldsOfAKind(kind: String) throws
  {
    #expect(try Desk().run("schema").output.contains("\(kind): "))
    #expect(try Desk().run("schema", kind).output.contains("  title (restricted, required): Title"))
  }
}
