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
}
