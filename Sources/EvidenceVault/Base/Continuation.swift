internal import Primitives
public import TransparencyLog

/// That a vault goes on, under a new origin, from what it was under an old one: from a restored copy, or with other
/// signing keys.
///
/// A log must never sign two histories. What is signed after a restoration therefore has another name, and the old name
/// stays with the history that ended. Keys belong to a name, and so do those that followed others.
///
/// Source: FORMAT section 3.
public struct Continuation: Hashable, Sendable {
  static let mark = "continues"
  /// The most of them in one note.
  static let maximumCount = 64

  /// The old origin.
  public let origin: NoteLine
  /// The head of the restored copy: these entries were kept.
  public let kept: TreeHead
  /// The last head known of the old origin: what was added after `kept` was given up.
  public let lastSeen: TreeHead
  /// That the signing keys were replaced when the old name ended.
  var replacement: KeyReplacement?

  /// Joins the two heads.
  ///
  /// - Throws: `VaultError.damaged` if less was seen than kept, or another head of the same size.
  init(origin: NoteLine, kept: TreeHead, lastSeen: TreeHead) throws {
    guard kept.size < lastSeen.size || kept == lastSeen else { throw VaultNote.malformed }
    self.origin = origin
    self.kept = kept
    self.lastSeen = lastSeen
  }

  /// Reads the value of a line: origin, size and root (hex) of both heads.
  init(_ value: String) throws {
    let parts = value.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5 else { throw VaultNote.malformed }
    try self.init(
      origin: NoteLine(parts[0]), kept: Self.head(parts[1], parts[2]), lastSeen: Self.head(parts[3], parts[4]))
  }

  /// The line in the note, without line feed.
  var line: String { "\(Self.mark) \(origin) \(Self.text(kept)) \(Self.text(lastSeen))" }

  /// Whether the signing keys were replaced, and no older copy was restored.
  public var isKeyReplacement: Bool { replacement != nil }
  /// Up to how many entries what was signed under the old name is trusted.
  public var trustedSize: UInt64 { replacement?.trustedSize ?? kept.size }

  /// Whether the old index had this size after the entries that were kept.
  func isGivenUp(_ size: UInt64) -> Bool { size > kept.size && size <= lastSeen.size }

  private static func text(_ head: TreeHead) -> String { "\(head.size) \(head.root.hex)" }

  private static func head(_ size: String, _ root: String) throws -> TreeHead {
    guard let number = UInt64(size), size.utf8.elementsEqual(String(number).utf8), let root = Digest(hex: root) else {
      throw VaultNote.malformed
    }
    return try TreeHead(size: number, root: root)
  }
}

extension Vault {
  /// Requires that the note has room for one more origin.
  ///
  /// - Throws: `VaultError.originsUsedUp`.
  public func requireAnotherOrigin() throws(VaultError) {
    guard note.continuations.count < Continuation.maximumCount else {
      throw .originsUsedUp(count: note.continuations.count)
    }
  }
}

extension VaultNote {
  /// The name under which an entry was signed: the origin of the vault at that time.
  func origin(ofEntry index: UInt64) -> NoteLine { origin(ofEntry: index, under: origin) }

  /// The same, as it was when the vault had another origin: what was given up since was part of the index then.
  func origin(ofEntry index: UInt64, under origin: NoteLine) -> NoteLine {
    continuations.prefix { $0.origin != origin }.first { index < $0.kept.size }?.origin ?? origin
  }

  /// The key that signs checkpoints of the log named `origin`: the one that it had, or, of a name that this note does
  /// not know, the present one; `nil` if no key can be called that.
  func checkpointKey(of origin: NoteLine) -> VerifierKey? {
    if let known = key(.checkpoints, of: origin) { return known }
    return (try? VaultNote.name(.checkpoints, origin: origin)).map { VerifierKey(name: $0, key: key(.checkpoints).key) }
  }
}
