import Primitives
import Testing
import TransparencyLog

/// The example key and note of the Go implementation (golang.org/x/mod/sumdb/note).
private enum Example {
  /// The byte 1 and the seed, as in the private key that the documentation prints.
  static let markedSeed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
  static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  static let otherKey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
  static let text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
  static let signature =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
  static let otherSignature =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
  static let bytes = Array("\(text)\n\(signature)".utf8)
  static let twiceSigned = Array("\(text)\n\(signature)\(otherSignature)".utf8)
}

struct SignedNoteTests {
  @Test(arguments: ["", "a\tb", "a\u{0}", "a\nb", "\u{1b}[2J"])
  func lineHasNoControlCharacters(text: String) {
    #expect(throws: LogError.malformed(.line)) { try NoteLine(text) }
  }

  @Test func theNoteOfTheGoImplementationVerifies() throws {
    let keys = try [VerifierKey(Example.key), VerifierKey(Example.otherKey)]
    let note = try SignedNote(Example.twiceSigned)
    #expect(note.text == (try NoteText(Example.text)))
    #expect(note.bytes == Example.twiceSigned)
    #expect(try note.verified(by: keys) == keys)
    #expect(try note.verified(by: [keys[1]]) == [keys[1]])
  }

  @Test func signingGivesTheNoteOfTheGoImplementation() throws {
    let bytes = Array(try #require(Base64.padded.decode(Example.markedSeed)).dropFirst())
    let seed = SecretBytes(count: bytes.count) { span in
      for index in bytes.indices { span[index] = bytes[index] }
    }
    let signer = NoteSigner(name: try KeyName("PeterNeumann"), key: SigningKey(seed: seed))
    let text = try NoteText(Example.text)
    #expect(signer.verifierKey.description == Example.key)
    #expect(try SignedNote(text: text, signatures: [signer.sign(text)]).bytes == Example.bytes)
  }

  @Test func theNoteOfTheSpecificationVerifies() throws {
    let key = try VerifierKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    let text = """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

      """
    #expect(try SignedNote(Array(text.utf8)).verified(by: [key]) == [key])
  }

  @Test func everyChangedByteIsRefused() throws {
    let key = try VerifierKey(Example.key)
    for bytes in mutations(of: Example.bytes) {
      #expect(throws: LogError.self) { try SignedNote(bytes).verified(by: [key]) }
    }
  }

  @Test func everyTruncationIsRefused() throws {
    for bytes in truncations(of: Example.bytes) {
      #expect(throws: LogError.self) { try SignedNote(bytes) }
    }
  }

  @Test func aNoteThatParsesIsWrittenBackUnchanged() {
    for bytes in mutations(of: Example.twiceSigned) + truncations(of: Example.twiceSigned) {
      if let note = try? SignedNote(bytes) { #expect(note.bytes == bytes) }
    }
  }

  @Test func theLastEmptyLinePartsTextFromSignatures() throws {
    for text in ["\n", "\n\n\n", "a\n\n\nb\n\n", "— a b\n\n— c d\n"] {
      let note = try SignedNote(Array("\(text)\n\(Example.signature)".utf8))
      #expect(note.text.description == text)
    }
  }

  @Test(arguments: [
    "", "\n", "\n\n", "a\n", "a\n\n", "\n\(Example.signature)", "a\n\(Example.signature)", "a\n\n\n",
    "a\n\n\(Example.signature)\n", "a\n\n\(Example.signature)b", "a\r\n\r\n\(Example.signature)",
    "a\n\n\(Example.signature.dropLast())\r\n", "a\tb\n\n\(Example.signature)", "a\u{0}\n\n\(Example.signature)",
    "a\n\n- PeterNeumann AAAAAAA=\n", "a\n\n—PeterNeumann AAAAAAA=\n", "a\n\n— AAAAAAA=\n", "a\n\n—  AAAAAAA=\n",
    "a\n\n— b  AAAAAAA=\n", "a\n\n— b AAAAAAA= \n", "a\n\n— b c AAAAAAA=\n", "a\n\n— b AAAAAAA\n",
    "a\n\n— b AAAAAAB=\n",
    "a\n\n— b AAAAAA==\n", "a\n\n— b \n", "a\n\n— b\n", "a\n\n— b+c AAAAAAA=\n", "a\n\n— b\u{A0}c AAAAAAA=\n",
    "a\n\n— b\u{2003}c AAAAAAA=\n", "a\n\n— b AAAA\r\nAAA=\n", "a\n\n— b _____w==\n",
  ])
  func malformedNotesAreRefused(text: String) {
    #expect(throws: LogError.self) { try SignedNote(Array(text.utf8)) }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    for bad in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x80]] as [[UInt8]] {
      #expect(throws: LogError.malformed(.text)) { try SignedNote(bad + Example.bytes) }
      #expect(throws: LogError.malformed(.line)) { try NoteLine(bad) }
      #expect(throws: LogError.malformed(.keyName)) { try KeyName(bad) }
    }
  }

  @Test func aNoteOfUnknownKeysOnlyIsRefused() throws {
    let note = try SignedNote(Example.bytes)
    let namesake = try signer("PeterNeumann", seedByte: 1).verifierKey
    #expect(throws: LogError.notSigned) { try note.verified(by: []) }
    #expect(throws: LogError.notSigned) { try note.verified(by: [VerifierKey(Example.otherKey)]) }
    #expect(throws: LogError.notSigned) { try note.verified(by: [namesake]) }
  }

  @Test func aBadSignatureOfAKnownKeyRejectsTheNoteAndOfAnUnknownOneDoesNot() throws {
    let good = try signer("good", seedByte: 1)
    let bad = try signer("bad", seedByte: 2)
    let text = try NoteText("text\n")
    let forged = try NoteSignature(
      name: bad.verifierKey.name, keyID: bad.verifierKey.keyID, signature: good.sign(text).signature)
    let note = try SignedNote(text: text, signatures: [good.sign(text), forged])
    #expect(try note.verified(by: [good.verifierKey]) == [good.verifierKey])
    #expect(throws: LogError.invalidSignature(by: bad.verifierKey.name)) {
      try note.verified(by: [good.verifierKey, bad.verifierKey])
    }
    let short = try NoteSignature(name: good.verifierKey.name, keyID: good.verifierKey.keyID, signature: [1])
    #expect(throws: LogError.invalidSignature(by: good.verifierKey.name)) {
      try SignedNote(text: text, signatures: [short]).verified(by: [good.verifierKey])
    }
  }

  @Test func aRepeatedSignatureCountsOnceAndABadRepeatRejectsTheNote() throws {
    let key = try VerifierKey(Example.key)
    let note = try SignedNote(Example.bytes)
    let twice = try note.adding(note.signatures[0])
    #expect(try twice.verified(by: [key]) == [key])
    #expect(try twice.verified(by: [key, key]) == [key])
    let forged = try NoteSignature(name: key.name, keyID: key.keyID, signature: [UInt8](repeating: 0, count: 64))
    #expect(throws: LogError.invalidSignature(by: key.name)) { try note.adding(forged).verified(by: [key]) }
  }

  @Test func limitsHold() throws {
    let signer = try signer("a", seedByte: 1)
    let text = try NoteText("text\n")
    let signature = signer.sign(text)
    let most = try SignedNote(text: text, signatures: [NoteSignature](repeating: signature, count: 100))
    #expect(try SignedNote(most.bytes).verified(by: [signer.verifierKey]).count == 1)
    #expect(throws: LogError.beyondLimit(.note)) { try most.adding(signature) }
    let line = most.bytes.suffix((most.bytes.count - text.bytes.count - 1) / 100)
    #expect(throws: LogError.beyondLimit(.note)) { try SignedNote(most.bytes + line) }
    #expect(throws: LogError.malformed(.note)) { try SignedNote(text: text, signatures: []) }
    let long = [UInt8](repeating: 0x61, count: SignedNote.maximumByteCount - 1) + [0x0A]
    #expect(throws: LogError.beyondLimit(.note)) { try SignedNote(text: NoteText(long), signatures: [signature]) }
    #expect(throws: LogError.beyondLimit(.text)) { try NoteText([0x61] + long) }
    #expect(throws: LogError.beyondLimit(.note)) { try SignedNote([0x61] + long) }
    #expect(throws: LogError.beyondLimit(.keyName)) { try KeyName(String(repeating: "a", count: 1025)) }
  }
}

struct VerifierKeyTests {
  @Test func everyChangedByteAndEveryPartIsRefused() {
    let bytes = Array(Example.key.utf8)
    let suffixes = bytes.indices.dropFirst().map { Array(bytes[$0...]) }
    for changed in mutations(of: bytes) + truncations(of: bytes) + suffixes {
      guard let text = String(validating: changed, as: UTF8.self) else { continue }
      #expect(throws: LogError.self) { try VerifierKey(text) }
    }
  }

  @Test(arguments: [
    "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
    "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
    "++", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "a+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])
  func malformedKeysAreRefused(text: String) {
    #expect(throws: LogError.self) { try VerifierKey(text) }
  }

  @Test func namesAreComparedByTheirBytes() throws {
    let composed = try KeyName("caf\u{E9}")
    let decomposed = try KeyName("cafe\u{301}")
    #expect(composed.description == decomposed.description)
    #expect(composed != decomposed)
    let signer = try signer("caf\u{E9}", seedByte: 3)
    #expect(try VerifierKey(signer.verifierKey.description) == signer.verifierKey)
  }

  @Test(arguments: [
    "", " ", "a b", "a+b", "a\u{85}", "a\u{A0}", "a\u{2028}", "\u{3000}", "a\n", "a\r\n", "a\u{7F}", "a\u{9B}",
  ])
  func namesWithSpacePlusOrControlAreRefused(name: String) {
    #expect(throws: LogError.malformed(.keyName)) { try KeyName(name) }
  }
}
