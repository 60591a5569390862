import Primitives
import Testing
import TimeStamp

/// What is longer than any query, answer or certificate is refused before it is read.
struct LimitTests {
  private let long = [UInt8](repeating: UInt8(ascii: "-"), count: 100_000)

  private func part(_ body: () throws -> some Any) -> TimeStampError.Part? {
    do { _ = try body() } catch TimeStampError.beyondLimit(let part) { return part } catch { return nil }
    return nil
  }

  @Test func eachHasALimit() {
    #expect(part { try TimeStampRequest(long) } == .request)
    #expect(part { try TimeStampResponse(long) } == .response)
    #expect(part { try TimeStampToken(long) } == .token)
    #expect(part { try AuthorityCertificate(pem: long) } == .certificate)
  }
}
