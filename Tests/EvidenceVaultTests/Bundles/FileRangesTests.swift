import Testing

@testable import EvidenceVault

/// What the entry of an export says of many files.
@Suite struct FileRangesTests {
  @Test func neighboursBecomeOneElementAndBecomeSingleAgain() {
    let single = ["3:title", "3:file:#1", "3:file:#2", "3:file:#4", "4:file:#5", "4:case", "4:file:#6"]
    let joined = ["3:title", "3:file:#1-2", "3:file:#4", "4:file:#5", "4:case", "4:file:#6"]
    #expect(FileRanges.joined(single) == joined)
    #expect(FileRanges.single(joined) == single)
  }

  @Test func sixtyThousandFilesAreOneElement() {
    let all = (1...60_000).map { "0:file:#\($0)" }
    #expect(FileRanges.joined(all) == ["0:file:#1-60000"])
    #expect(FileRanges.single(FileRanges.joined(all)) == all)
  }

  @Test(arguments: [
    "0:file:#2-1", "0:file:#0-3", "0:file:#1-60001", "0:file:#1-2-3", "0:file:#-1", "0:file:#1-", "0:file:#a-b",
    "file:#1-2", "0:files:#1-2", "0:file:#1-99999999999999999999",
  ])
  func whatIsNoRangeStaysAsItIs(text: String) {
    #expect(FileRanges.single([text]) == [text])
    #expect(FileRanges.joined([text]) == [text])
  }
}
