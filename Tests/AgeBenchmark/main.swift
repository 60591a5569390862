import Age
import Dispatch
import Primitives
import Streams

// What `tools/bench age` measures that needs more than one run of `evidence`.
//
//   AgeBenchmark small COUNT BYTES     seals COUNT contents of BYTES to one X25519 key, and opens each again
//   AgeBenchmark primitive MIB         ChaCha20-Poly1305 over MIB in all, one thread for each core: the least time in
//                                      which they can be sealed

func sealAndOpenSmall(count: Int, byteCount: Int) throws {
  let identity = Identity(generating: .x25519)
  let content = SystemRandomness().bytes(byteCount)
  for number in 0..<count {
    let sealed = MemorySink()
    try Sealing.seal(from: MemorySource(content), to: sealed, for: [identity.recipient])
    let opened = MemorySink()
    try SealedFile(reading: MemorySource(sealed.bytes)).open(with: [identity], to: opened)
    precondition(opened.bytes == content, "content \(number) is another")
  }
}

func sealChunks(mebibyteCount: Int) {
  let workerCount = Parallelism.workerCount
  let chunk = [UInt8](repeating: 1, count: 65_536)
  DispatchQueue.concurrentPerform(iterations: workerCount) { worker in
    let key = ChaChaPolyKey(SecretBytes(randomCount: ChaChaPolyKey.byteCount))
    var output = [UInt8](repeating: 0, count: chunk.count + ChaChaPolyKey.tagByteCount)
    for _ in 0..<(mebibyteCount * 16 / workerCount) {
      var room = output.mutableSpan
      key.seal(chunk.span, nonce: [UInt8](repeating: 0, count: 12), into: &room)
    }
  }
}

let arguments = CommandLine.arguments
let numbers = arguments.dropFirst(2).compactMap { Int($0) }
switch (arguments.dropFirst().first, numbers.count) {
case ("small", 2): try sealAndOpenSmall(count: numbers[0], byteCount: numbers[1])
case ("primitive", 1): sealChunks(mebibyteCount: numbers[0])
default: preconditionFailure("AgeBenchmark small COUNT BYTES | primitive MIB")
}
