import Foundation
import Primitives
import SecretSharing
import Synchronization
import Testing

func secret(_ bytes: some Collection<UInt8>) -> SecretBytes {
  let bytes = Array(bytes)
  return SecretBytes(count: bytes.count) { span in
    for index in bytes.indices { span[index] = bytes[index] }
  }
}

func revealed(_ secret: borrowing SecretBytes) -> [UInt8] {
  secret.withSpan { span in span.indices.map { span[$0] } }
}

extension Share {
  convenience init(words: String) throws(SharingError) { try self.init(secret(words.utf8)) }

  var words: String { String(decoding: revealed(text()), as: UTF8.self) }
}

/// Random bytes that are the same for the same seed.
final class SeededRandomness: RandomSource {
  private let numbers: Mutex<SeededNumbers>

  init(seed: UInt64) { numbers = Mutex(SeededNumbers(state: seed)) }

  func fill(_ bytes: inout MutableSpan<UInt8>) {
    for index in bytes.indices { bytes[index] = numbers.withLock { UInt8(truncatingIfNeeded: $0.next()) } }
  }
}

/// Numbers that are the same for the same seed: SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// The vectors of the standard that lie beside the project in some checkouts: description, words, secret (hex; empty
/// where combining must fail), and a key of a wallet.
struct PublishedVector: Decodable, CustomStringConvertible {
  let description: String
  let shares: [String]
  let secret: String

  init(from decoder: any Decoder) throws {
    var parts = try decoder.unkeyedContainer()
    description = try parts.decode(String.self)
    shares = try parts.decode([String].self)
    secret = try parts.decode(String.self)
  }

  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/vectors/slip39/vectors.json")

  static var isPresent: Bool { FileManager.default.fileExists(atPath: file.path) }
  static let absence: Comment = "the vectors of SLIP-0039 are not beside this checkout"

  static func all() throws -> [PublishedVector] {
    try JSONDecoder().decode([PublishedVector].self, from: Data(contentsOf: file))
  }
}
