import Age
import EvidenceReport
@testable import EvidenceVault
import Testing

/// The text for the e-mail: its commands can be copied, whatever the file is called.
struct CoveringLetterTests {
  private func letter(_ fileName: String) -> String {
    letter(fileName, for: .passphrase(recipientClass: "lawyer"))
  }

  private func letter(_ fileName: String, for audience: Audience) -> String {
    CoveringLetter(fileName: fileName, sha256: "ab", for: audience, partCount: nil).text
  }

  @Test(arguments: [(Identity.Kind.x25519, "1.1"), (.hybrid, "1.3")])
  func theVersionOfAgeIsThatWhichTheKeysNeed(kind: Identity.Kind, version: String) {
    let known = KnownRecipient(
      name: "Desk", recipientClass: "lawyer", keys: [Identity(generating: kind).recipient], verifierKey: nil,
      comparison: .call, index: 0, revokedBy: nil)
    #expect(letter("a.age", for: .recipients([known])).contains("; age \(version) or newer)\n"))
    #expect(letter("a.age").contains("    (age 1.1 or newer)\n"))
  }

  @Test(arguments: [
    ("a3f9c2d1.age", "a3f9c2d1.age"), ("to send.age", "'to send.age'"), ("it's.age", "'it'\\''s.age'"),
    ("a;reboot", "'a;reboot'"), ("нома.age", "'нома.age'"), ("a\u{1b}[2J\u{202e}\n", "'a\\u{1b}[2J\\u{202e}\\u{a}'"),
  ])
  func aNameIsOneWordAndPrintable(name: String, word: String) {
    let text = letter(name)
    #expect(text.contains("    age -d -o \(word).tar \(word)\n"))
    #expect(text.contains("SHA-256:  ab  \(word)\n"))
    #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}"))
  }
}
