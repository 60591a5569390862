import TestFolders
import Testing

/// A file that is opened must never get the number of a standard stream, or messages would be written into evidence.
@Suite struct ClosedStreamsTests {
  @Test func evidenceStaysWholeWhenStandardStreamsAreClosed() throws {
    let desk = try Desk.withVault()
    let path = try desk.folder.write("evidence".utf8, to: "input.txt")
    let command = ([Program.path, "add", path] + Desk.document + ["--passphrase-file", desk["passphrase"]])
      .map { "'\($0)'" }.joined(separator: " ")
    let waiting = "flock vault sleep 1 & sleep 0.3; cd /; exec \(command) 0<&- 1>&- 2>&-"
    let words = ["-c", "cd '\(desk.folder.path)'; \(waiting)"].map { Array($0.utf8) }
    #expect(try desk.start(words, program: "/bin/bash").wait().status == 0)
    let report = try desk.run("verify")
    #expect(report.status == 0, "\(report.output)")
  }

  /// Runs a command line with standard output as `redirection` has it.
  private func run(_ words: [String], _ redirection: String, at desk: Desk) throws -> Outcome {
    let command = ([Program.path] + words).map { "'\($0)'" }.joined(separator: " ")
    return try desk.start(["-c", "\(command) \(redirection)"].map { Array($0.utf8) }, program: "/bin/bash").wait()
  }

  @Test(arguments: [">&-", ">/dev/full"]) func whatIsLostIsTold(redirection: String) throws {
    let desk = try Desk.withVault()
    let path = try desk.folder.write("evidence".utf8, to: "input.txt")
    let key = try desk.run("key", "generate", "--output", desk["a.key"]).output.filter { $0 != "\n" }
    #expect(try desk.run("seal", path, "-r", key, "--output", desk["sealed.age"]).status == 0)
    for words in [
      ["card"], ["seal", path, "-r", key], ["seal", path, "-r", key, "--armor"], ["timestamp", "request"], ["head"],
      ["unseal", desk["sealed.age"], "--identity", desk["a.key"]], ["verify"],
      ["list", "--passphrase-file", desk["passphrase"]],
    ] {
      let lost = try run(words, redirection, at: desk)
      expectOneSentence(lost)
      #expect(lost.status == 1, "\(words): \(lost.errors)")
    }
  }

  @Test func whatWasEnteredIsNotToBeEnteredTwice() throws {
    let desk = try Desk.withVault()
    let words = ["add", desk["passphrase"]] + Desk.document + ["--passphrase-file", desk["passphrase"]]
    let entries = try #require(desk.run("verify", "--json").json["entries"] as? Int)
    let lost = try run(words, ">/dev/full", at: desk)
    expectOneSentence(lost)
    #expect(lost.status == 1 && lost.errors.contains("was done and is in the vault"), "\(lost.errors)")
    #expect(lost.errors.contains("do not run the command again"), "\(lost.errors)")
    // Whoever closes the stream wants to know nothing.
    #expect(try run(words, ">&-", at: desk).status == 0)
    #expect(try desk.run("verify", "--json").json["entries"] as? Int == entries + 2)
  }
}
