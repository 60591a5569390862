/// An Ed25519 key as SSH spells it: the line in a `.pub` file. Other kinds of SSH keys are not taken.
///
/// Source: RFC 8709 section 4; RFC 4253 section 6.6.
public struct SSHPublicKey: Hashable, Sendable {
  /// The name of the kind of key.
  public static let type = "ssh-ed25519"

  /// The key itself.
  public let key: VerifyingKey

  /// Spells a key as SSH does.
  public init(_ key: VerifyingKey) { self.key = key }

  /// Reads `ssh-ed25519 AAAA…`, with or without a comment behind it. `nil` for everything else, a key that is not in
  /// the prime-order group included.
  public init?(line: [UInt8]) {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[0].elementsEqual(Self.type.utf8), line.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }),
      let wire = Base64.padded.decode(words[1])
    else { return nil }
    self.init(wire: wire)
  }

  /// Reads the key as SSH sends it; `nil` for everything else.
  public init?(wire: [UInt8]) {
    guard wire.starts(with: Self.wirePrefix), let key = try? VerifyingKey(wire.dropFirst(Self.wirePrefix.count)) else {
      return nil
    }
    self.key = key
  }

  /// Whether the line starts as one with an SSH key of a kind that is not taken, such as `ssh-rsa`.
  public static func isOfAnotherKind(line: [UInt8]) -> Bool {
    let kind = line.prefix { $0 > 0x20 }
    return !kind.elementsEqual(type.utf8) && ["ssh-", "ecdsa-sha2-", "sk-"].contains { kind.starts(with: $0.utf8) }
  }

  /// What stands before the 32 bytes of the key: its type, and that they are 32.
  private static let wirePrefix =
    [0, 0, 0, UInt8(type.utf8.count)] + Array(type.utf8) + [0, 0, 0, UInt8(VerifyingKey.byteCount)]

  /// The key as SSH sends it, 51 bytes: type and key, each behind its length in four bytes, big-endian.
  public var wire: [UInt8] { Self.wirePrefix + key.bytes }

  /// The line without a comment: one spelling for each key.
  public var line: String { "\(Self.type) \(Base64.padded.encode(wire))" }

  /// The key as `ssh-keygen -l` names it.
  public var fingerprint: String { "SHA256:\(Base64.unpadded.encode(SHA256Hasher.digest(of: wire).bytes))" }
}
