import Foundation
import Primitives
import TestFolders
import Testing

/// Readers as people add and remove them.
@Suite struct ReaderCommandTests {
  private let desk: Desk
  private let key: String

  /// A vault with two items, and the key of somebody else.
  init() throws {
    desk = try Desk.withVault()
    key = try desk.run("key", "generate", "--output", desk["archive.key"])
      .output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func add(_ name: String = "Archive") throws -> Outcome {
    try desk.unlocked("reader", "add", name, key, "--words", desk.words(of: key), "--compared", "call")
  }

  private func readers() throws -> [[String: Any]] {
    try #require(desk.unlocked("reader", "list", "--json").json["readers"] as? [[String: Any]])
  }

  @Test func aKeyThatNobodyComparedIsNotAdded() throws {
    let before = try desk.vaultWithoutCaches
    for words in [[], ["--words", "one two three four five six seven eight"]] {
      let outcome = try desk.unlocked(["reader", "add", "Archive", key] + words)
      expectOneSentence(outcome)
      #expect(outcome.status == 22, "\(outcome.errors)")
    }
    #expect(try desk.vaultWithoutCaches == before)
  }

  @Test func theListSaysWhoReads() throws {
    #expect(try add().status == 0)
    let listed = try readers()
    #expect(listed.map { $0["name"] as? String } == [nil, "Archive"])
    #expect(listed.map { $0["own"] as? Bool } == [true, false])
    #expect(listed.last?["age_recipient"] as? String == key)
    let words = try desk.words(of: key)
    #expect(listed.last?["fingerprint"] as? String == words)
    let text = try desk.unlocked("reader", "list").output
    #expect(text.contains("the key you read with: a post-quantum key, from the beginning"))
    #expect(text.contains("Archive: a post-quantum key, since entry"))
  }

  @Test func whoIsAddedReadsAllAfterReseal() throws {
    let added = try add()
    #expect(added.status == 0 && added.errors.contains("evidence reseal"), "\(added.errors)")
    let closed = try desk.run("get", "0", "--output", desk["out"], "--identity", desk["archive.key"])
    #expect(closed.status == 12 && closed.errors.contains("evidence reseal"), "\(closed.errors)")
    let resealed = try desk.unlocked("reseal", "--json")
    #expect(resealed.status == 0, "\(resealed.errors)")
    #expect(try resealed.json["objects"] as? Int == 2)
    let opened = try desk.run("get", "0", "--output", desk["out"], "--identity", desk["archive.key"])
    #expect(opened.status == 0, "\(opened.errors)")
    #expect(FileManager.default.fileExists(atPath: desk["out/minutes.txt"]))
    let again = try desk.unlocked("reseal")
    #expect(again.status == 0 && again.output == "everything is sealed to the present readers already\n")
    let verdict = try desk.unlocked("verify", "--deep")
    #expect(verdict.status == 0 && verdict.output.contains("everything was opened and compared"), "\(verdict.output)")
  }

  @Test func whatCannotBeSealedAnewIsToldAndTheRestIsDone() throws {
    #expect(try add().status == 0)
    let objects = try desk.vault.files.filter { $0.hasPrefix("objects/") }
    try FileManager.default.removeItem(atPath: desk["vault/\(objects[0])"])
    let outcome = try desk.unlocked("reseal")
    #expect(outcome.status == 3 && outcome.output.contains("1 object"), "\(outcome.output)")
    #expect(outcome.errors.contains("1 file could not be sealed anew"), "\(outcome.errors)")
    #expect(outcome.errors.contains(objects[0]), "\(outcome.errors)")
  }

  /// That old shares are worthless has to be known, whatever becomes of the rest.
  @Test func anotherReadingKeyIsToldAlsoWhereNotAllCanBeSealedToIt() throws {
    let objects = try desk.vault.files.filter { $0.hasPrefix("objects/") }
    try FileManager.default.removeItem(atPath: desk["vault/\(objects[0])"])
    let outcome = try desk.unlocked("key", "rotate", "reading")
    #expect(outcome.status == 3 && outcome.output.contains("reads with another key"), "\(outcome.output)")
    #expect(outcome.errors.contains("evidence key split") && outcome.errors.contains(objects[0]), "\(outcome.errors)")
    let said = outcome.output.firstRange(of: "reads with another key")?.lowerBound
    let done = outcome.output.firstRange(of: "sealed to the present readers")?.lowerBound
    #expect(try #require(said) < #require(done))
    let list = try desk.unlocked("list")
    #expect(list.status == 0, "\(list.errors)")
  }

  /// The sample bundle is sealed to the recipient "desk", and not to this vault.
  @Test func aKeyThatSomebodyPutAmongTheEarlierOnesOpensNoBundle() throws {
    let own = try #require(readers().first?["age_recipient"] as? String)
    let name = "earlier-\(SHA256Hasher.digest(of: Array(own.utf8)).hex).age"
    let sealed = try desk.run("seal", "-r", own, "--output", desk["vault/keys/\(name)"], desk["desk.key"])
    #expect(sealed.status == 0, "\(sealed.errors)")
    let sender = ["--sender", desk["my.card"]]
    for words in [["open", desk["bundle.age"], "--output", desk["out"]], ["receive", desk["bundle.age"]]] {
      let outcome = try desk.unlocked(words + sender)
      #expect(outcome.status == 12 && outcome.errors.contains("no bundle is opened with them"), "\(outcome.errors)")
    }
    let receipt = try desk.unlocked(["receipt", desk["bundle.age"], "--output", desk["answer"]] + sender)
    #expect(receipt.status == 12 && receipt.errors.contains("no bundle is opened with them"), "\(receipt.errors)")
  }

  @Test func aBundleOfWhatWasSealedAnewOpensAndHolds() throws {
    #expect(try add().status == 0)
    #expect(try desk.unlocked("reseal").status == 0)
    #expect(try desk.unlocked("export", "0", "1", "--to", "desk", "--output", desk["later.age"]).status == 0)
    let card = try desk.run("card").output
    try desk.folder.write(card.utf8, to: "new.card")
    let opened = try desk.run(
      "open", desk["later.age"], "--output", desk["later"], "--identity", desk["desk.key"], "--sender",
      desk["new.card"])
    #expect(opened.status == 0, "\(opened.errors)")
    let held = try desk.run("verify", "--bundle", desk["later"], "--sender", desk["my.card"])
    #expect(held.status == 0, "\(held.errors)")
    // What was sent before stays what it was.
    let earlier = try desk.run(
      "open", desk["bundle.age"], "--output", desk["earlier"], "--identity", desk["desk.key"], "--sender",
      desk["new.card"])
    #expect(earlier.status == 0, "\(earlier.errors)")
  }

  @Test func aReaderIsRemovedByNameKeyOrWords() throws {
    for reader in try ["Archive", key, desk.words(of: key)] {
      #expect(try add().status == 0)
      let removed = try desk.unlocked("reader", "remove", reader, "--reason", "left us")
      #expect(removed.status == 0, "\(removed.errors)")
      #expect(try readers().count == 1)
    }
    let gone = try desk.run("list", "--identity", desk["archive.key"])
    #expect(gone.status == 12)
  }

  @Test func theOwnAndTheLastReaderStay() throws {
    let own = try #require(readers().first?["fingerprint"] as? String)
    for said in ["the only reader", "keys/reading.age"] {
      let outcome = try desk.unlocked("reader", "remove", own, "--reason", "r")
      expectOneSentence(outcome)
      #expect(outcome.status == 1 && outcome.errors.contains(said), "\(outcome.errors)")
      _ = try add()
    }
    let nobody = try desk.unlocked("reader", "remove", "Nobody", "--reason", "r")
    expectOneSentence(nobody)
    #expect(nobody.status == 1)
    #expect(try readers().count == 2)
  }

  @Test func aClassicKeyBesidePostQuantumOnesIsRefusedWithWhatToDo() throws {
    let classic = try desk.run("key", "generate", "--classic", "--output", desk["classic.key"])
      .output.trimmingCharacters(in: .whitespacesAndNewlines)
    let outcome = try desk.unlocked("reader", "add", "Old", classic, "--words", desk.words(of: classic))
    expectOneSentence(outcome)
    #expect(outcome.status == 64 && outcome.errors.contains("evidence key generate"), "\(outcome.errors)")
  }

  @Test func aListThatWasPutBackIsFoundByEveryCommand() throws {
    let old = try Data(contentsOf: URL(fileURLWithPath: desk["vault/vault.note"]))
    #expect(try add().status == 0)
    try FileManager.default.removeItem(atPath: desk["vault/vault.note"])
    try old.write(to: URL(fileURLWithPath: desk["vault/vault.note"]))
    let verdict = try desk.run("verify")
    #expect(verdict.status == 20 && verdict.output.contains("vault.note: its readers"), "\(verdict.output)")
    for outcome in [
      try desk.unlocked("list"), try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document),
      try desk.unlocked("reseal"), try desk.unlocked("reader", "list"), try desk.unlocked("head"),
    ] {
      expectOneSentence(outcome)
      #expect(outcome.status == 20, "\(outcome.errors)")
    }
  }
}
