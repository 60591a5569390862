import Age
import Foundation
import Primitives
import Streams
import Synchronization
import Testing

/// SplitMix64 behind a lock: the same bytes for the same seed.
final class SeededRandomness: RandomSource {
  private let state: Mutex<UInt64>

  init(seed: UInt64) { state = Mutex(seed) }

  func fill(_ bytes: inout MutableSpan<UInt8>) {
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: next()) }
  }

  func number(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

  func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
      return word ^ (word >> 31)
    }
  }
}

func newSeed() -> UInt64 { UInt64.random(in: 0...UInt64.max) }

/// The start of one long run of bytes that do not repeat from chunk to chunk.
func plaintext(_ count: Int) -> [UInt8] { Array(longPlaintext[..<count]) }

private let longPlaintext = SeededRandomness(seed: 1).bytes(3_500_000)

/// The ways to seal a file and to open it again.
enum Lock: CaseIterable, Sendable {
  case hybrid
  case x25519
  case ssh
  case passphrase

  /// The same keys in every test.
  static let hybridIdentity = Identity(generating: .hybrid, from: SeededRandomness(seed: 2))
  static let x25519Identity = Identity(generating: .x25519, from: SeededRandomness(seed: 3))
  static let sshIdentity = Identity(generating: .ssh, from: SeededRandomness(seed: 4))

  var identity: Identity? {
    switch self {
    case .hybrid: Self.hybridIdentity
    case .x25519: Self.x25519Identity
    case .ssh: Self.sshIdentity
    case .passphrase: nil
    }
  }

  func seal(_ bytes: [UInt8], options: SealingOptions = SealingOptions()) throws -> [UInt8] {
    let sink = MemorySink()
    if let identity {
      try Sealing.seal(from: MemorySource(bytes), to: sink, for: [identity.recipient], options: options)
    } else {
      try Sealing.seal(
        from: MemorySource(bytes), to: sink, with: try phrase("a pass phrase"), workFactorLog2: 2,
        options: options)
    }
    return sink.bytes
  }

  func open(_ sealed: [UInt8], to sink: any ByteSink, workerCount: Int = 3) throws {
    let file = try SealedFile(reading: MemorySource(sealed))
    if let identity {
      try file.open(with: [identity], to: sink, workerCount: workerCount)
    } else {
      try file.open(with: try phrase("a pass phrase"), to: sink, workerCount: workerCount)
    }
  }

  func open(_ sealed: [UInt8], workerCount: Int = 3) throws -> [UInt8] {
    let sink = MemorySink()
    try open(sealed, to: sink, workerCount: workerCount)
    return sink.bytes
  }
}

func phrase(_ text: String) throws -> Passphrase {
  guard let passphrase = Passphrase(secret(text)) else { throw AgeError.noMatch }
  return passphrase
}

/// Where the header of a binary file ends and the payload's nonce begins.
func headerByteCount(_ sealed: [UInt8]) throws -> Int {
  let data = Data(sealed)
  let mark = try #require(data.range(of: Data("\n---".utf8)))
  return try #require(data[mark.upperBound...].firstIndex(of: UInt8(ascii: "\n"))) + 1
}

func revealed(_ secret: borrowing SecretBytes) -> String {
  String(decoding: secret.withSpan { span in span.indices.map { span[$0] } }, as: UTF8.self)
}
