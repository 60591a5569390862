public import Age
internal import Streams
public import StrictJSON

/// The readers that a vault has now: those of a card that fits the index, and what this machine has seen of it. A card
/// that somebody put in its place has readers of their own.
public struct CheckedReaders: Sendable {
  let readers: [Recipient]
  let options: SealingOptions

  /// Checks the head of the vault, and its card with it.
  ///
  /// - Throws: as `Vault.head()`.
  public init(of vault: Vault) throws(VaultError) {
    _ = try vault.head()
    readers = vault.note.readers
    options = vault.environment.sealingOptions
  }
}

/// Answers of a form that is not done. What is kept of them is sealed.
public struct FormDraft: Sendable {
  private static let version: Int64 = 1
  private static let maximumByteCount = 16 << 20

  /// The kind of record.
  public let kind: String
  /// The answers so far.
  public var fields: JSONObject
  /// The name of the field that is asked for next; empty behind the last one.
  public var next: String

  /// Starts a form.
  public init(kind: String, fields: JSONObject = [:], next: String = "") {
    self.kind = kind
    self.fields = fields
    self.next = next
  }

  private var bytes: [UInt8] {
    let json: JSONObject = [
      "evidence-draft": .integer(Self.version), "kind": .string(kind), "next": .string(next),
      "fields": .object(fields),
    ]
    return json.serialized()
  }

  /// The draft, sealed to the readers of a vault.
  public func sealed(for readers: CheckedReaders) throws(VaultError) -> [UInt8] {
    do { return try Sealing.seal(bytes, for: readers.readers, options: readers.options) } catch {
      throw VaultError(error)
    }
  }

  /// The draft, sealed with a passphrase.
  public func sealed(with passphrase: borrowing Passphrase) throws(VaultError) -> [UInt8] {
    do { return try Sealing.seal(bytes, with: passphrase) } catch { throw VaultError(error) }
  }

  /// Opens what was sealed to keys.
  ///
  /// - Throws: `VaultError.sealedFile`, `.invalidRecord`.
  public init(_ sealed: [UInt8], with identities: [Identity]) throws(VaultError) {
    do {
      let sink = MemorySink(limit: Self.maximumByteCount)
      try SealedFile(sealed).open(with: identities, to: sink)
      try self.init(opened: sink.bytes)
    } catch { throw VaultError(error) }
  }

  /// Opens what was sealed with a passphrase.
  ///
  /// - Throws: `VaultError.sealedFile`, `.invalidRecord`.
  public init(_ sealed: [UInt8], with passphrase: borrowing Passphrase) throws(VaultError) {
    do {
      let sink = MemorySink(limit: Self.maximumByteCount)
      try SealedFile(sealed).open(with: passphrase, to: sink)
      try self.init(opened: sink.bytes)
    } catch { throw VaultError(error) }
  }

  /// Whether a sealed draft opens with a passphrase, rather than a key.
  public static func needsPassphrase(_ sealed: [UInt8]) throws(VaultError) -> Bool {
    do { return try SealedFile(sealed).needsPassphrase } catch { throw VaultError(error) }
  }

  private init(opened bytes: [UInt8]) throws {
    let json = try JSON.parse(bytes)
    guard json["evidence-draft"]?.integerValue == Self.version, let kind = json["kind"]?.stringValue,
      let next = json["next"]?.stringValue, let fields = json["fields"]?.objectValue
    else { throw VaultError.invalidRecord(nil) }
    self.init(kind: kind, fields: fields, next: next)
  }
}
