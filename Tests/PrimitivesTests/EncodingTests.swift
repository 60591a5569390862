import Foundation
import Primitives
import Testing

struct EncodingTests {
  @Test(arguments: [Base64.padded, .unpadded, .url])
  func secretsAreSpelledAndReadAsPublicBytesAre(base64: Base64) throws {
    for count in 0..<70 {
      let bytes = SystemRandomness().bytes(count)
      let text = revealed(base64.encodeSecret(secret(bytes)))
      #expect(text == Array(base64.encode(bytes).utf8))
      guard let decoded = base64.decodeSecret(secret(text)) else {
        Issue.record("\(count) bytes are not read")
        continue
      }
      #expect(revealed(decoded) == bytes)
      for index in text.indices {
        var changed = text
        changed[index] ^= 0x80
        let isRefused = base64.decodeSecret(secret(changed)) == nil
        #expect(isRefused, "character \(index) of \(count) bytes")
      }
    }
  }

  @Test(arguments: zip(["", "f", "fo", "foo", "foob"], ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]))
  func base64IsThatOfTheRFC(text: String, encoded: String) {
    let bytes = Array(text.utf8)
    let bare = encoded.replacingOccurrences(of: "=", with: "")
    #expect(Base64.padded.encode(bytes) == encoded)
    #expect(Base64.unpadded.encode(bytes) == bare)
    #expect(Base64.url.encode(bytes) == bare)
    #expect(Base64.padded.decode(encoded) == bytes)
    #expect(Base64.unpadded.decode(bare) == bytes)
    #expect(Base64.url.decode(bare) == bytes)
  }

  @Test func base64GoesThereAndBack() {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    for count in 0..<200 {
      let bytes = generator.bytes(count)
      for spelling in [Base64.padded, .unpadded, .url] {
        #expect(spelling.decode(spelling.encode(bytes)) == bytes, "seed \(seed), \(count) bytes, \(spelling)")
      }
      #expect(Base64.padded.encode(bytes) == Data(bytes).base64EncodedString(), "seed \(seed), \(count) bytes")
    }
  }

  @Test(arguments: [Base64.padded, .unpadded, .url])
  func base64RefusesEveryByteOutsideItsAlphabet(spelling: Base64) {
    let common = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let alphabet = common + Array((spelling == .url ? "-_" : "+/").utf8)
    for byte in UInt8.min...UInt8.max {
      for place in 0..<4 {
        var text = Array("AAAA".utf8)
        text[place] = byte
        let isDigit = alphabet.contains(byte)
        // A sign for padding at the end is a matter of padding, below.
        if spelling == .padded, byte == UInt8(ascii: "="), place == 3 { continue }
        #expect((spelling.decode(text) != nil) == isDigit, "byte \(byte) at \(place)")
      }
    }
  }

  @Test(arguments: [
    "Zg", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm9v====", "=", "====", "Zg==Zg==", "Zg= =", "Zm8", "Zm8==",
  ])
  func base64RefusesPaddingOtherThanPrescribed(text: String) {
    #expect(Base64.padded.decode(text) == nil)
  }

  @Test(arguments: ["Zg==", "Zg=", "Zm8=", "Z", "Zm9vY", "Zm9v="])
  func unpaddedBase64RefusesPaddingAndLoneDigits(text: String) {
    #expect(Base64.unpadded.decode(text) == nil)
    #expect(Base64.url.decode(text) == nil)
  }

  @Test func base64RefusesUnusedBitsThatAreSet() {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    for (value, digit) in digits.enumerated() {
      let two = Array("A".utf8) + [digit]
      let three = Array("AA".utf8) + [digit]
      #expect((Base64.unpadded.decode(two) != nil) == value.isMultiple(of: 16))
      #expect((Base64.padded.decode(two + Array("==".utf8)) != nil) == value.isMultiple(of: 16))
      #expect((Base64.unpadded.decode(three) != nil) == value.isMultiple(of: 4))
      #expect((Base64.padded.decode(three + Array("=".utf8)) != nil) == value.isMultiple(of: 4))
    }
  }

  @Test(arguments: ["Zm9v\n", "\nZm9v", "Zm\n9v", "Zm9v ", " Zm9v", "Zm9v\0", "Zm 9v", "Zm9\u{0}"])
  func base64RefusesWhitespaceAndZeros(text: String) {
    for spelling in [Base64.padded, .unpadded, .url] { #expect(spelling.decode(text) == nil) }
  }

  @Test func hexGoesThereAndBack() {
    let all = Array(UInt8.min...UInt8.max)
    let text = Hex.encode(all)
    #expect(text == all.map { String(format: "%02x", Int($0)) }.joined())
    #expect(Hex.decode(Array(text.utf8)) == all)
    #expect(Hex.decode([]) == [])
  }

  @Test func hexOfSecretsIsTheSameAndRefusesEveryOtherByte() {
    let bytes = Array(UInt8.min...UInt8.max)
    let secret = SecretBytes(count: bytes.count) { span in for index in bytes.indices { span[index] = bytes[index] } }
    let text = Hex.encode(secret)
    let plain = Array(Hex.encode(bytes).utf8)
    #expect(plain.indices.allSatisfy { text[$0] == plain[$0] })
    #expect(Hex.decode(text)?.isEqual(to: secret) == true)
    for byte in bytes {
      for place in 0..<2 {
        let digits = SecretBytes(count: 2) { span in
          span[place] = byte
          span[1 - place] = UInt8(ascii: "0")
        }
        let isDigit = Array("0123456789abcdef".utf8).contains(byte)
        #expect((Hex.decode(digits) != nil) == isDigit)
      }
    }
  }

  @Test func hexRefusesEveryByteButItsDigits() {
    let digits = Array("0123456789abcdef".utf8)
    for byte in UInt8.min...UInt8.max {
      #expect((Hex.decode([byte, UInt8(ascii: "0")]) != nil) == digits.contains(byte), "byte \(byte)")
      #expect((Hex.decode([UInt8(ascii: "0"), byte]) != nil) == digits.contains(byte), "byte \(byte)")
    }
    #expect(Hex.decode(Array("abc".utf8)) == nil)
  }
}
