public import Primitives
public import Streams

/// Files that list keys, one a line, with empty lines and `#` comments between, as `age-keygen` writes them; and
/// OpenSSH's files of one key.
public enum KeyFile {
  /// The longest identity file that is read, in bytes.
  public static let maximumByteCount = 65_536

  /// Reads an identity file, plain or itself sealed with a passphrase, which only then is asked for. It is in guarded
  /// memory alone, apart from what `source` may keep.
  ///
  /// - Throws: as `identities(in:)`; for a sealed file as `SealedFile.openSecret(with:)`; `StreamError.tooLong`, and
  ///   whatever `source` and `passphrase` throw.
  public static func identities(
    reading source: any ByteSource, passphrase: () throws -> Passphrase
  ) throws -> [Identity] {
    let text = try SecretBytes(reading: source, limit: maximumByteCount)
    guard isSealed(text) else { return try identities(in: text) }
    return try identities(in: SealedFile(reading: SecretSource(text)).openSecret(with: passphrase()))
  }

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
  /// - Throws: `AgeError.invalidRecipient`, `.unsupportedSSHKey`, both with the line.
  public static func recipients(in text: [UInt8]) throws(AgeError) -> [Recipient] {
    var recipients: [Recipient] = []
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      recipients.append(try recipient(line, number: index + 1))
    }
    return recipients
  }

  private static func recipient(_ line: ArraySlice<UInt8>, number: Int) throws(AgeError) -> Recipient {
    guard let text = String(validating: line, as: UTF8.self) else { throw .invalidRecipient(line: number) }
    do { return try Recipient(text) } catch .unsupportedSSHKey {
      throw .unsupportedSSHKey(line: number)
    } catch { throw .invalidRecipient(line: number) }
  }

  private static func isSealed(_ text: borrowing SecretBytes) -> Bool {
    ["age-encryption.org/", "-----BEGIN AGE"].contains { mark in
      let mark = Array(mark.utf8)
      guard text.count >= mark.count else { return false }
      for index in mark.indices where text[index] != mark[index] { return false }
      return true
    }
  }
}
