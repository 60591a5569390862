internal import Primitives
internal import StrictJSON
public import TransparencyLog

/// An intake vault that this vault made.
public struct KnownIntake: Sendable {
  /// Up to where one that was revoked is trusted.
  public struct Revocation: Hashable, Sendable {
    /// The entry that says so.
    public let entry: UInt64
    /// The last head that is trusted, a number and eight words; `nil` if nothing more of it is collected.
    public let trustedHead: String?
  }

  /// The name this vault gives it.
  public let name: String
  /// The key by which it was made known.
  public let verifierKey: VerifierKey
  /// The keys that it had when something was collected, oldest first, if it replaced that one.
  var followedKeys: [VerifierKey] = []
  /// The entry that made it known.
  public let index: UInt64
  /// When that was.
  public let made: String
  /// The entry by which it is not trusted any more, if one is.
  public internal(set) var revocation: Revocation?
  /// How many of its entries were collected or passed over so far.
  public internal(set) var collectedCount: UInt64 = 0
  /// The heads it had when something was collected, as they were signed, oldest first.
  var collectedHeads: [SignedNote] = []
  /// The one when something was collected last; `nil` before the first time.
  var collectedHead: SignedNote? { collectedHeads.last }

  /// The key that signs what it is, as far as is known.
  var presentKey: VerifierKey { followedKeys.last ?? verifierKey }
  /// All its keys that are known.
  var keys: [VerifierKey] { [verifierKey] + followedKeys }
  /// What people compare.
  public var presentFingerprint: KeyFingerprint { KeyFingerprint(presentKey) }
  /// The same, of the key by which it was made known.
  public var fingerprint: KeyFingerprint { KeyFingerprint(verifierKey) }
}

enum IntakeEvent {
  static let made = "intake"
  static let revoked = "intake_revoked"
  static let collection = "collection"
  /// The key that the vault had when it was collected, if it is not the one by which it was made known.
  static let followedKey = "followed_key"
}

extension VaultReader {
  /// All intake vaults that were made here, in the order of entries. What a key signed that was seized makes none, and
  /// brought in nothing.
  ///
  /// - Throws: as `custody`.
  public func intakes() throws(VaultError) -> [KnownIntake] {
    var book: [KnownIntake] = []
    for event in try custody().events {
      let text = event.eventFields["verifying_key"]?.stringValue
      guard let key = text.flatMap({ try? VerifierKey($0) }),
        event.kind == IntakeEvent.revoked || vault.note.isTrusted(event.index)
      else { continue }
      switch event.kind {
      case IntakeEvent.made:
        book.append(KnownIntake(name: event.title, verifierKey: key, index: event.index, made: event.added))
      case IntakeEvent.revoked, IntakeEvent.collection:
        for place in book.indices where book[place].verifierKey.key == key.key { book[place].note(event) }
      default: continue
      }
    }
    return book
  }

  /// The intake vault of that name; one in use before one that was revoked.
  ///
  /// - Throws: `VaultError.intake(.unknownName)`.
  public func intake(_ name: String) throws(VaultError) -> KnownIntake {
    let book = try intakes()
    let named = book.filter { $0.name.utf8.elementsEqual(name.utf8) }
    if let intake = named.last(where: { $0.revocation == nil }) ?? named.last { return intake }
    throw .intake(.unknownName(name: name, nearest: nearestName(to: name, among: book.map(\.name))))
  }

  /// Enters that an intake vault is not trusted any more: nothing more of it is collected, or nothing behind a head
  /// that its owner still knew.
  ///
  /// - Parameter trustedHead: A number and eight words, as they are typed; `nil` if nothing more is trusted.
  /// - Throws: `VaultError.intake`; as `Vault.add`.
  public func revokeIntake(
    _ name: String, reason: String, trustedHead: String?, signer: VaultSigner
  ) throws(VaultError) -> UInt64 {
    let intake = try intake(name)
    guard intake.revocation == nil else { throw .intake(.alreadyRevoked(name: name)) }
    var fields: JSONObject = [
      "name": .string(name), "verifying_key": .string(intake.verifierKey.description), "reason": .string(reason),
    ]
    if let trustedHead {
      guard case .words(let size, let words)? = try? ExpectedHead.typed(trustedHead) else {
        throw .intake(.noHead(trustedHead))
      }
      fields["trusted_head"] = .string("\(size) \(words)")
    }
    do { return try vault.addEvent(IntakeEvent.revoked, fields, signer: signer).index } catch {
      throw VaultError(error)
    }
  }
}

extension KnownIntake {
  /// Takes what a later event says of it.
  fileprivate mutating func note(_ event: Summary) {
    if event.kind == IntakeEvent.revoked {
      revocation = Revocation(entry: event.index, trustedHead: event.eventFields["trusted_head"]?.stringValue)
      return
    }
    collectedCount = event.eventFields["entries"]?.unsignedValue ?? collectedCount
    if let key = event.eventFields[IntakeEvent.followedKey]?.stringValue.flatMap({ try? VerifierKey($0) }) {
      followedKeys.append(key)
    }
    if let text = event.eventFields["checkpoint"]?.stringValue, let note = try? SignedNote(Array(text.utf8)) {
      collectedHeads.append(note)
    }
  }
}
