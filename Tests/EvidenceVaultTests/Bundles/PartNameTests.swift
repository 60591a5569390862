import Primitives
import TestFolders
import Testing

@testable import EvidenceVault

/// The names of parts and the list of them.
@Suite struct PartNameTests {
  @Test func aNameIsReadAsItIsWritten() {
    for number in [1, 10, 999] { #expect(PartName(PartName("a.age", number).text)?.number == number) }
    #expect(PartName("a.age", 7).text == "a.age.007")
    for name in ["a.age", "a.000", "a.01", ".001", "a.0001x", "a.٠٠١", "a001"] { #expect(PartName(name) == nil) }
  }

  @Test func onlyNamesThatEveryShellTakesAreGivenToParts() {
    #expect(["a", "0.age", "Bundle-2_b.age"].allSatisfy(PartName.isPlain))
    for name in ["", "a b", "-a", ".a", "a'b", "Гулистон", "a.", "a$b", String(repeating: "a", count: 201)] {
      #expect(!PartName.isPlain(name), "\(name)")
    }
  }

  @Test func aListIsReadAsItIsWrittenAlsoUnderAnotherName() {
    let digests = [SHA256Hasher.digest(of: [1]), SHA256Hasher.digest(of: [2])]
    let text = PartName.listText(digests, of: "a")
    #expect(PartName.parseList(Array(text.utf8)) == digests)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(PartName.parseList(Array("\(lines[0])\r\n\(lines[1])\r\n".utf8)) == digests)
    for wrong in [
      "", lines[1], "\(lines[0])\n\(lines[0])", "\(lines[0])\nx", lines[0].uppercased(),
      "\(lines[0])\n\(lines[1].replacing("a.002", with: "b.002"))", String(lines[0].dropFirst()),
    ] {
      #expect(PartName.parseList(Array(wrong.utf8)) == nil, "\(wrong)")
    }
  }

  @Test func aListWithANameThatIsNoTextIsRefused() {
    let line = Array("\(SHA256Hasher.digest(of: [1]).hex)  b".utf8)
    #expect(PartName.parseList(line + Array(".001\n".utf8))?.count == 1)
    #expect(PartName.parseList(line + [0xFF] + Array(".001\n".utf8)) == nil)
  }

  @Test func moreThanNineHundredNinetyNinePartsAreRefusedBeforeAnythingIsWritten() throws {
    let folder = try TemporaryFolder()
    let parts = try PartsFolder(for: folder["a"], partByteCount: 1_000_000, nonce: "0123456789abcdef")
    try parts.expect(998_999_999)
    #expect(throws: VaultError.self) { try parts.expect(999_000_000_000) }
    do { try parts.expect(999_000_000_000) } catch {
      guard case .parts(.tooMany(let enough)) = error else { throw error }
      #expect(enough > 1_000_000_000 && enough < 1_200_000_000)
    }
  }
}
