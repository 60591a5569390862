import SelectiveDisclosure
import Testing

/// What is longer than anything of this format is refused before it is decoded.
struct LimitTests {
  private func isTooLarge(_ body: () throws -> some Any) -> Bool {
    do { _ = try body() } catch SDJWTError.tooLarge { return true } catch { return false }
    return false
  }

  @Test func aDisclosureAndAPartOfASignedObjectHaveALimit() {
    let long = [UInt8](repeating: UInt8(ascii: "A"), count: SDJWTLimits.partByteCount + 4)
    #expect(isTooLarge { try Disclosure.parse(long) })
    let signature = [UInt8](repeating: UInt8(ascii: "A"), count: 86)
    #expect(isTooLarge { try JWS.parse(long + Array(".e30.".utf8) + signature) })
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
