import Age
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import Testing

struct PassphraseKeyFileTests {
  /// The digits are those that `sha256sum` prints of 32 zero bytes.
  @Test func bothTogetherAreWhatTheFormatSays() throws {
    let file = try #require(try PassphraseKeyFile(reading: MemorySource([UInt8](repeating: 0, count: 32))))
    let joined = file.joined(to: try VaultFixture.passphrase("plain words"))
    let text = joined.bytes.withSpan { span in span.indices.map { span[$0] } }
    #expect(
      String(decoding: text, as: UTF8.self)
        == "plain words 66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925")
  }

  @Test(arguments: [0, 1, 31]) func aShortFileIsNone(byteCount: Int) throws {
    #expect(try PassphraseKeyFile(reading: MemorySource([UInt8](repeating: 1, count: byteCount))) == nil)
  }

  @Test func anyLengthIsReadToItsEnd() throws {
    for byteCount in [33, 65_535, 65_536, 65_537, 1_000_000] {
      let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let file = try #require(try PassphraseKeyFile(reading: MemorySource(bytes)))
      let joined = file.joined(to: try VaultFixture.passphrase("x"))
      let text = joined.bytes.withSpan { span in span.indices.map { span[$0] } }
      #expect(String(decoding: text, as: UTF8.self) == "x \(SHA256Hasher.digest(of: bytes).hex)")
    }
  }
}
