import Primitives

@testable import Age

extension FuzzTarget {
  /// Text that is decoded is the only spelling of its bytes, in lower case as in upper case.
  static let ageBech32 = FuzzTarget("age-bech32", seeds: { AgeSeeds.keyTexts }) { input throws(PropertyFailure) in
    for text in [input, Bech32Checksum.repaired(input)] {
      guard let end = text.lastIndex(of: UInt8(ascii: "1")),
        let prefix = String(validating: text[..<end], as: UTF8.self)
      else { continue }
      if let bytes = Bech32.decode(text, prefix: prefix) {
        try require(Array(Bech32.encode(bytes, prefix: prefix).utf8) == text, "decoded text is the one spelling")
        try require(bytes.count <= text.count * 5 / 8, "no more bytes than letters hold")
      }
      if let bytes = Bech32.decodeSecret(secret(text), in: text.indices, prefix: prefix) {
        try require(revealed(Bech32.encodeSecret(bytes, prefix: prefix)) == text, "a secret has one spelling")
      }
    }
    let text = Bech32.encode(input, prefix: "age")
    try require(Bech32.decode(Array(text.utf8), prefix: "age") == input, "encoded bytes come back")
  }

  /// The identities of a file are its lines, comments and empty ones left out; an OpenSSH file has one.
  static let ageIdentities = FuzzTarget("age-identities", sampleCount: 800, seeds: { AgeSeeds.identityFiles }) {
    input throws(PropertyFailure) in
    for text in [input, Bech32Checksum.repairedLines(input)] {
      guard let identities = accepted({ try KeyFile.identities(in: secret(text)) }) else { continue }
      let spelled = identities.map { revealed($0.encoded()) }
      if SSHKeyFile.begins(secret(text)) {
        try require(spelled.count == 1, "an OpenSSH file has one identity")
      } else {
        try require(spelled == keyLines(text), "an identity is spelled as its line")
      }
    }
  }

  /// The recipients of a file are its lines, comments and empty ones left out.
  static let ageRecipients = FuzzTarget("age-recipients", sampleCount: 800, seeds: { AgeSeeds.recipientFiles }) {
    input throws(PropertyFailure) in
    for text in [input, Bech32Checksum.repairedLines(input)] {
      guard let recipients = accepted({ try KeyFile.recipients(in: text) }) else { continue }
      let spelled = recipients.map { Array($0.description.utf8) }
      try require(spelled == keyLines(text).map(withoutSSHComment), "a recipient is spelled as its line")
    }
  }

  /// An SSH key is spelled as its line, which may go on with a comment.
  static let ageSSHRecipient = FuzzTarget("age-ssh-recipient", seeds: { AgeSeeds.sshLines }) {
    input throws(PropertyFailure) in
    guard let text = String(validating: input, as: UTF8.self), let recipient = accepted({ try Recipient(text) }),
      recipient.isSSH
    else { return }
    let spelled = Array(recipient.description.utf8)
    try require(withoutSSHComment(input) == spelled, "a key is spelled as its line")
    try require(accepted { try Recipient(recipient.description) } == recipient, "and read from it again")
  }

  /// Whatever file a key came from, the file made of it holds the same key, and is the only such file. The input is
  /// taken as the file, and as what the base64 in it stands for.
  static let ageSSHKey = FuzzTarget("age-ssh-key", seeds: { AgeSeeds.sshKeyFiles }) { input throws(PropertyFailure) in
    for text in [input, AgeSeeds.pem(input)] {
      guard let identity = accepted({ try Identity(sshKeyFile: secret(text)) }) else { continue }
      let file = revealed(identity.encoded())
      guard let again = accepted({ try Identity(sshKeyFile: secret(file)) }) else {
        throw PropertyFailure(description: "what is written is read again")
      }
      try require(again.recipient == identity.recipient, "as the same key")
      try require(revealed(again.encoded()) == file, "which has one file")
    }
  }

  private static func withoutSSHComment(_ line: [UInt8]) -> [UInt8] {
    guard line.starts(with: "ssh-".utf8) else { return line }
    return Array(
      line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).prefix(2).joined(separator: [0x20]))
  }

  private static func keyLines(_ text: [UInt8]) -> [[UInt8]] {
    text.split(separator: UInt8(ascii: "\n"))
      .map { Array($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }
      .filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
  }
}

func secret(_ bytes: [UInt8]) -> SecretBytes {
  SecretBytes(count: bytes.count) { span in
    for index in bytes.indices { span[index] = bytes[index] }
  }
}

func revealed(_ secret: borrowing SecretBytes) -> [UInt8] {
  secret.withSpan { span in span.indices.map { span[$0] } }
}

/// The checksum of BIP 173 once more: with it corrected, changed text reaches the rules behind it.
enum Bech32Checksum {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

  static func repairedLines(_ text: [UInt8]) -> [UInt8] {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return Array(lines.map { repaired(Array($0)) }.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// The text with its last six letters replaced; unchanged if it is not made like a key.
  static func repaired(_ text: [UInt8]) -> [UInt8] {
    guard let separator = text.lastIndex(of: UInt8(ascii: "1")), text.count >= separator + 7 else { return text }
    let isUpper = text.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    let lower = text.map { isUpper ? lowercased($0) : $0 }
    var values = lower[..<separator].map { $0 >> 5 } + [0] + lower[..<separator].map { $0 & 31 }
    for letter in lower[(separator + 1)...].dropLast(6) {
      guard let value = alphabet.firstIndex(of: letter) else { return text }
      values.append(UInt8(value))
    }
    let remainder = (values + [0, 0, 0, 0, 0, 0]).reduce(UInt32(1), step) ^ 1
    let checksum = (0..<6).map { alphabet[Int(remainder >> UInt32(25 - 5 * $0)) & 31] }
    return text.dropLast(6) + checksum.map { isUpper ? uppercased($0) : $0 }
  }

  private static func step(_ remainder: UInt32, _ value: UInt8) -> UInt32 {
    let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    var next = (remainder & 0x1ff_ffff) << 5 ^ UInt32(value)
    for bit in generator.indices where remainder >> UInt32(25 + bit) & 1 == 1 { next ^= generator[bit] }
    return next
  }

  private static func lowercased(_ letter: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) ? letter + 32 : letter
  }

  private static func uppercased(_ letter: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) ? letter - 32 : letter
  }
}
