import Age
import DurableStore
@testable import EvidenceVault
import EvidenceReport
import StrictJSON
import TestFolders
import TransparencyLog

/// A vault that sends, and one that its bundles are sealed to.
final class ReceivingFixture {
  let sender: VaultFixture
  let recipient: VaultFixture
  private var sentCount = 0

  /// - Parameter sendingToItself: The recipient is a copy of the sender's vault.
  init(sendingToItself: Bool = false) throws {
    sender = try VaultFixture()
    recipient = try sendingToItself ? VaultFixture(copying: sender) : VaultFixture()
    let card = try recipient.open().note
    _ = try sender.reader().addRecipient(
      "Desk", recipientClass: "lawyer", keys: card.readers, verifierKey: card.vaultKey, comparison: .call,
      signer: sender.signer)
    guard !sendingToItself else { return }
    // Numbers differ between the two.
    try recipient.addDocument("Own", files: ["own.txt": "own"])
    for recipientClass in ["lawyer", "media"] {
      _ = try recipient.reader().addRecipient(
        recipientClass, recipientClass: recipientClass, keys: [sender.identity.recipient], verifierKey: nil,
        comparison: .call, signer: recipient.signer)
    }
  }

  var expected: ExpectedSender { get throws { .key(try sender.open().note.vaultKey) } }

  /// A bundle of the sender's, as a file; its path.
  func send(_ items: [UInt64], _ change: (inout DisclosureChoice) -> Void = { _ in }) throws -> String {
    var choice = DisclosureChoice()
    change(&choice)
    let reader = try sender.reader()
    return try send(
      reader.plan(items, for: .recipients([reader.recipient("Desk")]), purpose: "a test", choice: choice))
  }

  func send(_ plan: ExportPlan) throws -> String {
    sentCount += 1
    let path = sender.folder["sent-\(sentCount).age"]
    let reader = try sender.reader()
    _ = try reader.export(
      plan, pages: Pages.all(for: plan, with: nil, from: reader), to: path, passphrase: nil, signer: sender.signer)
    return path
  }

  @discardableResult
  func receive(_ paths: String..., from expected: ExpectedSender? = nil) throws -> ReceivedBundle {
    try recipient.reader().receive(paths, from: expected ?? self.expected, signer: recipient.signer)
  }

  /// Has the newest record of an item of the sender's name an item as that with which it has one consent, as no command
  /// does.
  func amend(_ item: UInt64, sameAs first: UInt64, more: JSONObject = [:]) throws {
    let vault = try sender.open()
    var fields: JSONObject = [
      "title": "Order", "document.kind": "other", "amends": .integer(Int64(item)),
      "consent.same_as": .integer(Int64(first)),
    ]
    for member in more.members { fields[member.name] = member.value }
    let sealer = try ObjectSealer(
      kind: "document", fields: Schema.named("document").validated(fields, fromProgram: true), sources: [],
      origin: vault.note.origin.description, environment: sender.environment)
    let batch = try ObjectBatch(in: vault.root.directory(Vault.incomingFolder), environment: sender.environment)
    defer { batch.discard() }
    _ = try vault.commit(
      batch.seal([sealer], to: vault.note.readers), expecting: vault.head().tree, signer: sender.signer)
  }

  /// What the recipient would hand on.
  func plan(
    _ items: [UInt64], for recipientClass: String = "lawyer", _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> ExportPlan {
    var choice = DisclosureChoice()
    change(&choice)
    let reader = try recipient.reader()
    return try reader.plan(
      items, for: .recipients([reader.recipient(recipientClass)]), purpose: "", choice: choice)
  }

  func refusals(_ body: () throws -> ExportPlan) throws -> [ConsentRefusal.Cause] {
    do {
      _ = try body()
      return []
    } catch VaultError.refusedByConsent(let refusals) {
      return refusals.map(\.cause)
    }
  }
}
