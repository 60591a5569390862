import Primitives
import Streams
import Testing

@testable import Age

struct HeaderTests {
  /// Also where the body fills its lines, which asks for an empty line behind them.
  @Test(arguments: [0, 1, 16, 32, 47, 48, 49, 95, 96, 97, 1000])
  func headerOfAnyBodySizeGoesThereAndBack(byteCount: Int) throws {
    let stanzas = [
      Stanza(["grease", "!~"], body: plaintext(byteCount)), Stanza(["other"], body: []),
    ]
    let header = Header(stanzas: stanzas, fileKey: FileKey(from: SeededRandomness(seed: 5)))
    let source = LineSource(MemorySource(header.encoded + [1, 2, 3]))
    let parsed = try Header.parse(from: source)
    #expect(parsed == header)
    #expect(try source.readAll(limit: 3) == [1, 2, 3], "the payload comes next")
    let isAuthentic = [5, 6].map { parsed.isAuthentic(under: FileKey(from: SeededRandomness(seed: $0))) }
    #expect(isAuthentic == [true, false])
  }

  @Test(arguments: [
    ("", HeaderFault.notAnAgeFile),
    ("\n", .notAnAgeFile),
    ("PK\u{3}\u{4}", .notAnAgeFile),
    ("age-encryption.org/v1", .notAnAgeFile),
    ("age-encryption.org/v2\n", .unknownVersion),
    ("age-encryption.org/v1\r\n", .unknownVersion),
    ("age-encryption.org/v1\n", .malformed),
    (whole(""), .malformed),
    (whole("-> \n\n"), .malformed),
    (whole("-> a  b\n\n"), .malformed),
    (whole("-> a \n\n"), .malformed),
    (whole("-> a\u{e9}\n\n"), .malformed),
    (whole("-> a\u{7f}\n\n"), .malformed),
    (whole("->a\n\n"), .malformed),
    (whole("-> a\nAA==\n"), .malformed),
    (whole("-> a\n" + String(repeating: "A", count: 65) + "\n"), .malformed),
    (whole("-> a\n" + String(repeating: "A", count: 64) + "\n"), .malformed),
    (whole("-> a\n" + String(repeating: "A", count: 65) + "\nAAA\n"), .malformed),
    (whole("-> a\n\n").replacing("AAAA", with: "AAA"), .malformed),
    (whole("-> a\n\n").replacing("---", with: "--"), .malformed),
    (whole("-> a\n\n").replacing("--- ", with: "---"), .malformed),
  ])
  func malformedHeaderIsRefused(text: String, fault: HeaderFault) {
    #expect(throws: AgeError.header(fault)) { try SealedFile(reading: MemorySource(Array(text.utf8)), form: .binary) }
  }

  /// What lies between the version and a code, in a header without other faults.
  static func whole(_ stanzas: String) -> String {
    "age-encryption.org/v1\n" + stanzas + "--- " + String(repeating: "A", count: 43) + "\n"
  }

  @Test func headerWithoutThoseFaultsIsRead() throws {
    let bytes = Array(Self.whole("-> a\n\n-> b c\nAA\n").utf8)
    #expect(try SealedFile(reading: MemorySource(bytes), form: .binary).needsPassphrase == false)
  }

  @Test func endlessHeaderIsRefused() {
    let text = "age-encryption.org/v1\n-> " + String(repeating: "a", count: Header.maximumByteCount)
    #expect(throws: AgeError.header(.tooLong)) { try SealedFile(reading: MemorySource(Array(text.utf8))) }
  }

  @Test func moreStanzasOrArgumentsThanTheLimitAreRefused() throws {
    func read(_ stanza: String, _ count: Int) throws {
      let stanzas = String(repeating: stanza, count: count)
      _ = try SealedFile(reading: MemorySource(Array(Self.whole(stanzas).utf8)), form: .binary)
    }
    try read("-> a\n\n", Header.maximumStanzaCount)
    #expect(throws: AgeError.header(.tooLong)) { try read("-> a\n\n", Header.maximumStanzaCount + 1) }
    try read("-> " + Array(repeating: "a", count: Header.maximumArgumentCount).joined(separator: " ") + "\n\n", 1)
    let tooMany = Array(repeating: "a", count: Header.maximumArgumentCount + 1).joined(separator: " ")
    #expect(throws: AgeError.header(.tooLong)) { try read("-> \(tooMany)\n\n", 1) }
  }

  @Test func passphraseBesideARecipientIsRefused() throws {
    let fileKey = FileKey(from: SeededRandomness(seed: 5))
    let passphraseStanza = try ScryptStanza.wrap(
      fileKey, with: try phrase("x"), workFactorLog2: 1, from: SystemRandomness())
    let other = try Lock.x25519Identity.recipient.wrap(fileKey, from: SystemRandomness())
    for stanzas in [[passphraseStanza, other], [other, passphraseStanza], [passphraseStanza, passphraseStanza]] {
      let header = Header(stanzas: stanzas, fileKey: fileKey)
      #expect(throws: AgeError.header(.passphraseNotAlone)) { try SealedFile(reading: MemorySource(header.encoded)) }
    }
  }
}
