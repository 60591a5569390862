public import Primitives

/// A detached signature that `ssh-keygen -Y verify` checks, made with an Ed25519 key.
///
/// SSH lets several spellings pass: other kinds of keys, SHA-256, lines of any length, text around the armor. Here a
/// signature has one spelling, that of `ssh-keygen -Y sign`, so that nothing beside it is in the file.
///
/// Source: PROTOCOL.sshsig of OpenSSH; RFC 8709 section 6.
public struct SSHSignature: Hashable, Sendable {
  /// The largest file that is read, in bytes.
  public static let maximumByteCount = 4096

  /// The key that it says to be made with.
  public let key: SSHPublicKey
  /// What the signature is for: one made for one purpose is never taken for another.
  public let namespace: String
  /// The 64 bytes of RFC 8032.
  private let signature: [UInt8]

  /// Signs a message.
  ///
  /// - Precondition: `namespace` is neither empty nor longer than 255 bytes.
  public init(signing message: [UInt8], for namespace: String, with key: borrowing SigningKey) {
    precondition((1...Self.maximumNamespaceByteCount).contains(namespace.utf8.count), "SSHSignature: no namespace")
    self.key = SSHPublicKey(key.verifyingKey)
    self.namespace = namespace
    signature = key.signature(for: Self.signedBytes(message, namespace: namespace))
  }

  /// Reads a signature file.
  ///
  /// - Throws: `SSHSignatureError`.
  public init(_ file: [UInt8]) throws(SSHSignatureError) {
    guard file.count <= Self.maximumByteCount, let blob = Armor.blob(in: file) else { throw .malformedArmor }
    var reader = WireReader(blob)
    guard reader.skip(Self.magic), reader.number() == Self.version else { throw .malformed }
    guard let key = reader.string(), let namespace = reader.string(), let reserved = reader.string(),
      let hash = reader.string(), let signature = reader.string(), reader.isAtEnd
    else { throw .malformed }
    guard reserved.isEmpty, !namespace.isEmpty, namespace.count <= Self.maximumNamespaceByteCount,
      let name = String(validating: namespace, as: UTF8.self)
    else { throw .malformed }
    guard hash == Self.hashName, let key = SSHPublicKey(wire: key) else { throw .unsupported }
    var inner = WireReader(signature)
    guard inner.string() == Array(SSHPublicKey.type.utf8), let bytes = inner.string(), inner.isAtEnd,
      bytes.count == VerifyingKey.signatureByteCount
    else { throw .malformed }
    (self.key, self.namespace, self.signature) = (key, name, bytes)
  }

  /// The file, as `ssh-keygen -Y sign` writes it.
  public var file: [UInt8] {
    let inner = WireWriter.string(Array(SSHPublicKey.type.utf8)) + WireWriter.string(signature)
    var blob = Self.magic + WireWriter.number(Self.version)
    for field in [key.wire, Array(namespace.utf8), [], Self.hashName, inner] { blob += WireWriter.string(field) }
    return Armor.file(of: blob)
  }

  /// Whether its key signed `message` for its namespace. Whose key that is, the caller has to know.
  public func isValid(for message: [UInt8]) -> Bool {
    key.key.isValid(signature, for: Self.signedBytes(message, namespace: namespace))
  }

  private static let magic = Array("SSHSIG".utf8)
  private static let version = 1
  private static let hashName = Array("sha512".utf8)
  private static let maximumNamespaceByteCount = 255

  /// What the key signs: the digest of the message, and what it is for.
  private static func signedBytes(_ message: [UInt8], namespace: String) -> [UInt8] {
    let digest = MessageHash.sha512.digest(of: message)
    return [Array(namespace.utf8), [], hashName, digest].reduce(magic) { $0 + WireWriter.string($1) }
  }
}

/// Why a file is not taken for a signature.
public enum SSHSignatureError: Error, Hashable, Sendable {
  /// The text around the signature, or its base64, is not as `ssh-keygen` writes it.
  case malformedArmor
  /// What is in it is no signature of version 1.
  case malformed
  /// It is by another kind of key than Ed25519, or over another hash than SHA-512.
  case unsupported
}

/// The text form: 70 characters of base64 a line.
private enum Armor {
  private static let begin = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
  private static let end = Array("-----END SSH SIGNATURE-----\n".utf8)
  private static let columnCount = 70

  static func file(of blob: [UInt8]) -> [UInt8] {
    let text = Array(Base64.padded.encode(blob).utf8)
    var file = begin
    for start in stride(from: 0, to: text.count, by: columnCount) {
      file += text[start..<min(start + columnCount, text.count)] + [UInt8(ascii: "\n")]
    }
    return file + end
  }

  /// What is in a file; `nil` unless the file is the one that `file(of:)` makes of it.
  static func blob(in file: [UInt8]) -> [UInt8]? {
    guard file.count >= begin.count + end.count, file.starts(with: begin) else { return nil }
    let text = file.dropFirst(begin.count).dropLast(end.count).filter { $0 != UInt8(ascii: "\n") }
    guard let blob = Base64.padded.decode(text), self.file(of: blob) == file else { return nil }
    return blob
  }
}
