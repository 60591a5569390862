@testable import EvidenceVault
import Foundation
import TestFolders
import Testing

/// A wrong passphrase is told from a damaged key file wherever cryptography can tell.
struct KeyFileDamageTests {
  private enum Verdict: Equatable { case opened, wrongPassphrase, damaged, other }

  private func verdict(_ vault: Vault, _ path: String, _ text: String = VaultFixture.passphraseText) throws -> Verdict {
    do {
      let passphrase = try VaultFixture.passphrase(text)
      let isReading = path == "keys/reading.age"
      if isReading { _ = try vault.readingIdentity(passphrase) } else { _ = try vault.signer(passphrase) }
      return .opened
    } catch VaultError.wrongPassphrase(path) { return .wrongPassphrase } catch VaultError.damagedKey(path) {
      return .damaged
    } catch { return .other }
  }

  @Test(arguments: ["keys/reading.age", "keys/signing.age"])
  func anotherPassphraseIsWrongAndEveryCutIsDamage(path: String) throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let bytes = try #require(try Tree(of: fixture.path)[path])
    #expect(try verdict(vault, path) == .opened)
    #expect(try verdict(vault, path, "another one") == .wrongPassphrase)
    for count in 0..<bytes.count {
      try Tree.replace("\(fixture.path)/\(path)", with: Array(bytes.prefix(count)))
      #expect(try verdict(vault, path) == .damaged, "\(count) bytes")
    }
    for more in [[0], Array("\n".utf8), [UInt8](repeating: 0, count: 70_000)] {
      try Tree.replace("\(fixture.path)/\(path)", with: bytes + more)
      #expect(try verdict(vault, path) == .damaged, "\(more.count) bytes more")
    }
  }

  @Test(arguments: ["keys/reading.age", "keys/signing.age"])
  func everyFlippedBitGetsTheRightOfTwoVerdicts(path: String) throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let bytes = try #require(try Tree(of: fixture.path)[path])
    var wrongCount = 0
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      try Tree.replace("\(fixture.path)/\(path)", with: changed)
      let isWrong = Self.canOnlyBeTold(changed, from: bytes)
      wrongCount += isWrong ? 1 : 0
      #expect(try verdict(vault, path) == (isWrong ? .wrongPassphrase : .damaged), "bit \(bit)")
    }
    #expect(wrongCount > 100)
  }

  /// Whether a changed file is one that another passphrase could open: nothing but salt, work factor or wrapped key
  /// differs, and they are still what they must be. Read from the specification of age alone.
  private static func canOnlyBeTold(_ changed: [UInt8], from bytes: [UInt8]) -> Bool {
    func lines(_ bytes: [UInt8]) -> [[UInt8]] {
      bytes.split(separator: 10, maxSplits: 4, omittingEmptySubsequences: false).map(Array.init)
    }
    let (new, old) = (lines(changed), lines(bytes))
    guard new.count == old.count, new[0] == old[0], new[3...] == old[3...] else { return false }
    let words = String(decoding: new[1], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 4, words[0] == "->", words[1] == "scrypt", let factor = Int(words[3]),
      (1...22).contains(factor), String(factor) == words[3]
    else { return false }
    return isBase64(String(words[2]), byteCount: 16) && isBase64(String(decoding: new[2], as: UTF8.self), byteCount: 32)
  }

  private static func isBase64(_ text: String, byteCount: Int) -> Bool {
    guard !text.contains("=") else { return false }
    let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: padded) else { return false }
    return data.count == byteCount && data.base64EncodedString() == padded
  }
}
