import Foundation
import Primitives
import Streams

@testable import Age

/// Where the targets of the age format start: what we make ourselves, and the vectors that are at hand.
enum AgeSeeds {
  static let identities = [
    Identity(generating: .x25519, from: SeededRandomness(seed: 1)),
    Identity(generating: .hybrid, from: SeededRandomness(seed: 2)),
    Identity(generating: .ssh, from: SeededRandomness(seed: 6)),
  ]
  private static let recipients = identities.map(\.recipient)

  static func passphrase() throws -> Passphrase {
    guard let passphrase = Passphrase(secret(Array("password".utf8))) else { throw AgeError.noMatch }
    return passphrase
  }

  /// The key of every payload that is made here.
  static func payloadKey() -> ChaChaPolyKey {
    FileKey(from: SeededRandomness(seed: 3)).payloadKey(nonce: [UInt8](repeating: 0, count: Payload.nonceByteCount))
  }

  private static let longPlaintext = SeededRandomness(seed: 4).bytes(2 * Payload.chunkByteCount + 255)

  static func plaintext(chunkCount: Int, rest: Int) -> [UInt8] {
    Array(longPlaintext.prefix(chunkCount * Payload.chunkByteCount + rest))
  }

  static func payloads() throws -> [[UInt8]] {
    [0, 1, 100, Payload.chunkByteCount, Payload.chunkByteCount + 1].map {
      FuzzTarget.seal(Array(longPlaintext.prefix($0)))
    }
  }

  // MARK: - Files

  /// A small file for every kind of lock, binary and armored.
  static func ownFiles() throws -> [[UInt8]] {
    try [false, true].flatMap { isArmored in
      let options = SealingOptions(isArmored: isArmored, workerCount: 1, randomness: SeededRandomness(seed: 5))
      let source = { MemorySource(Array("what was said".utf8)) }
      var files: [[UInt8]] = []
      for recipient in recipients {
        let sink = MemorySink()
        try Sealing.seal(from: source(), to: sink, for: [recipient], options: options)
        files.append(sink.bytes)
      }
      let sink = MemorySink()
      try Sealing.seal(from: source(), to: sink, with: passphrase(), workFactorLog2: 1, options: options)
      return files + [sink.bytes]
    }
  }

  static func armoredFiles() throws -> [[UInt8]] {
    files.filter { $0.starts(with: Armor.begin) } + (try ownFiles()) + [
      armored([]), armored([1]), armored(plaintext(chunkCount: 0, rest: 48)),
    ]
  }

  static var binaryFiles: [[UInt8]] {
    let own = (try? ownFiles()) ?? []
    return (files + own).filter { $0.starts(with: Header.versionPrefix) }
  }

  /// The bodies of the vectors: the public ones where they are beside this checkout, and our own.
  static let files: [[UInt8]] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folders = [root.appending(path: "Vault/vectors/age"), root.appending(path: "../shared/vectors/age")]
    return folders.flatMap { folder in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.sorted().compactMap { name -> [UInt8]? in
        guard let data = try? Data(contentsOf: folder.appending(path: name)), data.count < 10_000,
          let end = data.firstRange(of: Data("\n\n".utf8))
        else { return nil }
        return [UInt8](data[end.upperBound...])
      }
    }
  }()

  // MARK: - Keys

  static let keyTexts = identities.map { revealed($0.encoded()) } + recipients.map { Array($0.description.utf8) }

  static let identityFiles: [[UInt8]] = keyFiles(identities.map { revealed($0.encoded()) })
  static let recipientFiles: [[UInt8]] = keyFiles(recipients.map { Array($0.description.utf8) }) + sshLines

  static let sshLines = recipients.suffix(1).flatMap { key in
    ["", " desk", " archive  desk"].map { Array((key.description + $0).utf8) }
  }

  /// Files of OpenSSH, and what stands in them.
  static let sshKeyFiles: [[UInt8]] = identities.suffix(1).flatMap { identity in
    let file = revealed(identity.encoded())
    let letters = file.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast().joined()
    return [file] + (Base64.padded.decode(Array(letters)).map { [$0] } ?? [])
  }

  /// An OpenSSH file with `content` in it.
  static func pem(_ content: [UInt8]) -> [UInt8] {
    let mark = { (word: String) in "-----\(word) OPENSSH PRIVATE KEY-----" }
    return Array("\(mark("BEGIN"))\n\(Base64.padded.encode(content))\n\(mark("END"))\n".utf8)
  }

  private static func keyFiles(_ keys: [[UInt8]]) -> [[UInt8]] {
    let lineFeed = Array("\n".utf8)
    let comment = Array("# created: today\r\n\r\n".utf8)
    return keys + [comment + keys[0] + lineFeed, keys[0] + Array("\r\n\n".utf8) + comment + keys[1]]
  }
}

/// SplitMix64: the same bytes for the same seed.
final class SeededRandomness: RandomSource, @unchecked Sendable {
  // Sendable: the lock is held while the state is touched.
  private let lock = NSLock()
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  func fill(_ bytes: inout MutableSpan<UInt8>) {
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: next()) }
  }

  func number(below bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  func next() -> UInt64 {
    lock.withLock {
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
      return word ^ (word >> 31)
    }
  }
}
