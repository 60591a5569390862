import Age
import Foundation
import Primitives
import Streams
import TestFolders
import Testing
import TransparencyLog
import Wording

@testable import EvidenceReport
@testable import EvidenceVault

/// A vault that sent a bundle, and the vault of its recipient.
@Suite struct ReceiptTests {
  private let sender: VaultFixture
  private let recipient: VaultFixture
  private let bundle: BundleFixture

  init() throws {
    (sender, recipient) = (try VaultFixture(), try VaultFixture())
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let card = try recipient.open().note
    _ = try sender.reader().addRecipient(
      "Desk", recipientClass: "lawyer", keys: card.readers, verifierKey: card.vaultKey, comparison: .call,
      signer: sender.signer)
    bundle = try BundleFixture(of: sender, items: [0], identity: recipient.identity)
  }

  private func examined(_ bytes: [UInt8]? = nil, from expected: ExpectedSender? = nil) throws -> (
    result: Result<CheckedBundle, VaultError>, digest: Digest
  ) {
    try Bundle.examine(
      MemorySource(bytes ?? bundle.sealed), with: [recipient.identity], from: expected ?? bundle.sender,
      environment: recipient.environment)
  }

  private func receipt(isSenderKnown: Bool = true) throws -> Receipt {
    let (result, digest) = try examined()
    return try recipient.open().receipt(
      .verified(result.get(), isSenderKnown: isSenderKnown), sealed: digest, signer: recipient.signer
    ).receipt
  }

  private func expect(_ fault: ReceiptFault, _ receipt: Receipt) throws {
    let before = try Tree(of: sender.path)
    #expect {
      try sender.reader().file(receipt, signer: sender.signer)
    } throws: { error in
      if case VaultError.receipt(fault) = error { true } else { false }
    }
    #expect(try Tree(of: sender.path)["checkpoint"] == before["checkpoint"])
  }

  /// A receipt by the recipient that says of a bundle that verified what `change` makes of it.
  private func signed(
    _ change: (inout (bundle: String, sender: VerifierKey, head: TreeHead, cosigned: SignedNote?)) throws -> Void
  ) throws -> Receipt {
    let stated = try #require(receipt().verified)
    var parts = (bundle: stated.bundle, sender: stated.sender, head: stated.head, cosigned: stated.cosigned)
    try change(&parts)
    let verified = Receipt.Verified(
      bundle: parts.bundle, sender: parts.sender, tagManifest: stated.tagManifest, head: parts.head,
      cosigned: parts.cosigned)
    return try Receipt(
      card: recipient.open().note, received: recipient.environment.now(), sealed: examined().digest,
      outcome: .verified(verified), signer: recipient.signer)
  }

  @Test func theSealedBytesAreDigestedToTheirEndWhateverIsWrong() throws {
    let whole = SHA256Hasher.digest(of: bundle.sealed)
    #expect(try examined().digest == whole)
    for place in [0, 30, bundle.sealed.count / 2, bundle.sealed.count - 1] {
      var bytes = bundle.sealed
      bytes[place] ^= 1
      let (result, digest) = try examined(bytes)
      #expect(throws: VaultError.self) { try result.get() }
      #expect(digest == SHA256Hasher.digest(of: bytes), "byte \(place)")
    }
    #expect(try examined(from: .fingerprint("other words")).digest == whole)
  }

  /// The check leaves nothing behind, neither in the vault nor beside it.
  @Test func nothingOfTheBundleIsWrittenToTheDisk() throws {
    let before = try Tree(of: recipient.folder.path)
    _ = try examined().result.get()
    #expect(try Tree(of: recipient.folder.path) == before)
  }

  /// Nothing in a bundle proves a receipt: reports tell whose word it is, in their own language.
  @Test func reportsTellAReceiptInTheWordsOfItsSchema() throws {
    _ = try sender.reader().file(receipt(), signer: sender.signer)
    let plan = try sender.planForDesk([0])
    let page = String(decoding: ReportPage(plan).bytes, as: UTF8.self)
    for said in ["проверено, всё верно", "Натиҷаи санҷиш", "what follows is the word of that recipient"] {
      #expect(page.contains(said), "\(said)")
    }
    let text = TextReport(plan: plan).text
    #expect(text.contains("      what follows is the word of that recipient, by their clock"))
    #expect(text.contains("      Result of the check: verified\n"))
  }

  @Test func aReceiptIsReadAsItWasMadeAndFiledOnce() throws {
    let receipt = try receipt()
    #expect(try Receipt(receipt.note.bytes) == receipt)
    let filed = try sender.reader().file(receipt, signer: sender.signer)
    #expect(filed.recipient == "Desk" && !filed.wasThere && filed.cosignatures.count == 1)
    let again = try sender.reader().file(receipt, signer: sender.signer)
    #expect(again.wasThere && again.entry == filed.entry)
    #expect(try sender.reader().history(of: 0).last?.event == "receipt")
    #expect(try sender.reader().receipt(at: filed.entry) == receipt)
    #expect(try sender.open().verify().findings.isEmpty)
  }

  @Test func noByteOfAReceiptCanBeChanged() throws {
    let bytes = try receipt().note.bytes
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 7)
      #expect(throws: VaultError.self, "byte \(place)") { try Receipt(changed) }
    }
    for end in [0, 1, bytes.count - 1] {
      #expect(throws: VaultError.self) { try Receipt(Array(bytes.prefix(end))) }
    }
    #expect(throws: VaultError.self) { try Receipt(bytes + [0x0a]) }
  }

  @Test func whatIsLongerThanAnyReceiptIsNotRead() throws {
    #expect {
      try Receipt([UInt8](repeating: UInt8(ascii: "\n"), count: Receipt.maximumByteCount + 1))
    } throws: { error in
      if case VaultError.receipt(.tooLarge) = error { true } else { false }
    }
    #expect {
      try Receipt([UInt8](repeating: UInt8(ascii: "\n"), count: Receipt.maximumByteCount))
    } throws: { error in
      if case VaultError.receipt(.malformed) = error { true } else { false }
    }
  }

  /// A bundle of a later version is not damaged: nothing is answered to it.
  @Test func onlyWhatWasCheckedIsRefused() throws {
    let unanswered: [VaultError] = [
      .bundle(.newerFormat(found: "evidence-bundle/v2")), .newerFormat(found: "evidence-vault/v2"),
      .sealedFile(.header(.unknownVersion)), .wrongIdentity(what: "the bundle"), .supplement,
    ]
    #expect(unanswered.allSatisfy { Receipt.Refusal($0) == nil })
    #expect(Receipt.Refusal(.bundle(.notAddressedToYou)) == .notAddressed)
    #expect(Receipt.Refusal(.bundle(.badSignature("bundle.note"))) == .damaged)
    #expect(Receipt.Refusal(.sealedFile(.headerMAC)) == .damaged)
    #expect(Receipt.Refusal(.sealedFile(.payload(chunkIndex: 0))) == .damaged)
  }

  /// Signed by the right key, and spelled otherwise.
  @Test(arguments: [
    ("\nresult verified\n", "\nresult verified \n"), ("\nresult verified\n", "\nresult fine\n"),
    ("evidence-receipt/v1", "evidence-receipt/v2"), ("evidence-receipt/v1", "evidence-bundle/v1"),
    ("received 2023-05-26T09:30:00Z", "received 2023-05-26T09:30:00+00:00"),
    ("received 2023-05-26T09:30:00Z", "received 2023-02-30T09:30:00Z"), ("\ncheckpoint 2 ", "\ncheckpoint 02 "),
    ("\ncheckpoint 2 ", "\nnote x\ncheckpoint 2 "), ("\nsender ", "\nsender  "),
  ])
  func otherSpellingsAreRefused(_ old: String, _ new: String) throws {
    let text = try receipt().note.text.description
    try #require(text.contains(old))
    let other = try NoteText(text.replacing(old, with: new))
    let origin = try recipient.open().note.origin
    let note = try SignedNote(text: other, signatures: [recipient.signer.sign(other, for: .bundles, origin: origin)])
    #expect(throws: VaultError.self) { try Receipt(note.bytes) }
  }

  /// A card in a receipt vouches for itself alone, and a key for another purpose signs none.
  @Test func onlyTheBundleKeyOfTheCardSigns() throws {
    let receipt = try receipt()
    let origin = try recipient.open().note.origin
    for purpose in KeyPurpose.allCases where purpose != .bundles {
      let signature = try recipient.signer.sign(receipt.note.text, for: purpose, origin: origin)
      let note = try SignedNote(text: receipt.note.text, signatures: [signature])
      #expect(throws: VaultError.self, "\(purpose)") { try Receipt(note.bytes) }
      #expect(throws: VaultError.self, "\(purpose)") { try Receipt(receipt.note.adding(signature).bytes) }
    }
  }

  @Test func whatDoesNotFitTheIndexIsNotFiled() throws {
    try expect(.doesNotFit, signed { $0.bundle = String(repeating: "0", count: 32) })
    try expect(.otherSender, signed { $0.sender = try recipient.open().note.vaultKey })
    let head = try #require(receipt().verified?.head)
    try expect(.doesNotFit, signed { $0.head = try TreeHead(size: head.size, root: SHA256Hasher.digest(of: [])) })
    try expect(.doesNotFit, signed { $0.head = try sender.open().head().tree })
    try expect(
      .doesNotFit, signed { parts in parts.cosigned = try recipient.open().head().note })
    // The head before the one that was countersigned, which is in the index, too.
    let tree = try sender.open()
    let earlier = try tree.tree(tree.head().tree).head(ofSize: head.size - 1)
    try expect(.doesNotFit, signed { $0.head = earlier })
    // Without a countersignature, the index alone knows.
    try expect(
      .doesNotFit,
      signed {
        $0.head = try TreeHead(size: head.size, root: SHA256Hasher.digest(of: []))
        $0.cosigned = nil
      })
  }

  @Test func onlyWhoGotTheBundleAnswersIt() throws {
    let other = try VaultFixture()
    let (result, digest) = try examined()
    let receipt = try other.open().receipt(
      .verified(result.get(), isSenderKnown: true), sealed: digest, signer: other.signer
    ).receipt
    try expect(.unknownSigner(fingerprint: other.open().note.fingerprint), receipt)
    let card = try other.open().note
    _ = try sender.reader().addRecipient(
      "Other", recipientClass: "lawyer", keys: card.readers, verifierKey: card.vaultKey, comparison: .call,
      signer: sender.signer)
    try expect(.notSentTo(name: "Other"), receipt)
    _ = try sender.reader().revokeRecipient("Desk", reason: "lost", signer: sender.signer)
    try expect(.revoked(name: "Desk"), self.receipt())
  }

  /// What a recipient answers to fields that were revealed later is filed with the item, too.
  @Test func aSupplementIsAnsweredLikeABundle() throws {
    let reader = try sender.reader()
    let plan = try reader.planDisclosure(
      of: ["title"], in: 0, to: reader.recipient("Desk"), purpose: "", choice: DisclosureChoice())
    _ = try reader.export(plan, pages: [], to: sender.folder["more"], passphrase: nil, signer: sender.signer)
    let bytes = try #require(try Tree(of: sender.folder.path)["more"])
    let (result, digest) = try examined(bytes)
    let receipt = try recipient.open().receipt(
      .verified(result.get(), isSenderKnown: true), sealed: digest, signer: recipient.signer
    ).receipt
    #expect(try !sender.reader().file(receipt, signer: sender.signer).wasThere)
    #expect(try sender.reader().history(of: 0).map(\.event).suffix(2) == ["disclosed", "receipt"])
  }

  @Test func aCountersignatureThatCannotBeGivenIsLeftOut() throws {
    #expect(try receipt(isSenderKnown: false).verified?.cosigned == nil)
    let (result, digest) = try examined()
    let own = try sender.open().receipt(
      .verified(result.get(), isSenderKnown: true), sealed: digest, signer: sender.signer)
    #expect(own.lack == .refused(.ownHead) && own.receipt.verified?.cosigned == nil)
  }
}
