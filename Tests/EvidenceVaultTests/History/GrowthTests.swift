@testable import EvidenceVault
import TestFolders
import Testing

@Suite struct GrowthTests {
  /// 300 entries: the last of a tile, the first of the next, and some beyond.
  @Test func numbersNeverChangeAcrossTheEdgeOfATile() throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    var words: [String] = []
    for number in 0..<300 {
      #expect(try fixture.addDocument("Document \(number)", to: vault) == UInt64(number))
      words.append(try vault.head().words)
      guard [1, 255, 256, 257, 300].contains(number + 1) else { continue }
      let report = try vault.verify()
      #expect(report.isSound)
      #expect(report.findings.isEmpty, "at \(number + 1) entries: \(report.findings)")
      #expect(report.entryCount == UInt64(number + 1))
    }
    #expect(Set(words).count == 300)
    let reader = try fixture.reader()
    for number: UInt64 in [0, 1, 254, 255, 256, 257, 299] {
      #expect(try reader.record(at: number).title == "Document \(number)")
    }
    #expect(throws: VaultError.self) { try reader.record(at: 300) }
    #expect(try reader.summaries().map(\.title) == (0..<300).map { "Document \($0)" })
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }
}
