import Age
import Primitives
import Streams
import Testing

/// Our own age vectors and the public ones, fed to the library in pieces of several sizes.
struct VectorTests {
  @Test func ownVectorsAreThereAndEachIsRead() {
    #expect(VectorFile.own.map(\.name) == VectorFile.names(in: VectorFile.ownFolder))
    #expect(VectorFile.own.count >= 189)
  }

  @Test(.enabled(if: VectorFile.arePublishedPresent, "the published age vectors are not beside this checkout"))
  func publishedVectorsAreThereAndEachIsRead() {
    #expect(VectorFile.published.map(\.name) == VectorFile.names(in: VectorFile.publishedFolder))
    #expect(VectorFile.published.count >= 90)
  }

  @Test(arguments: VectorFile.all, [1, 7, 47, 4_099, 65_552])
  func vectorHasTheExpectedOutcome(vector: VectorFile, pieceByteCount: Int) throws {
    guard pieceByteCount > 50 || vector.body.count < 100_000 else { return }
    let sink = MemorySink()
    let outcome = try Self.outcome(of: vector, pieceByteCount: pieceByteCount, sink: sink)
    #expect(outcome == vector.expectation)
    if let payload = vector.first("payload") {
      #expect(SHA256Hasher.digest(of: sink.bytes).hex == payload, "the plaintext that was released")
    }
  }

  private static func outcome(of vector: VectorFile, pieceByteCount: Int, sink: MemorySink) throws -> String {
    do {
      let source = TrickleSource(vector.body, pieceByteCount: pieceByteCount)
      let file = try SealedFile(reading: source, form: vector.isArmored ? .armored : .binary)
      if file.needsPassphrase {
        let attempts = vector.all("passphrase")
        for (index, text) in attempts.enumerated() {
          guard let passphrase = Passphrase(secret(text)) else { continue }
          do {
            try file.open(with: passphrase, to: sink)
            break
          } catch AgeError.noMatch where index + 1 < attempts.count { continue }
        }
        if attempts.isEmpty { throw AgeError.noMatch }
      } else {
        let identities = try vector.all("identity").flatMap { try KeyFile.identities(in: secret($0)) }
        try file.open(with: identities, to: sink)
      }
      return "success"
    } catch let error as AgeError {
      return name(of: error)
    }
  }

  /// By random access, what is in an authentic chunk can be read whatever became of the others: so what is refused is
  /// compared, and the plaintext only where all of it is good.
  @Test(arguments: VectorFile.all.filter { !$0.isArmored })
  func vectorHasTheExpectedOutcomeByRandomAccess(vector: VectorFile) throws {
    let sink = MemorySink()
    let outcome: String
    do {
      let file = try Self.randomAccessFile(vector)
      try file.copy(0..<file.byteCount, to: sink)
      outcome = "success"
      #expect(UInt64(sink.bytes.count) == file.byteCount)
    } catch let error as AgeError {
      outcome = Self.name(of: error)
    }
    #expect(outcome == vector.expectation)
    if outcome == "success", let payload = vector.first("payload") {
      #expect(SHA256Hasher.digest(of: sink.bytes).hex == payload)
    }
  }

  private static func randomAccessFile(_ vector: VectorFile) throws -> RandomAccessFile {
    let source = MemorySource(vector.body)
    let attempts = vector.all("passphrase")
    guard attempts.isEmpty else {
      for text in attempts.dropLast() {
        guard let passphrase = Passphrase(secret(text)) else { continue }
        do {
          return try RandomAccessFile(source, with: passphrase)
        } catch AgeError.noMatch { continue }
      }
      return try RandomAccessFile(source, with: phrase(attempts.last ?? ""))
    }
    return try RandomAccessFile(
      source, with: vector.all("identity").flatMap { try KeyFile.identities(in: secret($0)) })
  }

  private static func name(of error: AgeError) -> String {
    switch error {
    case .noMatch: "no match"
    case .header: "header failure"
    case .headerMAC: "HMAC failure"
    case .payload: "payload failure"
    case .armor: "armor failure"
    default: "\(error)"
    }
  }
}

/// A source that never gives more than a few bytes at once, as a slow pipe does.
final class TrickleSource: ByteSource {
  private let source: MemorySource
  private let pieceByteCount: Int

  init(_ bytes: [UInt8], pieceByteCount: Int) {
    self.source = MemorySource(bytes)
    self.pieceByteCount = pieceByteCount
  }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    var part = buffer._mutatingExtracting(0..<min(buffer.count, pieceByteCount))
    return source.read(into: &part)
  }
}
