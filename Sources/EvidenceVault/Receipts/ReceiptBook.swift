public import StrictJSON

/// A bundle that was sent, and who has answered.
public struct SentBundle: Sendable {
  /// An answer to it.
  public struct Answer: Sendable {
    /// The entry of the receipt.
    public let entry: UInt64
    /// Who answered.
    public let recipient: String
    /// When it was received, on their clock.
    public let received: String
    /// What came of their check.
    public let result: String
  }

  /// The entry of the export or disclosure.
  public let entry: UInt64
  /// When that was.
  public let sent: String
  /// The random name of the bundle.
  public let bundle: String
  /// Whom it was sealed to.
  public let recipients: [String]
  /// The receipts, oldest first.
  public let answers: [Answer]

  /// Who has not answered.
  public var waitingFor: [String] {
    recipients.filter { name in !answers.contains { $0.recipient.utf8.elementsEqual(name.utf8) } }
  }

  /// The same for another program.
  public var json: JSONObject {
    let answers = answers.map { answer -> JSON in
      [
        "entry": .integer(Int64(clamping: answer.entry)), "recipient": .string(answer.recipient),
        "received": .string(answer.received), "result": .string(answer.result),
      ]
    }
    return [
      "entry": .integer(Int64(clamping: entry)), "sent": .string(sent), "bundle": .string(bundle),
      "recipients": .array(recipients.map { .string($0) }), "receipts": .array(answers),
      "waiting_for": .array(waitingFor.map { .string($0) }),
    ]
  }
}

extension VaultReader {
  /// Every bundle that was sent, with its receipts, in the order of entries.
  ///
  /// - Throws: as `custody`.
  public func sentBundles() throws(VaultError) -> [SentBundle] {
    let book = try custody()
    let receipts = book.events.filter { $0.kind == Self.receiptKind }
    return book.exports.map { event in
      let number = Int64(clamping: event.index)
      return SentBundle(
        entry: event.index, sent: event.added, bundle: event.eventFields["bundle"]?.stringValue ?? "",
        recipients: (event.eventFields["recipients"]?.arrayValue ?? []).compactMap(\.stringValue),
        answers: receipts.filter { $0.eventFields["export"]?.integerValue == number }.map(SentBundle.Answer.init))
    }
  }

  /// The receipt that an entry holds, as it was signed.
  ///
  /// - Throws: `VaultError.notAnItem` for an entry of another kind; as `record` and `Receipt.init`.
  public func receipt(at entry: UInt64) throws(VaultError) -> Receipt {
    let record = try record(at: entry)
    guard record.kind == Self.receiptKind else { throw .receipt(.malformed) }
    return try Receipt(Array((record.fields["text"]?.stringValue ?? "").utf8))
  }
}

extension SentBundle.Answer {
  fileprivate init(_ event: Summary) {
    entry = event.index
    recipient = event.eventFields["recipient"]?.stringValue ?? ""
    received = event.eventFields["received"]?.stringValue ?? ""
    result = event.eventFields["result"]?.stringValue ?? ""
  }
}
