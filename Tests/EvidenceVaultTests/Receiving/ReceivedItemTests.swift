import Age
@testable import EvidenceVault
import DurableStore
import Primitives
import SelectiveDisclosure
import StrictJSON
import Tar
import TestFolders
import Testing

/// What is made of an item whose sender's program knows more than this one, or that no program of this format writes.
@Suite struct ReceivedItemTests {
  private let fixture: ReceivingFixture
  private let bundle: OpenedBundle

  init() throws {
    fixture = try ReceivingFixture()
    try fixture.sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    bundle = try OpenedBundle(
      [fixture.send([1])], with: [fixture.recipient.identity], from: fixture.expected,
      environment: fixture.recipient.environment)
  }

  private func record(_ index: UInt64, kind: String, _ fields: JSONObject) throws -> Record {
    let composed = try ComposedRecord(
      kind: kind, added: Timestamp(secondsSince1970: 1), fields: fields, files: [], randomness: SystemRandomness())
    let payload = try IssuerClaims.payload([:], hiding: composed.top)
    let jws = JWS.sign(payload, type: Entry.type, key: fixture.sender.signer.key(for: .records))
    return try Record(index: index, presentation: Presentation(jws: jws, disclosures: composed.disclosures))
  }

  private func composed(
    _ fields: JSONObject, kind: String = "testimony", numbers: [UInt64: UInt64] = [:]
  ) throws -> (item: NewItem, left: [String]) {
    try ReceivedItem(first: record(1, kind: kind, fields), amendments: [], events: [])
      .composed(from: bundle, numbers: numbers, sameAs: nil)
  }

  @Test func aConditionThatIsNotKnownIsNeverLeftOut() throws {
    let conditions: [(String, JSON)] = [
      ("consent.later", "code"), ("use.later", true), ("consent.media", "perhaps"), ("consent.media", 1),
      ("use.privileged", "perhaps"), ("consent.media.later", "x"), ("consent.\u{301}media", "refused"),
      ("use.\u{301}", true),
    ]
    for (name, value) in conditions {
      var fields: JSONObject = ["title": "First account"]
      fields[name] = value
      #expect("\(name)") {
        try composed(fields)
      } throws: { error in
        if case VaultError.bundle(.unknownCondition(item: 1, field: let found)) = error { found == name } else { false }
      }
    }
  }

  @Test func otherFieldsThatAreNotKnownAreLeftOutAndNamed() throws {
    let (item, left) = try composed(["weather": "rain", "interview.language": 5, "consent.media": "refused"])
    #expect(left == ["weather", "interview.language"])
    #expect(item.fields["weather"] == nil && item.fields["consent.media"] == "refused")
    #expect(item.fields["title"] == "Received without its title")
  }

  @Test func anAnswerForAClassThatIsRefusedOrNotDisclosedSaysNothing() throws {
    let schema = try Schema.named("testimony")
    let name = try #require(schema.fields.map(\.name).first { $0.hasPrefix("consent.media.") })
    let field = try #require(schema.field(name))
    let value: JSON =
      switch field.type {
      case .choice(let words): .string(words[0])
      case .boolean: true
      case .date: "2030"
      default: "text"
      }
    for answer in [nil, "refused", "code"] as [String?] {
      var fields: JSONObject = [:]
      fields["consent.media"] = answer.map { .string($0) }
      fields[name] = value
      let (item, left) = try composed(fields)
      #expect(left.isEmpty && item.fields[name] == (answer == "code" ? value : nil), "\(answer ?? "none")")
    }
  }

  @Test func linksGetTheNumbersOfThisVaultOrAreLeftOut() throws {
    let linked = try composed(["attachments": [4, 7, 9], "events_covered": [5]], numbers: [4: 40, 7: 70])
    #expect(linked.item.fields["attachments"] == [40, 70] && linked.item.fields["events_covered"] == nil)
    // Who speaks for it did not come along: nobody does, rather than that nobody has to.
    let letter = try composed(["consent.by": 9, "document.kind": "note"], kind: "document")
    #expect(letter.item.fields["consent.by"] == .integer(.max))
  }

  @Test func noItemIsAnEventOrChangesItsKind() throws {
    func refusal(_ body: () throws -> Void) throws -> BundleFault? {
      do { try body() } catch VaultError.bundle(let fault) { return fault }
      return nil
    }
    let fault = BundleFault.itemDoesNotFit(item: 1, path: Bag.recordPath(1).text)
    #expect(try refusal { _ = try composed([:], kind: "export") } == fault)
    let changed = ReceivedItem(
      first: try record(1, kind: "testimony", [:]), amendments: [try record(2, kind: "document", [:])], events: [])
    #expect(try refusal { _ = try changed.composed(from: bundle, numbers: [:], sameAs: nil) } == fault)
    #expect(throws: VaultError.self) { try composed([:], kind: "kind of later") }
  }

  @Test func aFileThatIsNotInTheBundleIsMissing() throws {
    let file = try #require(bundle.checked.items.first?.files.first)
    #expect {
      try bundle.part(file, at: "data/item-9/files/minutes.txt")
    } throws: { error in
      if case VaultError.bundle(.missingFile("data/item-9/files/minutes.txt")) = error { true } else { false }
    }
    #expect {
      try fixture.recipient.reader().receive([], from: .anyone, signer: fixture.recipient.signer)
    } throws: { error in
      if case VaultError.file(.unreadableName) = error { true } else { false }
    }
  }
}
