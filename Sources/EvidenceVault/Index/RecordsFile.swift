internal import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import Streams
internal import Wording

/// The disclosures of one commit: a line of JSON for each entry, then line feeds up to a Padmé step, sealed to the
/// readers.
///
/// Source: FORMAT section 6.
enum RecordsFile {
  /// The largest records file, opened, in bytes.
  static let maximumByteCount = 1 << 30
  /// The most that such a file can have as it is sealed, in bytes: a header of at most 16 MiB, and 16 bytes for each
  /// chunk of 64 KiB.
  static let maximumSealedByteCount = UInt64(maximumByteCount + maximumByteCount >> 12 + 17 << 20)

  /// Seals the disclosures of each entry of a commit, none for one that was withdrawn, into a new file in `incoming`,
  /// and returns its name there and its digest.
  static func seal(
    _ records: [[Disclosure]], to readers: [Recipient], in incoming: Directory, environment: VaultEnvironment
  ) throws -> (name: String, digest: Digest) {
    let name = "\(Hex.encode(environment.randomness.bytes(16))).records"
    let file = try incoming.createFile(name)
    let sink = DigestingSink(file)
    try Sealing.seal(
      from: RecordLines(records), to: sink, for: readers, options: environment.sealingOptions)
    try file.finish()
    return (name, sink.digest)
  }

  /// Opens the file and returns the disclosures of each line.
  static func open(_ sealed: any ByteSource, with identities: [Identity]) throws -> [[Disclosure]] {
    let sink = MemorySink(limit: maximumByteCount)
    try SealedFile(reading: sealed).open(with: identities, to: sink, workerCount: 1)
    return try sink.bytes.split(separator: UInt8(ascii: "\n")).map { line in
      let json = try JSON.parse(Array(line), limits: JSON.Limits(byteCount: maximumByteCount, depth: 8))
      guard let texts = json["disclosures"]?.arrayValue else { throw SDJWTError.malformedDisclosure }
      return try texts.map { text in
        guard let text = text.stringValue else { throw SDJWTError.malformedDisclosure }
        return try Disclosure.parse(text.utf8)
      }
    }
  }
}

/// The text of a records file, line by line.
private final class RecordLines: ByteSource {
  private var records: ArraySlice<[Disclosure]>
  private var byteCount: UInt64 = 0
  private var isPadded = false
  private var current = MemorySource([])

  init(_ records: [[Disclosure]]) { self.records = records[...] }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    var count = current.read(into: &buffer)
    while count == 0, let next = next() {
      byteCount += UInt64(next.count)
      guard byteCount <= UInt64(RecordsFile.maximumByteCount) else { throw VaultError.tooLarge(path: "the records") }
      current = MemorySource(next)
      count = current.read(into: &buffer)
    }
    return count
  }

  private func next() -> [UInt8]? {
    let lineFeed = UInt8(ascii: "\n")
    if let record = records.popFirst() {
      let line: JSONObject = ["disclosures": .array(record.map { .string($0.encoded) })]
      return line.serialized() + [lineFeed]
    }
    guard !isPadded else { return nil }
    isPadded = true
    return [UInt8](repeating: lineFeed, count: Int(Padme.paddedByteCount(byteCount) - byteCount))
  }
}
