internal import Primitives

/// Bech32 without its length limit, the spelling of age keys.
///
/// Secrets are read and written one character at a time from and to guarded memory; none lies in an array on its way.
/// Neither a branch nor an address depends on them, but for whether a text is a key.
///
/// Source: BIP 173; c2sp.org/age (no length limit).
enum Bech32 {
  private static let lowerCase = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let upperCase = Array("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".utf8)
  private static let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
  private static let checksumCount = 6

  /// Decodes lower-case public text whose prefix is `prefix`.
  static func decode(_ text: [UInt8], prefix: String) -> [UInt8]? {
    guard let count = byteCount(of: text.count, prefix: prefix),
      isValid(count: text.count, prefix: prefix, lowerCase, at: { text[$0] })
    else { return nil }
    let start = prefix.utf8.count + 1
    return (0..<count).map { index in byte(index) { value(text[start + $0], lowerCase) } }
  }

  /// Decodes upper-case secret text whose prefix is `prefix`, in upper case too.
  static func decodeSecret(_ text: borrowing SecretBytes, in range: Range<Int>, prefix: String) -> SecretBytes? {
    func letter(_ text: borrowing SecretBytes, _ index: Int) -> UInt8 { text[range.lowerBound + index] }
    guard let count = byteCount(of: range.count, prefix: prefix) else { return nil }
    let isKey = isValid(count: range.count, prefix: prefix, upperCase, at: { letter(text, $0) })
    guard isKey else { return nil }  // not secret: whether it is a key
    let start = prefix.utf8.count + 1
    var output = SecretBytes(count: count)
    for index in 0..<count { output[index] = byte(index) { value(letter(text, start + $0), upperCase) } }
    return output
  }

  /// Encodes public bytes in lower case.
  static func encode(_ data: [UInt8], prefix: String) -> String {
    var text = Array(prefix.utf8) + [UInt8(ascii: "1")]
    let checksum = checksum(prefix: prefix, count: groupCount(data.count)) { index in
      group(index, count: data.count) { data[$0] }
    }
    for index in 0..<groupCount(data.count) {
      text.append(lowerCase[Int(group(index, count: data.count) { data[$0] })])
    }
    text += checksum.map { lowerCase[Int($0)] }
    return String(decoding: text, as: UTF8.self)
  }

  /// Encodes a secret in upper case; `prefix` is in upper case too.
  static func encodeSecret(_ data: borrowing SecretBytes, prefix: String) -> SecretBytes {
    let dataCount = data.count
    let groups = groupCount(dataCount)
    let checksum = checksum(prefix: prefix, count: groups) { index in
      group(index, count: dataCount) { data[$0] }
    }
    let prefix = Array(prefix.utf8) + [UInt8(ascii: "1")]
    var text = SecretBytes(count: prefix.count + groups + checksumCount)
    for index in prefix.indices { text[index] = prefix[index] }
    for index in 0..<groups {
      text[prefix.count + index] = secretLetter(group(index, count: dataCount) { data[$0] })
    }
    for index in checksum.indices { text[prefix.count + groups + index] = secretLetter(checksum[index]) }
    return text
  }

  // MARK: - Five bits at a time

  /// How many bytes a text of `count` characters holds; `nil` if there is no such text.
  private static func byteCount(of count: Int, prefix: String) -> Int? {
    let groups = count - prefix.utf8.count - 1 - checksumCount
    guard groups >= 0, groups * 5 % 8 < 5 else { return nil }
    return groups * 5 / 8
  }

  /// Checks prefix, separator, letters, padding and checksum of a text whose length is right; no branch
  /// but the last tells anything.
  private static func isValid(count: Int, prefix: String, _ alphabet: [UInt8], at letter: (Int) -> UInt8) -> Bool {
    let begin = Array(prefix.utf8) + [UInt8(ascii: "1")]
    let end = count - checksumCount
    let spareBits = UInt8((end - begin.count) * 5 % 8)
    var fault: UInt8 = 0
    for index in begin.indices { fault |= letter(index) ^ begin[index] }
    var remainder = polymod(expanding: prefix)
    var last: UInt8 = 0
    for index in begin.count..<count {
      let value = value(letter(index), alphabet)
      fault |= value & noLetter
      remainder = step(remainder, value)
      if index == end - 1 { last = value }
    }
    fault |= last & (1 << spareBits - 1)
    return UInt32(fault) | (remainder ^ 1) == 0  // not secret: whether it is a key
  }

  /// The byte at `index` of what the groups spell.
  private static func byte(_ index: Int, group: (Int) -> UInt8) -> UInt8 {
    let bit = index * 8
    let first = bit / 5
    var window: UInt32 = 0
    let groups = (bit + 7) / 5 - first + 1
    for offset in 0..<groups { window = window << 5 | UInt32(group(first + offset)) }
    return UInt8(truncatingIfNeeded: window >> UInt32(groups * 5 - 8 - bit % 5))
  }

  /// The five bits at `index` of a byte string, zeros behind its end.
  private static func group(_ index: Int, count: Int, byte: (Int) -> UInt8) -> UInt8 {
    let bit = index * 5
    let high = UInt16(byte(bit / 8))
    let low = bit / 8 + 1 < count ? UInt16(byte(bit / 8 + 1)) : 0
    return UInt8(truncatingIfNeeded: (high << 8 | low) >> UInt16(11 - bit % 8)) & 31
  }

  private static func groupCount(_ byteCount: Int) -> Int { (byteCount * 8 + 4) / 5 }

  private static func checksum(prefix: String, count: Int, group: (Int) -> UInt8) -> [UInt8] {
    var remainder = polymod(expanding: prefix)
    for index in 0..<count { remainder = step(remainder, group(index)) }
    for _ in 0..<checksumCount { remainder = step(remainder, 0) }
    remainder ^= 1
    return (0..<checksumCount).map { UInt8(truncatingIfNeeded: remainder >> UInt32(5 * (5 - $0))) & 31 }
  }

  /// The checksum is over the prefix in lower case, whichever case the text is in.
  private static func polymod(expanding prefix: String) -> UInt32 {
    let prefix = prefix.lowercased().utf8
    var remainder: UInt32 = 1
    for letter in prefix { remainder = step(remainder, letter >> 5) }
    remainder = step(remainder, 0)
    for letter in prefix { remainder = step(remainder, letter & 31) }
    return remainder
  }

  private static func step(_ remainder: UInt32, _ value: UInt8) -> UInt32 {
    var next = (remainder & 0x1ff_ffff) << 5 ^ UInt32(value)
    for bit in 0..<5 { next ^= generator[bit] & (0 &- (remainder >> UInt32(25 + bit) & 1)) }
    return next
  }

  private static let noLetter: UInt8 = 0x80

  /// The five bits that a letter stands for, or `noLetter`. Every letter of the alphabet is looked at: an index, or an
  /// end once it is found, would tell by time and cache which it was.
  private static func value(_ letter: UInt8, _ alphabet: [UInt8]) -> UInt8 {
    var value = noLetter
    for index in 0..<32 {
      let isIt = mask(letter, alphabet[index])
      value = (value & ~isIt) | (UInt8(index) & isIt)
    }
    return value
  }

  /// The upper-case letter of five secret bits, found in the same way.
  private static func secretLetter(_ value: UInt8) -> UInt8 {
    var letter: UInt8 = 0
    for index in 0..<32 { letter |= upperCase[index] & mask(value, UInt8(index)) }
    return letter
  }

  /// All bits if two bytes are equal, none if not.
  private static func mask(_ one: UInt8, _ other: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: (UInt16(one ^ other) &- 1) >> 8)
  }
}
