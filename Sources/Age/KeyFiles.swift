public import Primitives

/// Files that list keys, one a line, with empty lines and `#` comments between, as `age-keygen` writes them; and
/// OpenSSH's files of one key.
public enum KeyFile {
  /// The longest identity file that is read, in bytes.
  public static let maximumByteCount = 1 << 20

  /// Reads the identities of a file held in guarded memory.
  ///
  /// - Throws: `AgeError.invalidIdentity` with the line, also when the file has no identity at all; `.encryptedSSHKey`,
  ///   `.unsupportedSSHKey`.
  public static func identities(in text: borrowing SecretBytes) throws(AgeError) -> [Identity] {
    if SSHKeyFile.begins(text) { return [try Identity(sshKeyFile: text)] }
    var identities: [Identity] = []
    var line = 0
    var start = 0
    while start < text.count {
      line += 1
      var end = start
      while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }  // not secret: where a line ends
      let next = end + 1
      if end > start, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }  // not secret: how it ends
      if end > start, text[start] != UInt8(ascii: "#") {
        guard let identity = Identity(text, in: start..<end) else { throw .invalidIdentity(line: line) }
        identities.append(identity)
      }
      start = next
    }
    guard !identities.isEmpty else { throw .invalidIdentity(line: line) }
    return identities
  }

  /// Reads the recipients of a file.
  ///
  /// - Throws: `AgeError.invalidRecipient`; `.unsupportedSSHKey` with the line.
  public static func recipients(in text: [UInt8]) throws(AgeError) -> [Recipient] {
    var recipients: [Recipient] = []
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      guard !SSHPublicKey.isOfAnotherKind(line: Array(line)) else { throw .unsupportedSSHKey(line: index + 1) }
      guard let text = String(validating: line, as: UTF8.self) else { throw .invalidRecipient }
      recipients.append(try Recipient(text))
    }
    return recipients
  }
}
