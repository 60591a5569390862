internal import Primitives
internal import StrictJSON
public import TransparencyLog

/// A receipt in the index.
public struct FiledReceipt: Sendable {
  /// The entry that holds it.
  public let entry: UInt64
  /// Whose it is, as this vault calls them.
  public let recipient: String
  /// The entry of the export or disclosure that it answers.
  public let export: UInt64
  /// The receipt.
  public let receipt: Receipt
  /// Whether it was there before.
  public let wasThere: Bool
  /// The countersignatures of the head that came with it, which are kept beside the index.
  public let cosignatures: [Cosignature]
}

extension VaultReader {
  static let receiptKind = "receipt"

  /// Files the answer of a recipient: as an entry that is part of the history of every item of the bundle, and, if it
  /// came with a countersignature, among those that `Vault.keep` keeps. What was filed before is not filed twice.
  ///
  /// - Throws: `VaultError.receipt`; `.grownMeanwhile` if another process added entries: read again then.
  ///
  /// Source: FORMAT section 13.
  public func file(_ receipt: Receipt, signer: VaultSigner) throws(VaultError) -> FiledReceipt {
    let (export, recipient) = try answered(by: receipt)
    try requireOwnHead(receipt, export: export)
    let text = String(decoding: receipt.note.bytes, as: UTF8.self)
    let earlier = try custody().events.first { event in
      event.kind == Self.receiptKind && event.eventFields["text"]?.stringValue?.utf8.elementsEqual(text.utf8) == true
    }
    do {
      // First, since it is worth something by itself: the entry is what makes the receipt filed.
      let cosignatures = try keepCosignature(of: receipt)
      var entry = earlier?.index
      if entry == nil {
        let fields = fields(of: receipt, text: text, export: export, recipient: recipient.name)
        entry = try vault.addEvents(Self.receiptKind, [fields], after: head.tree, signer: signer).indices.lowerBound
      }
      return FiledReceipt(
        entry: entry ?? 0, recipient: recipient.name, export: export.index, receipt: receipt,
        wasThere: earlier != nil, cosignatures: cosignatures)
    } catch {
      throw VaultError(error)
    }
  }

  /// The entry of the bundle that a receipt is about, and whose answer it is.
  private func answered(by receipt: Receipt) throws(VaultError) -> (export: Summary, recipient: KnownRecipient) {
    let book = try recipients()
    let holders = book.filter { $0.hasKey(of: receipt.card) }
    if holders.isEmpty, book.contains(where: { $0.hadKey(of: receipt.card) }) {
      throw .signingKey(.senderReplaced(words: receipt.card.fingerprint, promise: .unknown))
    }
    guard let named = holders.last else { throw .receipt(.unknownSigner(fingerprint: receipt.card.fingerprint)) }
    if let verified = receipt.verified, !vault.note.vaultKeys.contains(verified.sender.key) {
      throw .receipt(.otherSender)
    }
    let export = try custody().exports.last { event in
      event.eventFields["bundle_sha256"]?.stringValue?.utf8.elementsEqual(receipt.sealed.hex.utf8) == true
    }
    guard let export else { throw .receipt(.notExported) }
    let recipient = holders.last { holder in
      holder.index < export.index && export.names("recipients", holder.name)
        && (holder.revokedBy ?? .max) > export.index
    }
    guard let recipient else { throw .receipt(.notSentTo(name: named.name)) }
    guard recipient.revokedBy == nil else { throw .receipt(.revoked(name: recipient.name)) }
    return (export, recipient)
  }

  /// What a receipt says of the bundle has to be what this vault knows of it.
  private func requireOwnHead(_ receipt: Receipt, export: Summary) throws(VaultError) {
    guard let verified = receipt.verified else { return }
    guard export.eventFields["bundle"]?.stringValue?.utf8.elementsEqual(verified.bundle.utf8) == true,
      verified.head.size <= export.index,
      (try? vault.tree(head.tree).head(ofSize: verified.head.size)) == verified.head
    else { throw .receipt(.doesNotFit) }
    guard let cosigned = verified.cosigned else { return }
    guard (try? Checkpoint(cosigned.text).head) == verified.head,
      (try? cosigned.cosignatures(by: [receipt.card.witnessKey]))?.isEmpty == false
    else { throw .receipt(.doesNotFit) }
  }

  /// A head that was signed under the origin of before a restoration is proof in the receipt alone.
  private func keepCosignature(of receipt: Receipt) throws(VaultError) -> [Cosignature] {
    guard let cosigned = receipt.verified?.cosigned,
      (try? Checkpoint(cosigned.text).origin) == vault.note.origin
    else { return [] }
    return try vault.keep(cosigned, by: [receipt.card.witnessKey])
  }

  private func fields(of receipt: Receipt, text: String, export: Summary, recipient: String) -> JSONObject {
    var fields: JSONObject = [
      "recipient": .string(recipient), "export": .integer(Int64(clamping: export.index)),
      "items": .array(CustodyBook.items(of: export).map { .integer(Int64(clamping: $0)) }),
      "bundle": export.eventFields["bundle"] ?? .string(""), "received": .string(receipt.received.description),
      "result": .string(receipt.outcome.word),
    ]
    if case .refused(let refusal) = receipt.outcome { fields["refusal"] = .string(refusal.rawValue) }
    if let verified = receipt.verified {
      fields["head_entries"] = .integer(Int64(clamping: verified.head.size))
      fields["countersigned"] = .bool(verified.cosigned != nil)
    }
    fields["text"] = .string(text)
    return fields
  }
}

extension KnownRecipient {
  /// Whether this is who has a card: by its vault key alone, since the name of a key follows an origin that can change.
  func hasKey(of card: VaultNote) -> Bool {
    verifierKey.flatMap { try? VerifierKey($0) }?.key == card.vaultKey.key
  }

  /// Whether the key that is known is one that the card replaced.
  func hadKey(of card: VaultNote) -> Bool {
    verifierKey.flatMap { try? VerifierKey($0) }.map { card.vaultKeys.dropLast().contains($0.key) } ?? false
  }
}
