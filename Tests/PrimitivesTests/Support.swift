import Primitives

/// SplitMix64: the same numbers for the same seed, so that a failing property can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}

/// A new seed for a property test, which shows it in every expectation.
func newSeed() -> UInt64 { UInt64.random(in: 0...UInt64.max) }

func secret(_ bytes: [UInt8]) -> SecretBytes {
  SecretBytes(count: bytes.count) { span in
    for index in bytes.indices { span[index] = bytes[index] }
  }
}

func revealed(_ secret: borrowing SecretBytes) -> [UInt8] {
  secret.withSpan { span in span.indices.map { span[$0] } }
}
