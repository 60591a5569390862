import EvidenceVault
import Foundation
import TestFolders
import Testing

/// Whom a bundle must come from, as people type it.
@Suite struct SenderTests {
  private let desk: Desk
  private let words: String
  private var digits: String {
    words.split(separator: " ").map { word in
      let place = WordList.words.firstIndex(of: String(word)) ?? 0
      return String(repeating: "0", count: 4 - "\(place)".count) + "\(place)"
    }.joined(separator: " ")
  }

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try #require(desk.unlocked("export", "0", "--to", "desk", "--output", desk["sent.age"]).status == 0)
  }

  private func open(_ sender: [String], to output: String) throws -> Outcome {
    try desk.run(
      ["open", desk["sent.age"], "--output", desk[output], "--identity", desk["desk.key"]]
        + sender.flatMap { ["--sender", $0] })
  }

  @Test func wordsAndDigitsAreTakenAsPeopleTypeThem() throws {
    let forms = [
      words.uppercased(), words.replacing(" ", with: "-"), words.replacing(" ", with: ", "), "  \(words) ", digits,
      digits.replacing(" ", with: ""), digits.replacing(" ", with: "-"),
    ]
    for (number, form) in forms.enumerated() {
      let opened = try open([form], to: "opened-\(number)")
      #expect(opened.status == 0, "\(form): \(opened.errors)")
      #expect(try desk.run("verify", "--bundle", desk["opened-0"], "--sender", form).status == 0)
    }
  }

  @Test func whatIsNoFingerprintIsWrongUse() throws {
    let seven = words.split(separator: " ").dropLast().joined(separator: " ")
    for typed in [seven, "\(seven) evidnce", String(digits.dropLast()), "\(digits) 0001"] {
      try expectRefusal(64, at: desk) { try open([typed], to: "opened") }
    }
    try expectRefusal(1, at: desk) { try open(["no-such-card"], to: "opened") }
  }

  /// The right answer must not stand in the refusal, to be pasted.
  @Test func aRefusalDoesNotTellTheWords() throws {
    let others = words.split(separator: " ").reversed().joined(separator: " ")
    for sender in [[], [others]] {
      let refused = try open(sender, to: "opened")
      #expect(refused.status == 22)
      #expect(!refused.errors.contains(words) && !refused.errors.contains(digits))
    }
  }

  @Test func wordsThatAreNotTheSignersMakeNoReceipt() throws {
    try #require(desk.unlocked("init", desk["colleague"], "--classic").status == 0)
    let card = try desk.run("card", "--vault", desk["colleague"]).output
    try desk.folder.write(card.utf8, to: "colleague.card")
    let added = try desk.unlocked(
      "recipient", "add", "colleague", desk["colleague.card"], "--class", "lawyer", "--words",
      desk.words(of: desk["colleague.card"]))
    try #require(added.status == 0, "\(added.errors)")
    try #require(desk.unlocked("export", "0", "--to", "colleague", "--output", desk["theirs.age"]).status == 0)
    let others = words.split(separator: " ").reversed().joined(separator: " ")
    let refused = try desk.unlocked(
      "receipt", desk["theirs.age"], "--vault", desk["colleague"], "--output", desk["receipt"], "--sender", others)
    #expect(refused.status == 22)
    #expect(!FileManager.default.fileExists(atPath: desk["receipt"]))
    let made = try desk.unlocked(
      "receipt", desk["theirs.age"], "--vault", desk["colleague"], "--output", desk["receipt"], "--sender", digits)
    #expect(made.status == 0, "\(made.errors)")
  }

  @Test func revokedKeysAreAnAlarmUnderAnyName() throws {
    let key = try desk.run("key", "generate", "--output", desk["other.key"]).output.trimmingCharacters(in: .newlines)
    func add(_ name: String, _ more: String...) throws -> Outcome {
      try desk.unlocked(["recipient", "add", name, key, "--class", "lawyer", "--words", desk.words(of: key)] + more)
    }
    try #require(add("old").status == 0)
    let twice = try add("twice")
    #expect(twice.status == 0 && twice.errors.contains("also those of old"), "\(twice.errors)")
    try #require(desk.unlocked("recipient", "revoke", "old", "--reason", "lost").status == 0)
    try expectRefusal(22, at: desk) { try add("old") }
    try expectRefusal(22, at: desk) { try add("another") }
    #expect(try add("old", "--although-revoked").status == 0)
  }

  @Test func aReceiptIsGivenForABundleInParts() throws {
    try desk.folder.write((0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }, to: "large.bin")
    try #require(desk.unlocked(["add", desk["large.bin"]] + Desk.document).status == 0)
    let items = try #require(try desk.unlocked("list", "--json").json["items"] as? [[String: Any]])
    let item = "\(try #require(items.last?["item"] as? Int))"
    try #require(desk.unlocked("init", desk["colleague"], "--classic").status == 0)
    try desk.folder.write(desk.run("card", "--vault", desk["colleague"]).output.utf8, to: "colleague.card")
    try #require(
      desk.unlocked(
        "recipient", "add", "colleague", desk["colleague.card"], "--class", "lawyer", "--words",
        desk.words(of: desk["colleague.card"])
      ).status == 0)
    try #require(
      desk.unlocked("export", item, "--to", "colleague", "--output", desk["sent"], "--split", "1M").status == 0)
    for (number, given) in ["sent", "sent/sent.001"].enumerated() {
      let made = try desk.unlocked(
        "receipt", desk[given], "--vault", desk["colleague"], "--output", desk["receipt-\(number)"], "--sender", words)
      #expect(made.status == 0 && made.output.contains("received and verified"), "\(made.errors)")
    }
    #expect(try desk.unlocked("receipt", "add", desk["receipt-0"]).status == 0)
  }
}
