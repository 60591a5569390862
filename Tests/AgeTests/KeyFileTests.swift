import Age
import Testing

struct KeyFileTests {
  private static let first = KeyTextTests.x25519Text
  private static let second = KeyTextTests.hybridText

  @Test(arguments: [
    "\(first)\n\(second)\n",
    "\(first)\n\(second)",
    "\(first)\r\n\(second)\r\n",
    "\n\n\(first)\n\n\(second)\n\n",
    "\r\n\(first)\r\n\r\n\(second)\r\n",
    "# created: today\n# public key: age1…\n\(first)\n#\n\(second)\n# end",
    "# CRLF\r\n\(first)\r\n#\(first)\r\n\(second)",
  ])
  func identitiesAreReadBetweenCommentsAndEmptyLines(text: String) throws {
    let identities = try KeyFile.identities(in: secret(text))
    #expect(identities.map { revealed($0.encoded()) } == [Self.first, Self.second])
  }

  @Test(arguments: [
    ("", 0), ("\n", 1), ("# a comment\n", 1), ("\(first)\nAGE-SECRET-KEY-1\n", 2), (" \(first)\n", 1),
    ("\(first) \n", 1), ("\n\(first)\n\n\(first)\(second)\n", 4), ("\(first)\r\r\n", 1), ("\(first)\n \n", 2),
    ("\(first)\r\(second)\n", 1), ("\(first)\u{0}\n", 1), ("# x\nage1zvkyg2lqzraa2lnjvqej32nkuu0u\n", 2),
  ])
  func badIdentityFileIsRefusedWithItsLine(text: String, line: Int) {
    #expect(throws: AgeError.invalidIdentity(line: line)) { _ = try KeyFile.identities(in: secret(text)) }
  }

  @Test func recipientsAreReadBetweenCommentsAndEmptyLines() throws {
    let recipients = [Lock.x25519Identity.recipient, Lock.hybridIdentity.recipient]
    for newline in ["\n", "\r\n"] {
      let lines = ["# ours", recipients[0].description, "", "#", recipients[1].description]
      for end in ["", newline, newline + newline] {
        let text = Array((lines.joined(separator: newline) + end).utf8)
        #expect(try KeyFile.recipients(in: text) == recipients)
      }
    }
    #expect(try KeyFile.recipients(in: Array("# none\n\n".utf8)) == [])
  }

  @Test(arguments: [" age1", "age1 ", "age1", "\u{0}", "\(KeyTextTests.x25519Recipient) #", "\(first)"])
  func badRecipientIsRefused(line: String) {
    let text = Array("\(KeyTextTests.x25519Recipient)\n\(line)\n".utf8)
    #expect(throws: AgeError.invalidRecipient(line: 2)) { try KeyFile.recipients(in: text) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    let text = Array(KeyTextTests.x25519Recipient.utf8) + [0xff, 0x0a]
    #expect(throws: AgeError.invalidRecipient(line: 1)) { try KeyFile.recipients(in: text) }
  }
}
