import Primitives
import Testing

struct SecretBytesTests {
  @Test(arguments: [0, 1, 16, 32, 33, 256, 257, 4096, 4097, 100_000])
  func newSecretIsZero(count: Int) {
    let bytes = SecretBytes(count: count)
    let content = revealed(bytes)
    #expect(bytes.count == count)
    #expect(content == [UInt8](repeating: 0, count: count))
  }

  @Test func whatIsFilledInIsRead() {
    let bytes = secret([1, 2, 3, 255])
    let content = revealed(bytes)
    #expect(content == [1, 2, 3, 255])
    #expect(bytes[3] == 255)
  }

  @Test func subscriptWritesOneByteAlone() {
    var bytes = SecretBytes(count: 5)
    bytes[0] = 7
    bytes[4] = 9
    let content = revealed(bytes)
    #expect(content == [7, 0, 0, 0, 9])
  }

  @Test func failureOfTheFillerIsPassedOn() {
    #expect(throws: PrimitiveError.invalidKey) {
      _ = try SecretBytes(count: 3) { (_: inout MutableSpan<UInt8>) throws(PrimitiveError) in throw .invalidKey }
    }
  }

  @Test func copyHasThePartAndItsOwnMemory() {
    var whole = secret([0, 1, 2, 3, 4, 5])
    let part = SecretBytes(copying: whole, in: 2..<5)
    let none = SecretBytes(copying: whole, in: 6..<6)
    for index in 0..<6 { whole[index] = 99 }
    let content = revealed(part)
    #expect(content == [2, 3, 4])
    #expect(none.count == 0)
  }

  @Test func equalityIsOfAllBytesAndOfTheCount() {
    let bytes = secret([1, 2, 3])
    func isSame(as other: [UInt8]) -> Bool { bytes.isEqual(to: secret(other)) }
    #expect(isSame(as: [1, 2, 3]))
    #expect(!isSame(as: [1, 2]))
    #expect(!isSame(as: [1, 2, 3, 0]))
    #expect(!isSame(as: []))
    for index in 0..<3 {
      for bit in 0..<8 {
        var changed: [UInt8] = [1, 2, 3]
        changed[index] ^= 1 << UInt8(bit)
        #expect(!isSame(as: changed), "byte \(index), bit \(bit)")
      }
    }
  }

  @Test func randomSecretsDiffer() {
    let first = revealed(SecretBytes(randomCount: 32))
    let second = revealed(SecretBytes(randomCount: 32))
    #expect(first != second)
  }

  @Test func randomSecretComesFromTheGivenSource() {
    struct Sevens: RandomSource {
      func fill(_ bytes: inout MutableSpan<UInt8>) { for index in bytes.indices { bytes[index] = 7 } }
    }
    let bytes = revealed(SecretBytes(randomCount: 4, from: Sevens()))
    #expect(bytes == [7, 7, 7, 7])
    #expect(Sevens().bytes(3) == [7, 7, 7])
  }

  @Test func secretsAreGivenBack() {
    // A process has room for about 16,000 of them at once.
    var sum = 0
    for index in 0..<40_000 {
      var bytes = SecretBytes(count: 16)
      bytes[0] = UInt8(truncatingIfNeeded: index)
      sum += bytes[0] == UInt8(truncatingIfNeeded: index) ? 1 : 0
    }
    #expect(sum == 40_000)
  }

  @Test func indexBeyondASecretStopsTheProcess() async {
    await #expect(processExitsWith: .failure) { _ = SecretBytes(count: 3)[3] }
    await #expect(processExitsWith: .failure) { _ = SecretBytes(count: 3)[-1] }
  }
}
