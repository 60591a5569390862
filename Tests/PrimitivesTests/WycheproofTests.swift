import Primitives
import Testing

/// Project Wycheproof's cases, through our own wrappers. Each test states how many cases it ran.
@Suite(.enabled(if: WycheproofFile.isPresent, "the Wycheproof vectors are not beside this checkout"))
struct WycheproofTests {
  @Test func ed25519VerdictsAreThoseOfWycheproof() throws {
    var caseCount = 0
    for group in try WycheproofFile.groups("ed25519") {
      let key = try VerifyingKey(try #require(group.publicKey).pk.value)
      for test in group.tests {
        let signature = try #require(test.sig).value
        #expect(key.isValid(signature, for: try #require(test.msg).value) == test.isValid, "case \(test.tcId)")
        caseCount += 1
      }
    }
    #expect(caseCount == 151)
  }

  @Test func x25519SecretsAreThoseOfWycheproofAndZeroSecretsAreRefused() throws {
    var sharedCount = 0
    var refusedCount = 0
    for test in try WycheproofFile.groups("x25519").flatMap(\.tests) {
      let own = X25519PrivateKey(secret(try #require(test.private).value))
      let other = try #require(test.public).value
      if test.flags.contains("ZeroSharedSecret") {
        #expect(throws: PrimitiveError.invalidKey, "case \(test.tcId)") { _ = try own.sharedSecret(with: other) }
        refusedCount += 1
      } else {
        let shared = revealed(try own.sharedSecret(with: other))
        #expect(shared == test.shared?.value, "case \(test.tcId)")
        sharedCount += 1
      }
    }
    #expect(sharedCount == 487)
    #expect(refusedCount == 31)
  }

  /// The wrapper takes 96-bit nonces and no associated data, so the other cases cannot be put to it.
  @Test func chaChaPolySealsAndOpensAsInWycheproofAndRefusesEveryChangedTag() throws {
    var caseCount = 0
    for group in try WycheproofFile.groups("chacha20_poly1305") where group.ivSize == 96 {
      for test in group.tests where test.aad?.value.isEmpty == true {
        let key = ChaChaPolyKey(secret(try #require(test.key).value))
        let nonce = try #require(test.iv).value
        let message = try #require(test.msg).value
        let sealed = try #require(test.ct).value + (try #require(test.tag).value)
        let ownSealed = sealedBytes(message, nonce: nonce, under: key)
        let opened = openedBytes(sealed, nonce: nonce, under: key)
        #expect(test.isValid && ownSealed == sealed && opened == message, "case \(test.tcId)")
        for bit in message.count * 8..<sealed.count * 8 {
          var changed = sealed
          changed[bit / 8] ^= 1 << UInt8(bit % 8)
          let isOpen = openedBytes(changed, nonce: nonce, under: key) != nil
          #expect(!isOpen, "case \(test.tcId), bit \(bit)")
        }
        caseCount += 1
      }
    }
    #expect(caseCount == 45)
  }

  @Test func hmacVerdictsAreThoseOfWycheproofAndShortCodesAreRefused() throws {
    var wholeCount = 0
    var shortCount = 0
    for group in try WycheproofFile.groups("hmac_sha256") {
      for test in group.tests {
        let tag = try #require(test.tag).value
        var code = HMACSHA256(key: secret(try #require(test.key).value))
        var same = HMACSHA256(key: secret(try #require(test.key).value))
        code.update(try #require(test.msg).value)
        same.update(try #require(test.msg).value)
        let isPrefix = Array(code.finalize().prefix(tag.count)) == tag
        #expect(isPrefix == test.isValid, "case \(test.tcId)")
        let isWhole = tag.count == HMACSHA256.byteCount
        let isAccepted = same.isValid(tag)
        #expect(isAccepted == (isWhole && test.isValid), "case \(test.tcId)")
        if isWhole { wholeCount += 1 } else { shortCount += 1 }
      }
    }
    #expect(wholeCount == 87)
    #expect(shortCount == 87)
  }

  @Test func hkdfOutputsAreThoseOfWycheproofAndTooMuchIsRefused() throws {
    var derivedCount = 0
    var refusedCount = 0
    for test in try WycheproofFile.groups("hkdf_sha256").flatMap(\.tests) {
      let inputKey = secret(try #require(test.ikm).value)
      let salt = try #require(test.salt).value
      let info = try #require(test.info).value
      let byteCount = try #require(test.size)
      if test.isValid {
        let output = revealed(try HKDF.derive(from: inputKey, salt: salt, info: info, byteCount: byteCount))
        #expect(output == test.okm?.value, "case \(test.tcId)")
        derivedCount += 1
      } else {
        #expect(throws: PrimitiveError.invalidParameter, "case \(test.tcId)") {
          _ = try HKDF.derive(from: inputKey, salt: salt, info: info, byteCount: byteCount)
        }
        refusedCount += 1
      }
    }
    #expect(derivedCount == 83)
    #expect(refusedCount == 3)
  }
}

private func sealedBytes(_ message: [UInt8], nonce: [UInt8], under key: borrowing ChaChaPolyKey) -> [UInt8] {
  var output = [UInt8](repeating: 0, count: message.count + ChaChaPolyKey.tagByteCount)
  var span = output.mutableSpan
  key.seal(message.span, nonce: nonce, into: &span)
  return output
}

private func openedBytes(_ sealed: [UInt8], nonce: [UInt8], under key: borrowing ChaChaPolyKey) -> [UInt8]? {
  var output = [UInt8](repeating: 0, count: max(sealed.count - ChaChaPolyKey.tagByteCount, 0))
  var span = output.mutableSpan
  do { try key.open(sealed.span, nonce: nonce, into: &span) } catch { return nil }
  return output
}
