import Primitives
import SecretSharing
import Streams
import StrictJSON
import TransparencyLog

@testable import EvidenceVault

extension FuzzTarget {
  /// A text is a date, or it is said what was expected; what people type for a date becomes one, or nothing.
  static let date = FuzzTarget(
    "date",
    seeds: {
      [
        "2023-05-26", "2023-05", "20XX", "2023-XX", "2023-05-XX?", "2022-09/2023-03", "../2023", "26.05.2023",
        "3/4/2023",
      ].map { Array($0.utf8) }
    }
  ) { input throws(PropertyFailure) in
    guard let text = String(validating: input, as: UTF8.self) else { return }
    let isValid = EDTF.isValid(text)
    try require((EDTF.refusal(of: text) == nil) == isValid, "what is no date is told so")
    try require((EDTFSpan(text) != nil) == isValid, "a date has its days")
    for order in [nil, DateOrder.dayFirst, .monthFirst] {
      guard let date = accepted({ try TypedDate.edtf(text, order: order) }) else { continue }
      try require(EDTF.isValid(date), "what was typed for a date becomes one")
      try require(!isValid || date.utf8.elementsEqual(input), "a date stays as it is")
    }
  }

  /// What people type or paste for a head, a fingerprint, or a file with a head.
  static let typedHead = FuzzTarget(
    "typed-head", seeds: { try TypedSeeds.heads() + LogSeeds.notes() + LogSeeds.requests() }
  ) { input throws(PropertyFailure) in
    if case .note(let note)? = accepted({ try ExpectedHead(file: input) }) {
      try require(accepted { try Checkpoint(note.text) } != nil, "a file with a head has one")
    }
    guard let text = String(validating: input, as: UTF8.self) else { return }
    if case .words(let size, let words)?? = accepted({ try ExpectedHead.typed(text) }) {
      try require(KeyFingerprint.fault(asTyped: words) == nil, "the words of a head are eight of the list")
      let again = accepted { try ExpectedHead.typed("\(size) \(words)") }
      try require(again == .words(size: size, fingerprint: words), "a head that is written is read as the same")
    }
    if KeyFingerprint.fault(asTyped: text) != nil {
      try require(accepted { try !VaultSeeds.note().keyFingerprint.isSame(asTyped: text) } == true, "no key has it")
    }
  }

  /// Whatever a custodian typed, words come out of it, and of a whole sheet those of its share.
  static let shareSheet = FuzzTarget("share-sheet", sampleCount: 500, seeds: { try TypedSeeds.sheets() }) {
    input throws(PropertyFailure) in
    let words = revealed(ShareSheet.words(in: secret(input)))
    try require(words.count <= input.count, "no more than was typed")
    try require(revealed(ShareSheet.words(in: secret(words))) == words, "what was read once stays as it is")
    try require(!words.contains { " \t\r\n".utf8.dropFirst().contains($0) }, "one space stands between words")
    guard let share = accepted({ try Share(secret(words)) }) else { return }
    let sheet = revealed(ShareSheet.words(in: ShareSheet.text(of: share, number: 1)))
    try require(sheet == words, "the sheet of a share has its words")
  }

  /// Files of records: each record that is taken is as its schema says, whatever the file.
  static let importFile = FuzzTarget("import", sampleCount: 300, seeds: { TypedSeeds.imports.map { Array($0.utf8) } }) {
    input throws(PropertyFailure) in
    let schema = try needed(accepted { try Schema.named("testimony") }, "the schema of a testimony")
    for format in RecordImport.Format.allCases {
      guard
        let found = accepted({
          try RecordImport.read(MemorySource(input), format: format, kind: "testimony", dateOrder: .dayFirst)
        })
      else { continue }
      for record in found.records {
        try require(accepted { try schema.validated(record) } != nil, "a record that is taken is valid")
        try require(ConsentContradiction.all(in: record).isEmpty, "and does not contradict itself")
      }
    }
  }

  /// Bytes that are searched for names: as text in every way that they may be meant.
  static let textContent = FuzzTarget(
    "text-content", sampleCount: 500, seeds: { TypedSeeds.texts.map { Array($0.utf8) } + TypedSeeds.otherTexts }
  ) { input throws(PropertyFailure) in
    let readings = TextContent.readings(of: input)
    if let text = String(validating: input, as: UTF8.self) {
      try require(readings.contains { $0.utf8.elementsEqual(text.utf8) }, "text is read as it stands there")
    }
    for escape in ByteEscape.allCases {
      guard let decoded = escape.decoded(input) else { continue }
      try require(decoded.count <= input.count, "what is decoded is not longer")
      try require(decoded.count(where: { $0 == 10 }) <= input.count(where: { $0 == 10 }), "and has no more lines")
    }
    _ = (TextContent.mayBeText(input.prefix(4096)), TextContent.hasEncodedPart(input), MediaSignature.type(of: input))
  }

  /// Manifests, and lists of parts: each is the only spelling of what is read, but for what mail programs change.
  static let manifest = FuzzTarget("manifest", seeds: { TypedSeeds.manifests.map { Array($0.utf8) } }) {
    input throws(PropertyFailure) in
    if let digests = Bag.parseManifest(input) {
      try require(Array(Bag.manifestText(digests).utf8) == input, "a manifest encodes to what it was read from")
    }
    guard let digests = PartName.parseList(input) else { return }
    let lines = input.split(separator: UInt8(ascii: "\n")).map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    let name = String(decoding: lines.first?.dropFirst(66) ?? [], as: UTF8.self)
    let own = PartName.listText(digests, of: PartName(name)?.base ?? "").utf8.split(separator: UInt8(ascii: "\n"))
    try require(own.count == lines.count, "a part for each line")
    for (line, own) in zip(lines, own) {
      try require(line.prefix(64).elementsEqual(own.prefix(64)), "each has its digest")
      try require(line.dropFirst(66).elementsEqual(own.dropFirst(66)), "and its name")
    }
  }
}

enum TypedSeeds {
  static func heads() throws -> [[UInt8]] {
    let fingerprint = try VaultSeeds.note().keyFingerprint
    return [
      "5 \(fingerprint.words)", "5, \(fingerprint.words.uppercased())", fingerprint.words, fingerprint.digits,
    ].map { Array($0.utf8) }
  }

  static func sheets() throws -> [[UInt8]] {
    let shares = try Sharing.split(
      secret([UInt8](repeating: 9, count: 32)), threshold: 2, count: 2, isExtendable: true,
      from: SeededRandomness(seed: 1))
    return shares.flatMap { share in
      [
        revealed(ShareSheet.text(of: share, number: 1)).prefix(1500).map { $0 }, revealed(share.text()),
        revealed(share.text()).map { $0 == 0x20 ? 0x0A : $0 },
      ]
    }
  }

  static let imports = [
    "title,witness.code,interview.date,consent.lawyer\r\nFirst,Blue Heron,26.05.2023,code\r\n",
    "title;witness.code;interview.language\nFirst;\"Blue; Heron\";tg\n",
    #"[{"title":"First","witness.code":"Blue Heron","interview.date":"2023-05","consent.quotes":"verbatim"}]"#,
    #"{"title":"First","witness.code":"Blue Heron"}"# + "\n" + #"{"title":"Second","events":["a","b"]}"# + "\n",
  ]

  static let texts = [
    "Мисола Намунаева", #"{"a":"\u041c\u0438\u0441\u043e\u043b\u0430"}"#, "<b>Ми</b>сола&nbsp;&#1052;&#x41C;",
    "=D0=9C=D0=B8=\r\n=D1=81", "%D0%9C%D0%B8", #"{\rtf1 \u1052?\'cc\'e8}"#,
    "Content-Transfer-Encoding: base64\n\nAAAA", "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=D0=9C\n",
  ]
  /// Windows-1251, and UTF-16 in both orders.
  static let otherTexts: [[UInt8]] = [
    [0xCC, 0xE8, 0xF1, 0xEE, 0xEB, 0xE0], [0xFF, 0xFE, 0x1C, 0x04, 0x38, 0x04], [0x04, 0x1C, 0x04, 0x38],
  ]

  private static let digest = SHA256Hasher.digest(of: [1]).hex

  static let manifests = [
    "\(digest)  bag-info.txt\n\(digest)  bagit.txt\n", "\(digest)  data/item-1/a b.txt\n",
    "\(digest)  b.age.001\n\(digest)  b.age.002\n", "\(digest) *b.001\r\n\(digest) *b.002\r\n",
  ]
}
