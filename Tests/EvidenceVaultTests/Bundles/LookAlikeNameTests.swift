import Testing

@testable import EvidenceVault

struct LookAlikeNameTests {
  private func isTaken(_ name: String, for other: String) -> Bool {
    KnownRecipient(
      name: name, recipientClass: "lawyer", keys: [], verifierKey: nil, comparison: nil, index: 0, revokedBy: nil
    ).looksLike(other)
  }

  @Test(arguments: [
    "un desk", "UN desk ", "UN  desk", "UN\u{200B} desk", "UN-desk", "UN dеsk", "UΝ desk", "UN DESK", "U\u{41D} desk",
  ])
  func takenForTheOther(other: String) {
    // The Cyrillic letter Н looks like the Latin one H, and not like N.
    #expect(isTaken("UN desk", for: other) == (other != "U\u{41D} desk"))
  }

  @Test func digitsAndStrokesLookLikeLetters() {
    #expect(isTaken("IO 101", for: "lO lOI") && isTaken("Миссия", for: "MИCCИЯ"))
  }

  @Test(arguments: ["UN desk", "UN disk", "UN desk 2", "UN", "desk UN", "ООН desk", ""])
  func toldApart(other: String) { #expect(!isTaken("UN desk", for: other)) }

  @Test func namesWithoutALetterAreToldApart() { #expect(!isTaken("☎", for: "✉")) }
}
