@testable import SelectiveDisclosure
import StrictJSON
import Testing

/// What is longer than anything of this format is refused before it is decoded.
struct LimitTests {
  private func isTooLarge(_ body: () throws -> some Any) -> Bool {
    do { _ = try body() } catch SDJWTError.tooLarge { return true } catch { return false }
    return false
  }

  @Test func aDisclosureAndAPartOfASignedObjectHaveALimit() {
    let long = [UInt8](repeating: UInt8(ascii: "A"), count: SDJWTLimits.encodedPartByteCount + 1)
    #expect(isTooLarge { try Disclosure.parse(long) })
    let signature = [UInt8](repeating: UInt8(ascii: "A"), count: 86)
    #expect(isTooLarge { try JWS.parse(long + Array(".e30.".utf8) + signature) })
  }

  /// The limit is on what is disclosed, and not on its longer spelling.
  @Test func aDisclosureJustBelowTheLimitIsRead() throws {
    let text = String(repeating: "x", count: SDJWTLimits.partByteCount - 64)
    let disclosure = try Disclosure(name: "a", value: .string(text))
    #expect(try Disclosure.parse(Array(disclosure.encoded.utf8)) == disclosure)
  }

  @Test func thePartsOfAPresentationAreCounted() {
    let marks = [UInt8](repeating: UInt8(ascii: "~"), count: SDJWTLimits.disclosureCount + 2)
    #expect(isTooLarge { try Presentation.parse(Array("e30.e30.AA".utf8) + marks) })
  }

  @Test func anArrayIsNoPayload() {
    let header = "eyJhbGciOiJFZERTQSJ9"
    let signature = String(repeating: "A", count: 86)
    #expect { try JWS.parse(Array("\(header).W10.\(signature)".utf8)) } throws: {
      if case SDJWTError.malformedJSON = $0 { true } else { false }
    }
  }
}
