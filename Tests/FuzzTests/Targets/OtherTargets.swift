import Primitives
import SelectiveDisclosure
import Streams
import StrictJSON
import Tar
import TransparencyLog

extension FuzzTarget {
  /// A note that is read is the only spelling of itself.
  static let note = FuzzTarget("note", seeds: { try LogSeeds.notes() }) { input throws(PropertyFailure) in
    guard let note = accepted({ try SignedNote(input) }) else { return }
    try require(note.bytes == input, "a note encodes to the bytes that it was read from")
  }

  /// A checkpoint states its text and nothing else.
  static let checkpoint = FuzzTarget("checkpoint", seeds: { [LogSeeds.head] }) { input throws(PropertyFailure) in
    guard let checkpoint = accepted({ try Checkpoint(NoteText(input)) }) else { return }
    try require(checkpoint.text.bytes == input, "a checkpoint encodes to the text that it was read from")
  }

  /// A proof file that is read is the only spelling of itself.
  static let tlogProof = FuzzTarget("tlog-proof", seeds: { try LogSeeds.proofs() }) { input throws(PropertyFailure) in
    guard let proof = accepted({ try TlogProof(input) }) else { return }
    try require(proof.bytes == input, "a proof encodes to the bytes that it was read from")
  }

  /// A request to a witness that is read is the only spelling of itself.
  static let addCheckpoint = FuzzTarget("add-checkpoint", seeds: { try LogSeeds.requests() }) {
    input throws(PropertyFailure) in
    guard let request = accepted({ try AddCheckpointRequest(input) }) else { return }
    try require(request.bytes == input, "a request encodes to the bytes that it was read from")
  }

  /// A verifier key that is read is the only spelling of itself.
  static let verifierKey = FuzzTarget("verifier-key", seeds: { [LogSeeds.key] }) { input throws(PropertyFailure) in
    guard let text = String(validating: input, as: UTF8.self), let key = accepted({ try VerifierKey(text) })
    else { return }
    try require(Array(key.description.utf8) == input, "a key is spelled as it was read")
  }

  /// A value survives being written, and is written in one way.
  static let json = FuzzTarget(
    "json",
    seeds: {
      [
        #"{"a":[1,-2.5e3,true,null,""],"b":{"\u0041\n":"я"}}"#, "[]", "-0", "1e308", "9223372036854775807",
        #""\ud83d\ude00\u202e""#,
      ].map { Array($0.utf8) }
    }
  ) { input throws(PropertyFailure) in
    guard let value = accepted({ try JSON.parse(input) }) else { return }
    let written = value.serialized()
    let again = accepted { try JSON.parse(written) }
    try require(again == value, "a value that was written is read as the same value")
    try require(again?.serialized() == written, "a value is written in one way")
    try require(accepted { try JSON.parse(value.serialized(pretty: true)) } == value, "white space changes nothing")
  }

  /// A presentation that is read is the only spelling of itself.
  static let presentation = FuzzTarget(
    "presentation",
    seeds: {
      let header = Base64.url.encode(Array(#"{"alg":"EdDSA","typ":"dc+sd-jwt"}"#.utf8))
      let digest = Base64.url.encode([UInt8](repeating: 1, count: 32))
      let claims = Base64.url.encode(Array("{\"_sd\":[\"\(digest)\"],\"_sd_alg\":\"sha-256\"}".utf8))
      let signature = Base64.url.encode([UInt8](repeating: 2, count: 64))
      let disclosure = Base64.url.encode(Array(#"["AAAAAAAAAAAAAAAAAAAAAA","name","value"]"#.utf8))
      return ["\(header).\(claims).\(signature)~", "\(header).\(claims).\(signature)~\(disclosure)~"].map {
        Array($0.utf8)
      }
    }
  ) { input throws(PropertyFailure) in
    guard let presentation = accepted({ try Presentation.parse(input) }) else { return }
    try require(presentation.serialized == input, "a presentation encodes to the bytes that it was read from")
    let claims = accepted { try presentation.claimsTrustingSignature().claims.count } ?? 0
    try require(claims <= presentation.disclosures.count, "no more claims than disclosures")
  }

  /// An archive that is read can be written, and read again with the same entries.
  static let tar = FuzzTarget("tar", sampleCount: 800, seeds: { try TarContents.seeds() }) {
    input throws(PropertyFailure) in
    guard let contents = TarContents(input, pieceByteCount: input.count) else { return }
    try require(contents.contentByteCount <= input.count, "no more content than archive")
    let pieces = TarContents(input, pieceByteCount: 100)
    try require(pieces == contents, "the size of the pieces changes nothing")
    let files = contents.filesAlone
    let written = accepted { try files.written() }
    try require(written.flatMap { TarContents($0, pieceByteCount: 511) } == files, "what is written is read")
  }
}

/// Text in the formats of the transparency log.
enum LogSeeds {
  private static let root = Base64.padded.encode([UInt8](repeating: 7, count: 32))
  static let head = Array("example.org/log\n5\n\(root)\nanother line\n".utf8)
  static let key = Array(
    "example.org/log+00000000+\(Base64.padded.encode([1] + [UInt8](repeating: 9, count: 32)))".utf8)

  static func notes() throws -> [[UInt8]] {
    let signature = Base64.padded.encode([UInt8](repeating: 3, count: 68))
    let line = Array("— example.org/log \(signature)\n".utf8)
    return [head + [10] + line, head + [10] + line + line, Array("a\n\nb\n\n".utf8) + line]
  }

  static func requests() throws -> [[UInt8]] {
    let note = try notes()[0]
    return ["old 0\n\n", "old 3\n\(root)\n\(root)\n\n", "old 5\n\n"].map { Array($0.utf8) + note }
  }

  static func proofs() throws -> [[UInt8]] {
    let note = try notes()[0]
    let path = "index 3\n\(root)\n\(root)\n\n"
    return ["", "extra AAAA\n"].map { Array(("c2sp.org/tlog-proof@v1\n" + $0 + path).utf8) + note }
  }
}

/// Everything in an archive.
final class TarContents: TarHandler, Equatable {
  private(set) var entries: [(header: TarHeader, bytes: [UInt8])] = []

  /// Reads an archive; `nil` if it is refused.
  init?(_ archive: [UInt8], pieceByteCount: Int) {
    let reader = TarReader(handler: self)
    do {
      for start in stride(from: 0, to: archive.count, by: max(pieceByteCount, 1)) {
        try reader.write(Array(archive[start..<min(start + pieceByteCount, archive.count)]))
      }
      try reader.finish()
    } catch {
      return nil
    }
  }

  private init(_ entries: [(header: TarHeader, bytes: [UInt8])]) { self.entries = entries }

  var contentByteCount: Int { entries.reduce(0) { $0 + $1.bytes.count } }
  var filesAlone: TarContents { TarContents(entries.filter { $0.header.kind == .file }) }

  func entryBegins(_ header: TarHeader) { entries.append((header, [])) }
  func entryBytes(_ bytes: Span<UInt8>) {
    for index in bytes.indices { entries[entries.count - 1].bytes.append(bytes[index]) }
  }
  func entryEnds() {}

  func written() throws -> [UInt8] {
    let sink = MemorySink()
    let writer = TarWriter(to: sink)
    for entry in entries {
      try writer.begin(entry.header)
      try writer.write(entry.bytes)
    }
    try writer.finish()
    return sink.bytes
  }

  static func == (left: TarContents, right: TarContents) -> Bool {
    left.entries.count == right.entries.count
      && zip(left.entries, right.entries).allSatisfy { $0.header == $1.header && $0.bytes == $1.bytes }
  }

  static func seeds() throws -> [[UInt8]] {
    let long = String(repeating: "long name/", count: 25) + "end"
    let entries = try [("a", 0), ("b/c", 700), (long, 1)].map { name, count in
      (TarHeader(path: try ArchivePath(name), byteCount: UInt64(count)), [UInt8](repeating: 65, count: count))
    }
    return [
      try TarContents([]).written(), try TarContents(Array(entries.prefix(2))).written(),
      try TarContents(entries).written(),
    ]
  }
}
