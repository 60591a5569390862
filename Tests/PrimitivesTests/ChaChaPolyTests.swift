import Primitives
import Testing

struct ChaChaPolyTests {
  private let nonce = [UInt8](0..<12)
  private let message = Array("what was seen".utf8)

  private func sealed() -> [UInt8] {
    var output = [UInt8](repeating: 0, count: message.count + ChaChaPolyKey.tagByteCount)
    var span = output.mutableSpan
    ChaChaPolyKey(secret([UInt8](repeating: 3, count: 32))).seal(message.span, nonce: nonce, into: &span)
    return output
  }

  private func open(_ sealed: [UInt8], keyByte: UInt8 = 3, nonce: [UInt8]) -> (plaintext: [UInt8], isOpen: Bool) {
    var output = [UInt8](repeating: 0xaa, count: max(sealed.count - 16, message.count))
    var span = output.mutableSpan
    let key = ChaChaPolyKey(secret([UInt8](repeating: keyByte, count: 32)))
    do throws(PrimitiveError) {
      try key.open(sealed.span, nonce: nonce, into: &span)
      return (output, true)
    } catch {
      return (output, false)
    }
  }

  @Test func whatIsSealedOpens() {
    let (plaintext, isOpen) = open(sealed(), nonce: nonce)
    #expect(isOpen)
    #expect(plaintext == message)
  }

  @Test func everyChangedBitIsRefusedAndLeavesNoPlaintext() {
    let sealed = sealed()
    for bit in 0..<sealed.count * 8 {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let (output, isOpen) = open(changed, nonce: nonce)
      #expect(!isOpen, "bit \(bit)")
      let matches = zip(output, message).count { $0 == $1 }
      #expect(matches < message.count / 2, "bit \(bit) left plaintext")
    }
  }

  @Test func everyTruncationIsRefused() {
    let sealed = sealed()
    for count in 0..<sealed.count { #expect(!open(Array(sealed.prefix(count)), nonce: nonce).isOpen, "\(count) bytes") }
  }

  @Test func wrongKeyAndWrongNonceAreRefused() {
    #expect(!open(sealed(), keyByte: 4, nonce: nonce).isOpen)
    #expect(!open(sealed(), nonce: [UInt8](1..<13)).isOpen)
  }
}
