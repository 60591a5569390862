public import Age
public import Primitives
public import TransparencyLog

/// `bundle.note`: what the sender signs. It names the recipients, so that a bundle that was passed on or wrapped again
/// cannot be taken for one that was sent to somebody else.
///
/// Source: FORMAT section 7.
public struct BundleNote: Hashable, Sendable {
  static let firstLine = "evidence-bundle/v1"
  private static let formatName = "evidence-bundle/"
  static let passphraseRecipient = "passphrase"
  static let identifierByteCount = 16

  /// The index that the items are in.
  public let origin: NoteLine
  /// A random name: 32 hexadecimal digits.
  public let identifier: String
  /// When it was made, on the sender's clock.
  public let created: String
  /// What it is for, in the sender's words.
  public let purpose: String
  /// SHA-256 of each age recipient as text, in hexadecimal digits, sorted; or the one word `passphrase`.
  public let recipients: [String]
  /// The head that the proofs lead to.
  public let head: TreeHead
  /// SHA-256 of the tag manifest.
  public let tagManifest: Digest

  var text: String {
    var lines = [
      Self.firstLine, "origin \(origin)", "bundle \(identifier)", "created \(created)", "purpose \(purpose)",
    ]
    lines += recipients.map { "recipient \($0)" }
    lines += ["checkpoint \(head.size) \(head.root.hex)", "tagmanifest \(tagManifest.hex)"]
    return lines.joined(separator: "\n") + "\n"
  }

  init(
    origin: NoteLine, identifier: String, created: String, purpose: String, recipients: [String], head: TreeHead,
    tagManifest: Digest
  ) {
    self.origin = origin
    self.identifier = identifier
    self.created = created
    self.purpose = purpose
    self.recipients = recipients
    self.head = head
    self.tagManifest = tagManifest
  }

  /// Reads the text of a note.
  ///
  /// - Throws: `VaultError.bundle`.
  init(_ text: NoteText) throws(VaultError) {
    guard let note = try Self.parse(text), note.text.utf8.elementsEqual(text.bytes) else {
      throw .bundle(.malformedFile(Bag.note.text))
    }
    self = note
  }

  private static func parse(_ text: NoteText) throws(VaultError) -> BundleNote? {
    var lines = text.bytes.split(separator: UInt8(ascii: "\n")).compactMap { String(validating: $0, as: UTF8.self) }[
      ...]
    guard let first = lines.popFirst() else { return nil }
    guard first == firstLine else {
      guard first.utf8.starts(with: formatName.utf8) else { return nil }
      throw .bundle(.newerFormat(found: first))
    }
    func value(_ name: String) -> String? {
      guard let line = lines.first?.utf8, line.starts(with: "\(name) ".utf8) else { return nil }
      lines = lines.dropFirst()
      return String(decoding: line.dropFirst(name.utf8.count + 1), as: UTF8.self)
    }
    guard let origin = value("origin").flatMap({ try? NoteLine($0) }), let identifier = value("bundle"),
      let created = value("created"), let purpose = value("purpose")
    else { return nil }
    var recipients: [String] = []
    while let recipient = value("recipient") { recipients.append(recipient) }
    guard let head = value("checkpoint").flatMap(parseHead), let tagManifest = value("tagmanifest"),
      let tagManifest = Digest(hex: tagManifest), lines.isEmpty, areNames(recipients),
      Hex.decode(Array(identifier.utf8))?.count == identifierByteCount
    else { return nil }
    return BundleNote(
      origin: origin, identifier: identifier, created: created, purpose: purpose, recipients: recipients, head: head,
      tagManifest: tagManifest)
  }

  /// Digests, sorted, each once; or the one word for a passphrase.
  private static func areNames(_ recipients: [String]) -> Bool {
    if recipients == [passphraseRecipient] { return true }
    let isAscending = zip(recipients, recipients.dropFirst()).allSatisfy { $0 < $1 }
    return !recipients.isEmpty && isAscending && recipients.allSatisfy { Digest(hex: $0) != nil }
  }

  static func parseHead(_ text: String) -> TreeHead? {
    let words = text.split(separator: " ")
    guard words.count == 2, let size = UInt64(words[0]), let root = Digest(hex: words[1]) else { return nil }
    return try? TreeHead(size: size, root: root)
  }

  /// How a recipient is named in a note: not by the key itself, which is long.
  public static func name(of recipient: Recipient) -> String {
    SHA256Hasher.digest(of: recipient.description.utf8).hex
  }
}
