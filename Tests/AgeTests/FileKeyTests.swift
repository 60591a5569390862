import Primitives
import Testing

@testable import Age

/// What stanzas hold, whoever wrote them.
@Suite struct FileKeyTests {
  private func isKey(_ byteCount: Int) -> Bool {
    guard let key = FileKey(SecretBytes(count: byteCount)) else { return false }
    _ = consume key
    return true
  }

  @Test func aFileKeyHasOneSize() {
    #expect([0, 15, 16, 17, 32].filter(isKey) == [16])
  }

  @Test func whatIsWrappedHasOneSize() throws {
    func isOpen(_ body: [UInt8]) -> Bool {
      guard let key = FileKey(unwrapping: body, under: ChaChaPolyKey(SecretBytes(count: 32))) else { return false }
      _ = consume key
      return true
    }
    let body = FileKey(from: SeededRandomness(seed: 1)).wrapped(under: ChaChaPolyKey(SecretBytes(count: 32)))
    #expect(isOpen(body))
    for other in [[], Array(body.dropLast()), body + [0], Array(body.dropLast()) + [body[31] ^ 1]] {
      #expect(!isOpen(other), "\(other.count) bytes")
    }
  }

  @Test func aStanzaOfAnotherTypeIsNotForAHybridKey() throws {
    func isOpen(_ stanza: Stanza) throws -> Bool {
      let key = try XWingPrivateKey(seed: SecretBytes(count: 32))
      guard let opened = try HybridStanza.unwrap(stanza, with: key) else { return false }
      _ = consume opened
      return true
    }
    #expect(try !isOpen(Stanza(["X25519", "AAAA"], body: [])))
    #expect(try !isOpen(Stanza([], body: [])))
    #expect(throws: AgeError.header(.malformedStanza)) { try isOpen(Stanza([HybridStanza.type], body: [])) }
  }

  @Test(arguments: [Identity.Kind.hybrid, .x25519, .ssh])
  func aSeedHasOneSize(kind: Identity.Kind) {
    #expect([0, 31, 32, 33, 64].filter { Identity(kind, seed: SecretBytes(count: $0)) != nil } == [32])
  }
}
