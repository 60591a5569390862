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
      guard first.hasPrefix(formatName) else { return nil }
      throw .bundle(.newerFormat(found: first))
    }
    func value(_ name: String) -> String? {
      guard let line = lines.first, line.hasPrefix("\(name) ") else { return nil }
      lines = lines.dropFirst()
      return String(line.dropFirst(name.count + 1))
    }
    guard let origin = value("origin").flatMap({ try? NoteLine($0) }), let identifier = value("bundle"),
      let created = value("created"), let purpose = value("purpose")
    else { return nil }
    var recipients: [String] = []
    while let recipient = value("recipient") { recipients.append(recipient) }
    guard let head = value("checkpoint").flatMap(parseHead), let tagManifest = value("tagmanifest"),
      let tagManifest = Digest(hex: tagManifest), lines.isEmpty, recipients == recipients.sorted()
    else { return nil }
    return BundleNote(
      origin: origin, identifier: identifier, created: created, purpose: purpose, recipients: recipients, head: head,
      tagManifest: tagManifest)
  }

  private static func parseHead(_ text: String) -> TreeHead? {
    let words = text.split(separator: " ")
    guard words.count == 2, let size = UInt64(words[0]), let root = Digest(hex: words[1]) else { return nil }
    return try? TreeHead(size: size, root: root)
  }

  /// How a recipient is named in a note: not by the key itself, which is long.
  public static func name(of recipient: Recipient) -> String {
    SHA256Hasher.digest(of: recipient.description.utf8).hex
  }
}
