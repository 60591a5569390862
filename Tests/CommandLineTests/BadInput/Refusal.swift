import TestFolders
import Testing

/// Requires that a run refuses: the exit status, one sentence and at most one hint on standard error, nothing on
/// standard output, and vault and output as they were.
func expectRefusal(
  _ status: Int32, at desk: Desk, sourceLocation: SourceLocation = #_sourceLocation, _ run: () throws -> Outcome
) throws {
  try desk.folder.write("stays".utf8, to: "output/present/file.txt")
  let vault = try desk.vaultWithoutCaches
  let output = try Tree(of: desk["output"])
  let outcome = try run()
  expectOneSentence(outcome, sourceLocation: sourceLocation)
  #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(try desk.vaultWithoutCaches == vault, "the vault was changed", sourceLocation: sourceLocation)
  #expect(try Tree(of: desk["output"]) == output, "something was left behind", sourceLocation: sourceLocation)
}

/// Requires the form of an error: `evidence: error:` in lower case without a full stop, then at most one `hint:`.
func expectOneSentence(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
  let prefix = "evidence: error: "
  let lines = outcome.errorLines
  #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  #expect((1...2).contains(lines.count), "\(outcome.errors)", sourceLocation: sourceLocation)
  for line in lines.dropFirst() {
    #expect(line.hasPrefix("hint: "), "\(outcome.errors)", sourceLocation: sourceLocation)
  }
  guard let first = lines.first, first.hasPrefix(prefix) else {
    Issue.record("no error line: \(outcome.errors)", sourceLocation: sourceLocation)
    return
  }
  let sentence = first.dropFirst(prefix.count)
  #expect(sentence.first?.isUppercase == false, "\(sentence)", sourceLocation: sourceLocation)
  #expect(sentence.last != ".", "\(sentence)", sourceLocation: sourceLocation)
  #expect(!outcome.errors.contains { $0 == "\u{1b}" || $0 == "\u{202e}" }, sourceLocation: sourceLocation)
}
