internal import CSodium

/// Base64 in the three spellings that the formats use; only the canonical encoding of a byte string is accepted.
///
/// Source: RFC 4648 sections 3.5, 4 and 5; `sodium_bin2base64`, `sodium_base642bin` (constant-time, so fit for
/// secrets).
public enum Base64: Sendable {
  /// Section 4 with padding: signed notes, armor.
  case padded
  /// Section 4 without padding: age headers.
  case unpadded
  /// Section 5 without padding: JWS and SD-JWT.
  case url

  private var variant: Int32 {
    switch self {
    case .padded: sodium_base64_VARIANT_ORIGINAL
    case .unpadded: sodium_base64_VARIANT_ORIGINAL_NO_PADDING
    case .url: sodium_base64_VARIANT_URLSAFE_NO_PADDING
    }
  }

  /// The text of `bytes`, on one line.
  public func encode(_ bytes: some Collection<UInt8>) -> String {
    let input = Array(bytes)
    let capacity = sodium_base64_encoded_len(input.count, variant)
    var output = [CChar](repeating: 0, count: capacity)
    _ = unsafe sodium_bin2base64(&output, capacity, input, input.count, variant)
    let text = output.dropLast().lazy.map { UInt8(bitPattern: $0) }
    return String(decoding: text, as: UTF8.self)  // not secret: only public bytes become a String
  }

  /// The bytes that `text` encodes; `nil` if any character, the padding or the unused bits are not as prescribed.
  public func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(text: Array(text)) }

  private func decode(text: [UInt8]) -> [UInt8]? {
    guard !text.isEmpty else { return [] }
    // libsodium takes some bytes beyond ASCII for digits.
    guard text.allSatisfy({ $0 < 0x80 }) else { return nil }
    var output = [UInt8](repeating: 0, count: text.count / 4 * 3 + 3)
    var count = 0
    let status = unsafe text.withUnsafeBytes { text in
      unsafe sodium_base642bin(
        &output, output.count, text.assumingMemoryBound(to: CChar.self).baseAddress, text.count, nil, &count, nil,
        variant)
    }
    guard status == 0 else { return nil }
    output.removeLast(output.count - count)
    return output
  }

  /// The bytes that `text` encodes, as for a byte string.
  public func decode(_ text: some StringProtocol) -> [UInt8]? { decode(Array(text.utf8)) }

  /// The text of a secret, from guarded memory to guarded memory.
  public func encodeSecret(_ bytes: borrowing SecretBytes) -> SecretBytes {
    let byteCount = bytes.count
    // libsodium ends the text with a zero byte, which is left behind.
    var text = SecretBytes(count: sodium_base64_encoded_len(byteCount, variant))
    let capacity = text.count
    _ = unsafe bytes.withPointer { bytes in
      unsafe text.withMutablePointer { text in
        unsafe text.withMemoryRebound(to: CChar.self, capacity: capacity) { text in
          unsafe sodium_bin2base64(text, capacity, bytes, byteCount, variant)
        }
      }
    }
    return SecretBytes(copying: text, in: 0..<capacity - 1)
  }

  /// The secret that `text` encodes, from guarded memory to guarded memory; `nil` as for public text.
  public func decodeSecret(_ text: borrowing SecretBytes) -> SecretBytes? {
    let characterCount = text.count
    for index in 0..<characterCount where text[index] >= 0x80 { return nil }
    var output = SecretBytes(count: characterCount / 4 * 3 + 3)
    let capacity = output.count
    var count = 0
    let status = unsafe text.withPointer { text in
      unsafe output.withMutablePointer { output in
        unsafe text.withMemoryRebound(to: CChar.self, capacity: characterCount) { text in
          unsafe sodium_base642bin(output, capacity, text, characterCount, nil, &count, nil, variant)
        }
      }
    }
    return status == 0 ? SecretBytes(copying: output, in: 0..<count) : nil
  }
}

/// Lower-case hexadecimal, as `sha256sum` prints it.
public enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two digits for each byte.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.underestimatedCount)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of an even number of lower-case digits; `nil` for anything else.
  public static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = value(text[index]), let low = value(text[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// Two digits for each byte of a secret.
  public static func encode(_ secret: borrowing SecretBytes) -> SecretBytes {
    var text = SecretBytes(count: 2 * secret.count)
    for index in 0..<secret.count {
      text[2 * index] = digit(secret[index] >> 4)
      text[2 * index + 1] = digit(secret[index] & 15)
    }
    return text
  }

  /// The secret that an even number of lower-case digits spells; `nil` for anything else.
  public static func decode(_ text: borrowing SecretBytes) -> SecretBytes? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var secret = SecretBytes(count: text.count / 2)
    var fault: UInt8 = 0
    for index in 0..<secret.count {
      let (high, low) = (secretValue(text[2 * index]), secretValue(text[2 * index + 1]))
      fault |= high | low
      secret[index] = high << 4 | low & 15
    }
    guard fault < 16 else { return nil }  // not secret: whether it is hexadecimal
    return secret
  }

  // Without a branch or an index that depends on a secret: both cases are calculated, and a mask takes one.

  private static func digit(_ value: UInt8) -> UInt8 {
    value &+ UInt8(ascii: "0") &+ (isLess(9, value) & (UInt8(ascii: "a") - UInt8(ascii: "0") - 10))
  }

  /// Four bits, or more than 15 for no digit.
  private static func secretValue(_ digit: UInt8) -> UInt8 {
    let (number, letter) = (digit &- UInt8(ascii: "0"), digit &- UInt8(ascii: "a"))
    let (isNumber, isLetter) = (isLess(number, 10), isLess(letter, 6))
    return number & isNumber | (letter &+ 10) & isLetter | ~(isNumber | isLetter) & 0x80
  }

  /// All bits if the first is less, none if not.
  private static func isLess(_ one: UInt8, _ other: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: (UInt16(one) &- UInt16(other)) >> 8)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
