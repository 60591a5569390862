import Foundation
import TestFolders
import Testing

/// The vault of the desk, a colleague with a vault who gets a bundle, and a stranger with one.
@Suite struct ReceiptCommandTests {
  private let desk: Desk
  private let words: String

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    for name in ["colleague", "stranger"] {
      try #require(desk.unlocked("init", desk[name], "--classic").status == 0)
      try desk.folder.write(desk.run("card", "--vault", desk[name]).output.utf8, to: "\(name).card")
    }
    let card = desk["colleague.card"]
    let added = try desk.unlocked(
      "recipient", "add", "colleague", card, "--class", "lawyer", "--words", desk.words(of: card))
    try #require(added.status == 0, "\(added.errors)")
    try #require(desk.unlocked("export", "0", "1", "--to", "colleague", "--output", desk["sent.age"]).status == 0)
  }

  private func receipt(
    _ more: [String], of bundle: String = "sent.age", as name: String = "receipt"
  ) throws -> Outcome {
    try desk.unlocked(["receipt", desk[bundle], "--vault", desk["colleague"], "--output", desk[name]] + more)
  }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: desk[name], encoding: .utf8) }

  @Test func aReceiptIsFiledOnceAndShownInTheHistoryOfEachItem() throws {
    let made = try receipt(["--sender", words])
    #expect(made.status == 0 && made.output.contains("received and verified on"), "\(made.errors)")
    let added = try desk.unlocked("receipt", "add", desk["receipt"], "--json")
    #expect(added.status == 0, "\(added.errors)")
    let json = try added.json
    #expect(json["result"] as? String == "verified" && json["countersigned"] as? Bool == true)
    #expect(json["recipient"] as? String == "colleague" && json["was_there"] as? Bool == false)
    let vault = try desk.vaultWithoutCaches
    let again = try desk.unlocked("receipt", "add", desk["receipt"])
    #expect(again.status == 0 && again.output.hasPrefix("nothing new: entry"), "\(again.errors)")
    #expect(try desk.vaultWithoutCaches == vault)
    for item in ["0", "1"] {
      let history = try desk.unlocked("history", item)
      #expect(history.output.contains("  receipt") && history.output.contains("result: verified"))
    }
    #expect(try desk.unlocked("verify", "--deep").status == 0)
    let entry = try #require(json["entry"] as? Int)
    #expect(try desk.unlocked("receipt", "show", String(entry)).output == text("receipt"))
  }

  /// Keys can be compared again at any time, and that says nothing of what was sent before.
  @Test func aReceiptCountsAlsoWhenTheKeysWereComparedAgainAfterTheSending() throws {
    try #require(receipt(["--sender", words]).status == 0)
    let compared = try desk.unlocked(
      "recipient", "check", "colleague", "--words", desk.words(of: desk["colleague.card"]), "--compared", "call")
    try #require(compared.status == 0, "\(compared.errors)")
    let added = try desk.unlocked("receipt", "add", desk["receipt"])
    #expect(added.status == 0, "\(added.errors)")
  }

  /// The receipt is made, for it says what came; that the sender signed two histories does not go by unread.
  @Test func anotherHistoryIsNotCountersigned() throws {
    let before = try Tree(of: desk["vault"])
    func sent(_ title: String, as name: String) throws {
      try desk.folder.write(title.utf8, to: "\(title).txt")
      try #require(
        desk.unlocked(
          "add", desk["\(title).txt"], "--kind", "document", "--title", title, "--set", "document.kind=note"
        ).status == 0)
      try #require(desk.unlocked("export", "0", "--to", "colleague", "--output", desk[name]).status == 0)
    }
    try sent("One", as: "one.age")
    try #require(receipt(["--sender", words], of: "one.age", as: "first").status == 0)
    for name in ["vault", "state"] { try TemporaryFolder.remove(desk[name]) }
    try before.write(to: desk["vault"])
    try sent("Other", as: "other.age")
    let made = try receipt(["--sender", words], of: "other.age", as: "second")
    #expect(made.status == 20 && made.errors.contains("another history"), "\(made.errors)")
    #expect(try text("second").contains("verified"))
  }

  @Test func theListTellsWhoHasNotAnswered() throws {
    let before = try desk.unlocked("receipt", "list")
    #expect(before.output.contains("  desk: no receipt yet") && before.output.contains("  colleague: no receipt yet"))
    try #require(receipt(["--unchecked"]).status == 0)
    try #require(desk.unlocked("receipt", "add", desk["receipt"]).status == 0)
    let after = try desk.unlocked("receipt", "list")
    #expect(after.output.contains("  desk: no receipt yet") && after.output.contains("  colleague: not_checked, "))
    #expect(!after.output.contains("  colleague: no receipt yet"))
  }

  /// What the colleague countersigned is a witness's word like any other.
  @Test func theCountersignedHeadMeetsAPolicy() throws {
    try #require(receipt(["--sender", words]).status == 0)
    let policy = try desk.run("witness", "policy", desk["colleague.card"], "--threshold", "1")
    try desk.folder.write(policy.output.utf8, to: "policy")
    #expect(try desk.run("verify", "--policy", desk["policy"]).status == 1)
    try #require(desk.unlocked("receipt", "add", desk["receipt"]).status == 0)
    let verified = try desk.run("verify", "--policy", desk["policy"])
    #expect(verified.status == 0 && verified.output.contains("the policy is met up to 8 entries"), "\(verified.output)")
  }

  /// The second bundle comes without a proof from the head that was countersigned with the first.
  @Test func aHeadWithoutAProofIsNotCountersignedAndTheReceiptGoesWithout() throws {
    try #require(receipt(["--sender", words]).status == 0)
    try #require(desk.unlocked("export", "0", "--to", "colleague", "--output", desk["second.age"]).status == 0)
    let second = try receipt(["--sender", words], of: "second.age", as: "second")
    #expect(second.status == 0 && second.errors.contains("without a countersigned head"))
    #expect(try !text("second").contains("\ncosigned "))
    let anyone = try receipt(["--sender", "anyone"], as: "third")
    #expect(anyone.status == 0 && anyone.errors.contains("nobody has vouched for the sender"))
    for name in ["second", "third", "receipt"] {
      #expect(try desk.unlocked("receipt", "add", desk[name]).status == 0, "\(name)")
    }
  }

  @Test func theReceiptOfARefusedBundleSaysSo() throws {
    let unknown = try receipt(["--sender", desk["stranger.card"]])
    #expect(unknown.status == 22 && unknown.errors.contains("the bundle was refused: signed by a key"))
    #expect(try text("receipt").contains("\nresult refused unknown_signer\n"))
    let added = try desk.unlocked("receipt", "add", desk["receipt"])
    #expect(added.status == 0 && added.output.contains("signed by a key that they do not know"), "\(added.errors)")
    var bytes = try Array(Data(contentsOf: URL(filePath: desk["sent.age"])))
    bytes[bytes.count / 2] ^= 1
    try desk.folder.write(bytes, to: "damaged.age")
    #expect(try receipt(["--sender", words], of: "damaged.age", as: "damaged").status == 20)
    #expect(try text("damaged").contains("\nresult refused damaged\n"))
    try expectRefusal(1, at: desk) { try desk.unlocked("receipt", "add", desk["damaged"]) }
  }

  @Test func aReceiptThatCannotBeTrueIsNotFiled() throws {
    try #require(receipt(["--sender", words]).status == 0)
    var tampered = try text("receipt")
    tampered.replace("\nresult verified\n", with: "\nresult not_checked\n")
    try desk.folder.write(tampered.utf8, to: "tampered")
    try desk.folder.write(text("receipt").replacing("\nreceived 2", with: "\nreceived 3").utf8, to: "later")
    for name in ["tampered", "later", "my.card", "sent.age"] {
      try expectRefusal(20, at: desk) { try desk.unlocked("receipt", "add", desk[name]) }
    }
    func stranger(_ bundle: String, _ key: String, as name: String) throws {
      let made = try desk.unlocked(
        "receipt", desk[bundle], "--vault", desk["stranger"], "--identity", desk[key], "--output", desk[name],
        "--sender", words)
      try #require(made.status == 0, "\(made.errors)")
    }
    try stranger("bundle.age", "desk.key", as: "strange")
    try expectRefusal(22, at: desk) { try desk.unlocked("receipt", "add", desk["strange"]) }
    try #require(desk.unlocked("recipient", "add", "stranger", desk["stranger.card"], "--class", "lawyer").status == 0)
    try expectRefusal(1, at: desk) { try desk.unlocked("receipt", "add", desk["strange"]) }
    let state = ["--vault", desk["stranger"]]
    try #require(desk.unlocked(["add", desk["passphrase"]] + Desk.document + state).status == 0)
    let told = try ["--words", desk.words(of: desk["colleague.card"])]
    try #require(
      desk.unlocked(["recipient", "add", "c", desk["colleague.card"], "--class", "lawyer"] + told + state).status == 0)
    try #require(desk.unlocked(["export", "0", "--to", "c", "--output", desk["foreign.age"]] + state).status == 0)
    try #require(receipt(["--sender", desk["stranger.card"]], of: "foreign.age", as: "foreign").status == 0)
    try expectRefusal(1, at: desk) { try desk.unlocked("receipt", "add", desk["foreign"]) }
    try #require(desk.unlocked("recipient", "revoke", "colleague", "--reason", "key lost").status == 0)
    try expectRefusal(22, at: desk) { try desk.unlocked("receipt", "add", desk["receipt"]) }
  }

  @Test func wrongUseMakesNoReceipt() throws {
    let output = ["--output", desk["output/receipt"]]
    try expectRefusal(64, at: desk) { try desk.unlocked(["receipt", desk["sent.age"]] + output) }
    try expectRefusal(64, at: desk) {
      try desk.unlocked(["receipt", desk["sent.age"], "--unchecked", "--sender", words] + output)
    }
    try expectRefusal(12, at: desk) {
      try desk.unlocked(["receipt", desk["sent.age"], "--sender", words, "--vault", desk["stranger"]] + output)
    }
    try expectRefusal(1, at: desk) {
      try desk.unlocked(["receipt", desk["missing"], "--unchecked", "--vault", desk["colleague"]] + output)
    }
    try #require(receipt(["--unchecked"]).status == 0)
    #expect(try receipt(["--unchecked"]).status == 1, "nothing is overwritten")
    try expectRefusal(20, at: desk) { try desk.unlocked("receipt", "show", "0") }
  }

  /// A later recipient learns that somebody acknowledged the item, and not who.
  @Test func inALaterBundleTheOpenFieldsOfAReceiptAreDisclosed() throws {
    try #require(receipt(["--sender", words]).status == 0)
    try #require(desk.unlocked("receipt", "add", desk["receipt"]).status == 0)
    try #require(desk.unlocked("export", "0", "--to", "desk", "--output", desk["later.age"]).status == 0)
    let opened = try desk.run(
      "open", desk["later.age"], "--output", desk["later"], "--identity", desk["desk.key"], "--sender", words)
    try #require(opened.status == 0, "\(opened.errors)")
    let custody = try text("later/data/item-0/custody.json")
    #expect(custody.contains("\"event\": \"receipt\"") && custody.contains("\"result\": \"verified\""))
    #expect(!custody.contains("colleague") && !custody.contains("evidence-receipt"))
    // The evidence itself has the word in it.
    for file in try Tree(of: desk["later"]).files where !file.contains("/files/") {
      #expect(try !text("later/\(file)").contains("colleague"), "\(file)")
    }
  }
}
