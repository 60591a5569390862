import Primitives
import Streams
import Testing

@testable import Age

/// Whatever is read has one spelling: encoded again, every vector gives the bytes that it was read from.
struct CanonicalTests {
  @Test func headerThatParsesEncodesToTheSameBytes() throws {
    var parsedCount = 0
    for vector in VectorFile.all {
      guard let bytes = try? Self.binary(of: vector) else { continue }
      guard let header = try? Header.parse(from: LineSource(MemorySource(bytes))) else { continue }
      #expect(bytes.starts(with: header.encoded), "\(vector.name)")
      parsedCount += 1
    }
    #expect(parsedCount >= 100)
  }

  @Test func armorThatIsReadIsTheArmorOfItsBytes() throws {
    var readCount = 0
    for vector in VectorFile.all where vector.isArmored {
      guard let bytes = try? Self.binary(of: vector) else { continue }
      let sink = MemorySink()
      let armor = ArmoringSink(sink)
      try armor.write(bytes)
      try armor.finish()
      #expect(sink.bytes == Self.withoutWhitespaceAround(vector.body), "\(vector.name)")
      readCount += 1
    }
    #expect(readCount >= 6)
  }

  @Test func plaintextSealsToThePayloadThatItCameFrom() throws {
    var sealedCount = 0
    for vector in VectorFile.all where vector.expectation == "success" {
      guard let fileKey = vector.first("file key").flatMap({ Hex.decode(Array($0.utf8)) }) else { continue }
      let source = LineSource(MemorySource(try Self.binary(of: vector)))
      let header = try Header.parse(from: source)
      let nonce = Array(try source.readAll(limit: 20_000_000))
      let payload = nonce.dropFirst(Payload.nonceByteCount)
      #expect(try header.isAuthentic(under: Self.key(fileKey)), "\(vector.name)")
      #expect(try Header(stanzas: header.stanzas, fileKey: Self.key(fileKey)) == header, "\(vector.name)")

      func payloadKey() throws -> ChaChaPolyKey {
        try Self.key(fileKey).payloadKey(nonce: Array(nonce.prefix(Payload.nonceByteCount)))
      }
      let opened = MemorySink()
      try Payload.open(from: MemorySource(Array(payload)), to: opened, under: payloadKey(), workerCount: 2)
      let sealed = MemorySink()
      try Payload.seal(from: MemorySource(opened.bytes), to: sealed, under: payloadKey(), workerCount: 2)
      #expect(sealed.bytes.elementsEqual(payload), "\(vector.name)")
      sealedCount += 1
    }
    // So many are our own; those beside the project may not be there.
    #expect(sealedCount >= 29)
  }

  private static func key(_ bytes: [UInt8]) throws -> FileKey {
    let secret = SecretBytes(count: bytes.count) { span in
      for index in bytes.indices { span[index] = bytes[index] }
    }
    guard let key = FileKey(secret) else { throw AgeError.noMatch }
    return key
  }

  private static func binary(of vector: VectorFile) throws -> [UInt8] {
    let source = LineSource(MemorySource(vector.body))
    return vector.isArmored ? try DearmoringSource(source).readAll(limit: 20_000_000) : vector.body
  }

  /// The text from the first letter to the last, with line feeds alone as line ends.
  private static func withoutWhitespaceAround(_ text: [UInt8]) -> [UInt8] {
    let trimmed = String(decoding: text, as: UTF8.self).replacing("\r\n", with: "\n")
      .drop(while: \.isWhitespace)
    return Array((String(trimmed.reversed().drop(while: \.isWhitespace).reversed()) + "\n").utf8)
  }
}
