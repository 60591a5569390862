@testable import EvidenceVault
import Testing

@Suite struct PadmeTests {
  @Test(
    arguments: [
      (0, 0), (1, 1), (2, 2), (8, 8), (9, 10), (10, 10), (100, 104), (1000, 1024), (1025, 1088), (1_000_000, 1_015_808),
    ] as [(UInt64, UInt64)])
  func examplesFromThePaper(byteCount: UInt64, padded: UInt64) { #expect(Padme.paddedByteCount(byteCount) == padded) }

  @Test func paddingIsBoundedMonotoneAndIdempotent() {
    let large = (17..<62).flatMap { exponent in
      [UInt64(0), 1, 12_345].map { (UInt64(1) << UInt64(exponent)) &+ $0 &- 1 }
    }
    var last: UInt64 = 0
    for byteCount in Array(1...70_000) + large {
      let padded = Padme.paddedByteCount(byteCount)
      guard padded >= byteCount, Double(padded - byteCount) <= 0.12 * Double(byteCount), padded >= last,
        Padme.paddedByteCount(padded) == padded
      else {
        Issue.record("\(byteCount) becomes \(padded), after \(last)")
        return
      }
      last = padded
    }
    #expect(last > 1 << 61)
  }

  @Test func theLargestSizesDoNotOverflow() {
    #expect(Padme.paddedByteCount(UInt64.max) == UInt64.max)
    #expect(Padme.paddedByteCount(UInt64.max - 1) == UInt64.max - 1)
  }
}
