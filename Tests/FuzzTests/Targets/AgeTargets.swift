import Primitives
import Streams

@testable import Age

extension FuzzTarget {
  /// A header that is read is the only spelling of itself, and leaves its source at the payload.
  static let ageHeader = FuzzTarget("age-header", seeds: { AgeSeeds.binaryFiles }) { input throws(PropertyFailure) in
    let source = LineSource(MemorySource(input))
    guard let header = accepted({ try Header.parse(from: source) }) else { return }
    let encoded = header.encoded
    try require(input.starts(with: encoded), "a header encodes to the bytes that it was read from")
    let rest = accepted { try source.readAll(limit: input.count) }
    try require(rest == Array(input.dropFirst(encoded.count)), "what follows a header is left to be read")
    let again = accepted { try Header.parse(from: LineSource(MemorySource(encoded))) }
    try require(again == header, "an encoded header is read as the same header")
  }

  /// Armor is the only spelling of its bytes, but for white space around it and carriage returns.
  static let ageArmor = FuzzTarget("age-armor", seeds: { try AgeSeeds.armoredFiles() }) {
    input throws(PropertyFailure) in
    let source = DearmoringSource(LineSource(MemorySource(input)))
    if let bytes = accepted({ try source.readAll(limit: input.count) }) {
      try require(armored(bytes) == strippedOfWhitespace(input), "armor is the one armor of its bytes")
    }
    let own = armored(input)
    let back = accepted { try DearmoringSource(LineSource(MemorySource(own))).readAll(limit: input.count) }
    try require(back == input, "bytes that were armored come back")
  }

  /// Whatever is opened can be sealed to the same bytes; whatever is released from the rest stands there authentic.
  static let agePayload = FuzzTarget("age-payload", sampleCount: 300, seeds: { try AgeSeeds.payloads() }) {
    input throws(PropertyFailure) in
    try checkPayload(input)
  }

  /// The same of an authentic payload that is cut, lengthened and rearranged as the input says.
  static let agePayloadEdits = FuzzTarget(
    "age-payload-edits", sampleCount: 300, seeds: { (0..<9).map { [$0, 40, $0, 1, 2] } }
  ) { input throws(PropertyFailure) in
    var edits = PayloadEdits(input)
    let (plaintext, original, changed) = edits.run()
    let (opened, released) = open(changed)
    try require(opened == (changed == original), "an authentic payload alone is opened")
    try require(plaintext.starts(with: released), "what is released is what was sealed")
    try require(!opened || released == plaintext, "an opened payload is released whole")
    try require(opened || released.count % Payload.chunkByteCount == 0, "whole chunks alone are released")
  }

  /// A whole file, with keys and a passphrase that fit the seeds: nothing longer than the file comes out of it.
  static let ageFile = FuzzTarget("age-file", sampleCount: 400, seeds: { AgeSeeds.files + (try AgeSeeds.ownFiles()) }) {
    input throws(PropertyFailure) in
    guard let file = accepted({ try SealedFile(reading: MemorySource(input)) }) else { return }
    let sink = MemorySink()
    let isOpen: Void? = accepted {
      if file.needsPassphrase {
        try file.open(with: AgeSeeds.passphrase(), to: sink, maximumWorkFactorLog2: 4, workerCount: 1)
      } else {
        try file.open(with: AgeSeeds.identities, to: sink, workerCount: 1)
      }
    }
    try require(sink.bytes.count < input.count, "a file is longer than what is in it")
    try require(
      isOpen != nil || sink.bytes.count % Payload.chunkByteCount == 0, "a bad file releases whole chunks alone")
  }

  private static func checkPayload(_ input: [UInt8]) throws(PropertyFailure) {
    let (opened, released) = open(input)
    if opened {
      try require(seal(released) == input, "an opened payload seals to the same bytes")
    } else {
      try require(released.count % Payload.chunkByteCount == 0, "whole chunks alone are released")
      guard !released.isEmpty else { return }
      // The last one may have been marked as final too early.
      let middle = seal(released + [0]).prefix(released.count / Payload.chunkByteCount * Payload.sealedChunkByteCount)
      let isAuthentic = input.starts(with: middle) || input.starts(with: seal(released))
      try require(isAuthentic, "released bytes are authentic where they stand")
    }
  }

  private static func open(_ sealed: [UInt8]) -> (opened: Bool, released: [UInt8]) {
    let sink = MemorySink()
    let opened: Void? = accepted {
      try Payload.open(from: MemorySource(sealed), to: sink, under: AgeSeeds.payloadKey(), workerCount: 1)
    }
    return (opened != nil, sink.bytes)
  }

  static func seal(_ plaintext: [UInt8]) -> [UInt8] {
    let sink = MemorySink()
    try? Payload.seal(from: MemorySource(plaintext), to: sink, under: AgeSeeds.payloadKey(), workerCount: 1)
    return sink.bytes
  }
}

func armored(_ bytes: [UInt8]) -> [UInt8] {
  let sink = MemorySink()
  let armor = ArmoringSink(sink)
  try? armor.write(bytes)
  try? armor.finish()
  return sink.bytes
}

/// Without white space on either side, line feeds alone as line ends, one of them at the end.
func strippedOfWhitespace(_ text: [UInt8]) -> [UInt8] {
  guard let first = text.firstIndex(where: { !Armor.isWhitespace($0) }),
    let last = text.lastIndex(where: { !Armor.isWhitespace($0) })
  else { return [] }
  var lines: [UInt8] = []
  for byte in text[first...last] {
    if byte == Header.lineFeed, lines.last == UInt8(ascii: "\r") { lines.removeLast() }
    lines.append(byte)
  }
  return lines + [Header.lineFeed]
}

/// Changes to a sealed payload, each of three bytes of the input.
struct PayloadEdits {
  private var script: ArraySlice<UInt8>
  private var sealed: [UInt8] = []

  init(_ input: [UInt8]) { script = input[...] }

  mutating func run() -> (plaintext: [UInt8], original: [UInt8], changed: [UInt8]) {
    let plaintext = AgeSeeds.plaintext(chunkCount: next(3), rest: next(256))
    let original = FuzzTarget.seal(plaintext)
    sealed = original
    while !script.isEmpty { edit(next(6), next(4), next(256)) }
    return (plaintext, original, sealed)
  }

  private mutating func edit(_ kind: Int, _ first: Int, _ second: Int) {
    let size = Payload.sealedChunkByteCount
    func chunk(_ index: Int) -> Range<Int> {
      min(index * size, sealed.count)..<min((index + 1) * size, sealed.count)
    }
    switch kind {
    case 0: sealed.removeLast(min(second, sealed.count))
    case 1: sealed.append(contentsOf: repeatElement(UInt8(first), count: second))
    case 2: sealed.removeSubrange(chunk(first))
    case 3: sealed.append(contentsOf: sealed[chunk(first)])
    case 4: sealed.insert(contentsOf: sealed[chunk(second % 4)], at: chunk(first).lowerBound)
    default:
      guard !sealed.isEmpty else { return }
      sealed[(first * size + second) % sealed.count] ^= 1 << UInt8(second % 8)
    }
  }

  private mutating func next(_ bound: Int) -> Int { Int(script.popFirst() ?? 0) % bound }
}
