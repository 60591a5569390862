import Age
import Primitives
import SelectiveDisclosure
import Streams
import StrictJSON
import TransparencyLog

@testable import EvidenceVault

extension FuzzTarget {
  /// The payload of a leaf, signed as a vault would sign it: what is read of it in the clear is what it says.
  static let entry = FuzzTarget("entry", sampleCount: 500, seeds: { RecordSeeds.payloads.map { Array($0.utf8) } }) {
    input throws(PropertyFailure) in
    let note = try needed(accepted(VaultSeeds.note), "the note of the vault")
    guard let payload = accepted({ try JSON.parse(input) })?.objectValue else { return }
    let jws = JWS.sign(payload, type: Entry.type, key: VaultSeeds.signer.key(for: .records))
    guard let entry = accepted({ try Entry(index: 3, leaf: Array(jws.compact.utf8), in: note) }) else { return }
    try require(entry.jws.payload == payload, "a leaf is read as it was signed")
    try require(payload["iss"] == .string(note.origin.description), "and belongs to its vault")
    if let removal = entry.removal {
      try require(Removal(removal.json) == removal, "what it takes out is written as it was read")
      try require(removal.paths.count >= removal.newPaths.count, "and no more comes than goes")
    }
  }

  /// The payload of a leaf in the first line, disclosures as JSON in the others; `#0` to `#9` stand for their digests.
  /// A record that is read shows no more than was disclosed, and its lines in catalogs and histories are read again.
  static let record = FuzzTarget("record", sampleCount: 500, seeds: { RecordSeeds.records.map { Array($0.utf8) } }) {
    input throws(PropertyFailure) in
    guard let presentation = RecordSeeds.presentation(input) else { return }
    guard let parsed = accepted({ try Presentation.parse(presentation.serialized) }) else {
      throw PropertyFailure(description: "a presentation that was made is read")
    }
    guard let record = accepted({ try Record(index: 3, presentation: parsed) }) else { return }
    try require(record.claims.count <= parsed.disclosures.count, "no more claims than disclosures")
    let document = accepted { try JSON.parse(record.document()) }
    try require(document == .object(record.payload), "the readable record is the record")
    try checkLine(Summary(record))
    try checkLine(EntryFields(record))
    let history = CustodyLine.document(of: 3, CustodyLine.lines([record]))
    try require(CustodyLine.entries(in: history) == [3], "a history names its entries")
  }

  /// A line of a catalog that is read, and then written, is read as the same line; with some fields as with all.
  static let catalogLine = FuzzTarget("catalog-line", seeds: { RecordSeeds.lines.map { Array($0.utf8) } }) {
    input throws(PropertyFailure) in
    if let summary: Summary = RecordSeeds.line(input) { try checkLine(summary) }
    guard let fields: EntryFields = RecordSeeds.line(input) else { return }
    try checkLine(fields)
    // A vault writes its lines without spaces, and few fields are looked for in those alone.
    let written = fields.line
    var scanner = LineScanner(written, in: written.indices)
    let some = LineHead(&scanner).flatMap { EntryFields($0, &scanner, fields: FieldSelection(["title", "of"])) }
    try require(some?.text("title") == fields.text("title"), "a field that is asked for is the same among few")
    try require(some?.numbers("of") == fields.numbers("of"), "whatever it holds")
  }

  /// The lines of a records file: what is read of them is what stands there.
  static let recordsFile = FuzzTarget("records-file", sampleCount: 200, seeds: { RecordSeeds.files }) {
    input throws(PropertyFailure) in
    let sink = MemorySink()
    let identity = AgeSeeds.identities[0]
    let isSealed: Void? = accepted {
      try Sealing.seal(
        from: MemorySource(input), to: sink, for: [identity.recipient], options: SealingOptions(workerCount: 1))
    }
    guard isSealed != nil, let lines = accepted({ try RecordsFile.open(MemorySource(sink.bytes), with: [identity]) })
    else { return }
    try require(lines.count == input.split(separator: UInt8(ascii: "\n")).count, "a list for each line")
    for disclosure in lines.joined() {
      let again = accepted { try Disclosure.parse(disclosure.encoded.utf8) }
      try require(again?.digest == disclosure.digest, "each is read by itself")
    }
  }

  private static func checkLine<Line: CatalogLine>(_ line: Line) throws(PropertyFailure) {
    let written = line.line
    let again: Line? = RecordSeeds.line(written)
    try require(again?.line == written, "a line that is written is read as the same line")
  }
}

enum RecordSeeds {
  private static let digest = SHA256Hasher.digest(of: [1]).hex
  private static let other = SHA256Hasher.digest(of: [2]).hex
  private static let reference = #""records":{"sha256":"\#(digest)","line":0}"#

  static let payloads = [
    #"{"iss":"\#(VaultSeeds.origin)","object":{"sha256":"\#(digest)","bytes":7},\#(reference),"_sd":[]}"#,
    #"{"iss":"\#(VaultSeeds.origin)",\#(reference),"removed":{"objects":["\#(digest)"],"records":[]}}"#,
    #"{"iss":"\#(VaultSeeds.origin)",\#(reference),"removed":{"objects":[{"sha256":"\#(digest)","by":"\#(other)","#
      + #""bytes":9}],"records":[{"sha256":"\#(digest)","by":"\#(other)"}]},"#
      + #""readers":"\#(digest)","next":"\#(other)"}"#,
  ]

  static let records = [
    #"""
    {"iss":"vault.invalid/2f6b","_sd":["#0","#1","#2","#3"],"_sd_alg":"sha-256"}
    ["AAAAAAAAAAAAAAAAAAAAAA","kind","document"]
    ["AAAAAAAAAAAAAAAAAAAAAB","added","2023-05-26T09:30:00Z"]
    ["AAAAAAAAAAAAAAAAAAAAAC","title","A letter"]
    ["AAAAAAAAAAAAAAAAAAAAAD","amends",1]
    """#,
    #"""
    {"_sd":["#0","#3"],"_sd_alg":"sha-256"}
    ["AAAAAAAAAAAAAAAAAAAAAA","kind","custody"]
    ["AAAAAAAAAAAAAAAAAAAAAB","path","a/b.txt"]
    ["AAAAAAAAAAAAAAAAAAAAAC",{"bytes":3,"media_type":"text/plain","sha256":"\#(digest)","_sd":["#1"]}]
    ["AAAAAAAAAAAAAAAAAAAAAD","files",[{"...":"#2"}]]
    """#,
  ]

  /// Puts a presentation together; `nil` for what is none of lines of JSON.
  static func presentation(_ input: [UInt8]) -> Presentation? {
    var texts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 20).map { String(decoding: $0, as: UTF8.self) }
    guard !texts.isEmpty else { return nil }
    // A disclosure may name those before it, and the payload all of them.
    var encoded: [String] = []
    for place in texts.indices.dropFirst() {
      texts[place] = filled(texts[place], encoded)
      encoded.append(Base64.url.encode(Array(texts[place].utf8)))
    }
    return accepted {
      let payload = try JSON.parse(Array(filled(texts[0], encoded).utf8)).objectValue ?? [:]
      let jws = JWS.sign(payload, type: Entry.type, key: VaultSeeds.signer.key(for: .records))
      return Presentation(jws: jws, disclosures: try encoded.map { try Disclosure.parse($0.utf8) })
    }
  }

  private static func filled(_ text: String, _ encoded: [String]) -> String {
    var result = ""
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "#", let digit = rest.first, ("0"..."9").contains(digit), let place = Int(String(digit)),
        encoded.indices.contains(place)
      else {
        result.unicodeScalars.append(scalar)
        continue
      }
      rest = rest.dropFirst()
      result += Base64.url.encode(SHA256Hasher.digest(of: encoded[place].utf8).bytes)
    }
    return result
  }

  static let lines = [
    #"{"item":3,"kind":"document","title":"A \"letter\"","added":"2023-05-26T09:30:00Z","files":1,"bytes":9}"# + "\n",
    #"{"item":4,"amends":3,"kind":"custody","title":"","added":"","case":"K","files":0,"bytes":0,"fields":{"item":3}}"#
      + "\n",
    #"{"item":5,"kind":"translation","added":"","fields":{"title":"T","of":3,"a":[1,{"b":null}]},"files":"#
      + #"[{"path":"a/b","bytes":7,"media_type":"text/plain"}]}"# + "\n",
  ]

  /// One line, up to its end.
  static func line<Line: CatalogLine>(_ bytes: [UInt8]) -> Line? {
    var scanner = LineScanner(bytes, in: bytes.indices)
    guard let head = LineHead(&scanner), let line = Line(head, &scanner), scanner.skip(Array("}\n".utf8)),
      scanner.isAtEnd
    else { return nil }
    return line
  }

  static var files: [[UInt8]] {
    let disclosures = Base64.url.encode(Array(#"["AAAAAAAAAAAAAAAAAAAAAA","name","value"]"#.utf8))
    return [
      "", "\n\n", #"{"disclosures":[]}"#, "{\"disclosures\":[\"\(disclosures)\"]}\n{\"disclosures\":[]}\n\n\n",
    ].map { Array($0.utf8) }
  }
}
