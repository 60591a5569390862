@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// Names that are written otherwise than in the record, and files that do not look like text by their names.
@Suite struct NameSearchTests {
  private static let name = "Мӯсо Шамсиддин-зода"
  private static let other = "Ҳасани Йӯсуф"

  private func isFound(_ name: String, in bytes: [UInt8]) -> Bool {
    NameMatch(name, field: "witness.name").isFound(
      in: NameSearchText(readings: TextContent.readings(of: bytes)))
  }

  private func isFound(_ name: String, in text: String) -> Bool { isFound(name, in: Array(text.utf8)) }

  @Test(arguments: [
    "said Му\u{304}со", "said МУ\u{304}СО", "Мусо", "шамсид\u{AD}дин", "Шам\u{200B}сид\u{FEFF}дин",
    "Шам<b>сидд</b>ин", "Шам<b class=\"x\"\n>сидд</b>ин", "%D0%A8%D0%B0%D0%BC%D1%81%D0%B8%D0%B4%D0%B4%D0%B8%D0%BD",
    "=D0=A8=D0=B0=D0=BC=D1=81=\r\n=D0=B8=D0=B4=D0=B4=D0=B8=D0=BD", "&#1064;&#x430;&#1084;&#1089;&#1080;ддин",
    "&amp;#1064;амсиддин", "Шам&shy;сиддин", "{\\rtf1 \\'d8\\'e0\\'ec\\'f1\\'e8\\'e4\\'e4\\'e8\\'ed}",
    "{\\rtf1 \\u1064?\\u1072?\\u1084?\\u1089?\\u1080?\\u1076?\\u1076?\\u1080?\\u1085?}", "ДокШамсиддин1",
    "{\\rtf1 \\u1064\\'d8\\u1072\\'e0\\u1084\\'ec\\u1089\\'f1\\u1080\\'e8\\u1076 \\'e4\\u1076\\'e4\\u1080\\'e8\\u1085}",
    "%CC%F3%F1%EE",
  ]) func aNameIsFoundHoweverItIsWritten(text: String) { #expect(isFound(Self.name, in: text)) }

  @Test func marksAreTheSameWithinALetterAndBehindIt() {
    #expect(isFound("Йӯсуф", in: "И\u{306}у\u{304}суф"))
    #expect(isFound("И\u{306}у\u{304}суф", in: "Йӯсуф"))
    #expect(isFound("Zoé Noël", in: "zoe\u{301}"))
  }

  @Test(arguments: ["\u{27}", "\u{60}", "\u{2BB}", "\u{2BC}", "\u{2018}", "\u{2019}", "&#39;", "\u{2BF}"])
  func apostrophesAreEqual(mark: String) {
    #expect(isFound("Sanʼatov", in: "said San\(mark)atov"))
    #expect(isFound("San\(mark)atov", in: "said Sanʼatov"))
    #expect(isFound("Sanatov", in: "l\(mark)Sanatov"))
  }

  @Test func everyEncodingIsRead() {
    let cyrillic = [0x428, 0x430, 0x43C, 0x441, 0x438, 0x434, 0x434, 0x438, 0x43D] as [UInt16]
    #expect(isFound(Self.name, in: cyrillic.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
    #expect(isFound(Self.name, in: cyrillic.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }))
    let cp866 = cyrillic.map { UInt8($0 - 0x410 < 0x30 ? $0 - 0x410 + 0x80 : $0 - 0x440 + 0xE0) }
    #expect(isFound(Self.name, in: cp866))
    #expect(isFound(Self.name, in: cyrillic.map { UInt8($0 - 0x410 + 0xB0) }))
    #expect(isFound(Self.name, in: cyrillic.map { UInt8($0 - 0x410 + 0xC0) }))
    #expect(isFound(Self.name, in: Array("Шамсиддин ".utf8) + [0xFF, 0xC0]))
  }

  @Test(arguments: [
    ("+992 90 123-45-67", "992901234567"), ("+992901234567", "call (992) 90 123.45.67 now"),
    ("+992 90 123 45 67", "901234567"), ("734000 +992 90 123 45 67", "call 901234567"),
    ("901234567 935556677", "call 93 555 66 77"), ("passport 4501 987654", "45019 87654"),
  ]) func numbersAreComparedByTheirDigits(value: String, text: String) {
    #expect(NameMatch(value, field: "witness.contact").isFound(in: NameSearchText(text)))
  }

  @Test func aDayIsNoNumber() {
    #expect(!NameMatch("seen on 2023-05-26", field: "notes").isFound(in: NameSearchText("on 26.05.2023, 2023-05-26")))
  }

  @Test func wordsOfOrganisationsAndSmallWordsTellOfNobody() {
    let text = NameSearchText("the public organisation from Ташкилоти ҷамъиятӣ, with a note")
    #expect(!NameMatch("the and from with note", field: "name.latin").isFound(in: text))
    #expect(!NameMatch("Ташкилоти ҷамъиятии «Намуна»", field: "organisation.name").isFound(in: text))
    #expect(NameMatch("Ташкилоти ҷамъиятии «Намуна»", field: "organisation.name").isFound(in: NameSearchText("намуна")))
  }

  @Test func nothingIsFoundInsideOfOtherWordsButInNamesOfFiles() {
    let match = NameMatch("Карим", field: "witness.name")
    #expect(!match.isFound(in: NameSearchText("докКарим")))
    #expect(match.isFound(in: NameSearchText("докКарим1.txt", isFileName: true)))
  }

  // MARK: - Exports

  private func findings(_ file: String, _ bytes: [UInt8]) throws -> (found: [NameFinding], plan: ExportPlan?) {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    let path = try fixture.folder.write(bytes, to: "input/\(file)")
    let fields: JSONObject = ["title": "Paper", "document.kind": "note"]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
    do {
      let plan = try fixture.reader().plan(
        [0, 1], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
      return ([], plan)
    } catch VaultError.identityWouldLeak(let found) {
      return (found, nil)
    }
  }

  @Test(arguments: [
    "a.htm", "a.html", "a.log", "a.vcf", "a.eml", "a.rtf", "a.csv", "a.json", "a.xml", "a", "a.unknown", "a.docx",
    "a.svg",
  ]) func everyFileOfTextIsSearched(file: String) throws {
    let found = try findings(file, Array("one\ntwo \(VaultFixture.witnessName)".utf8)).found
    #expect(found.map(\.place.english) == ["item 1, the content of file \(file), line 2"])
    #expect(found.map(\.word) == [VaultFixture.witnessName])
  }

  @Test func aFileThatIsNoTextIsTold() throws {
    let (found, plan) = try findings("a.bin", [1, 0, 2, 0xFE, 3, 0xD8, 0, 0] + Array(VaultFixture.witnessName.utf8))
    #expect(found.isEmpty)
    #expect(plan?.unsearchedFiles == [UnsearchedFile(item: 1, path: "a.bin")])
    #expect(try findings("b.txt", Array("plain".utf8)).plan?.unsearchedFiles == [])
    for (file, content) in [
      ("a.pdf", "%PDF-1.4\n1 0 obj"), ("named-otherwise.txt", "%PDF-1.4\n1 0 obj"),
      ("mail.eml", "Content-Transfer-Encoding: BASE64\n\n0JzRg9GB0L4="),
      ("head.eml", "Subject: =?utf-8?B?0JzRg9GB0L4=?="),
    ] {
      let plan = try findings(file, Array(content.utf8)).plan
      #expect(plan?.unsearchedFiles == [UnsearchedFile(item: 1, path: file)], "\(file)")
    }
    #expect(
      try !findings("c.txt", [1, 0, 2, 0xFE, 3, 0xD8, 0x20] + Array(VaultFixture.witnessName.utf8)).found.isEmpty)
  }

  @Test func allPlacesAreToldAtOnce() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony("About Намунаева", more: [("account", "Мисола said")])
    #expect {
      try fixture.reader().plan(
        [0], for: .passphrase(recipientClass: "lawyer"), purpose: "for Намунаева", choice: DisclosureChoice())
    } throws: {
      guard case VaultError.identityWouldLeak(let found) = $0 else { return false }
      return Set(found.map(\.place.english)) == ["the purpose", "item 0, title", "item 0, account"]
    }
  }

  @Test func codesAreNotSearched() throws {
    let fixture = try VaultFixture()
    let person: JSONObject = ["title": "Card", "code": "Blue Heron", "name.tajik": "Summons Minutes"]
    _ = try fixture.open().add([], kind: "person", fields: person, signer: fixture.signer)
    let fields: JSONObject = ["title": "Paper", "document.kind": "summons"]
    _ = try fixture.open().add([], kind: "document", fields: fields, signer: fixture.signer)
    #expect(
      try fixture.reader().plan(
        [1], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice()
      ).items.count == 1)
  }

  @Test func aPersonWhoseRecordIsDamagedStopsAnExport() throws {
    let fixture = try VaultFixture()
    let person: JSONObject = ["title": "Card", "code": "Blue Heron", "name.tajik": "Намуна Намунаева"]
    _ = try fixture.open().add([], kind: "person", fields: person, signer: fixture.signer)
    try fixture.addDocument("About Намунаева")
    let reader = try fixture.reader()
    let path = try reader.entry(at: 0).records.path
    // A catalog is there already, so that nothing else reads the record.
    _ = try reader.custody()
    try fixture.folder.write([1, 2, 3], to: "vault/\(path)")
    #expect {
      try fixture.reader().plan(
        [1], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
    } throws: {
      if case VaultError.damaged = $0 { true } else { false }
    }
  }
}
