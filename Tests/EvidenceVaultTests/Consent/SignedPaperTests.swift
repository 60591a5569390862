@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// Papers with the signature of a witness, in which no program finds a name, go by name alone where the witness may not
/// be known.
@Suite struct SignedPaperTests {
  private let fixture: VaultFixture

  /// Item 1 is a testimony whose witness allows words, and goes by code name.
  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    try fixture.addTestimony()
  }

  private func add(_ file: String, _ kind: String, _ fields: JSONObject, _ bytes: [UInt8]) throws -> UInt64 {
    let path = try fixture.folder.write(bytes, to: "input/\(file)")
    return try fixture.open().add(ItemSource.find([path]), kind: kind, fields: fields, signer: fixture.signer).index
  }

  private func document(
    _ file: String, _ kind: String = "other", _ more: JSONObject = [:], bytes: [UInt8] = [1, 2, 3]
  ) throws -> UInt64 {
    var fields: JSONObject = ["title": "Paper", "document.kind": .string(kind)]
    for member in more.members { fields[member.name] = member.value }
    return try add(file, "document", fields, bytes)
  }

  private func reasons(_ item: UInt64, named: String? = nil) throws -> [WithheldReason] {
    try fixture.planForDesk([item]) { $0.disclosed = Set(named.map { ["file:\($0)"] } ?? []) }
      .items[0].withheldFiles.map(\.reason)
  }

  private func allowName() throws {
    _ = try fixture.reader().amend(
      1, setting: ["consent.lawyer": "full"], removing: [], reason: "asked", adding: [], signer: fixture.signer)
  }

  @Test(
    arguments: [
      ("form.pdf", "consent_form"), ("form.png", "consent_form"), ("words.pdf", "statement"),
      ("words.png", "statement"), ("words.dat2", "statement"),
    ])
  func aSignedPaperGoesByNameUnlessItsWitnessMayBeKnown(file: String, kind: String) throws {
    let paper = try document(file, kind, ["consent.by": 1])
    #expect(try reasons(paper) == [.unsearchable])
    #expect(try reasons(paper, named: file).isEmpty, "somebody looked")
    try allowName()
    #expect(try reasons(paper).isEmpty)
  }

  /// A page can have a picture in it, and what is called a text can be none.
  @Test(arguments: [("form.html", Array("<p>I agree</p>".utf8)), ("form.txt", Array("%PDF-1.7".utf8))])
  func whatOnlyLooksLikeTextIsNone(file: String, bytes: [UInt8]) throws {
    #expect(try reasons(document(file, "consent_form", ["consent.by": 1], bytes: bytes)) == [.unsearchable])
  }

  /// Scanners give every file the same name.
  @Test func aNameGivenForOneItemOpensNoOther() throws {
    let papers = try (0..<2).map { try document("scan.pdf", "statement", ["consent.by": 1], bytes: [UInt8($0)]) }
    func plan(_ names: String...) throws -> [Int] {
      try fixture.planForDesk(papers) { $0.disclosed = Set(names) }.items.prefix(2).map(\.record.files.count)
    }
    #expect {
      _ = try plan("file:scan.pdf")
    } throws: {
      guard case VaultError.fileOfSeveral("file:scan.pdf", let items) = $0 else { return false }
      return items == papers
    }
    #expect(try plan("file:\(papers[0]):scan.pdf") == [1, 0])
    #expect(try plan("file:\(papers[0]):scan.pdf", "file:\(papers[1]):scan.pdf") == [1, 1])
    #expect(try fixture.planForDesk([papers[0]]) { $0.disclosed = ["file:scan.pdf"] }.items[0].record.files.count == 1)
  }

  /// What a text says is searched; what is heard is a matter of voice.
  @Test func textIsSearchedAndSoundIsAVoice() throws {
    #expect(try reasons(document("words.txt", "statement", ["consent.by": 1], bytes: Array("a".utf8))).isEmpty)
    let sound: JSONObject = ["consent.by": 1, "shows_people": false]
    #expect(try reasons(document("words.wav", "statement", sound)).isEmpty)
  }

  @Test func whatATestimonyNamesAsItsFormIsOne() throws {
    let form = try document("scan.pdf")
    #expect(try reasons(form).isEmpty)
    _ = try fixture.reader().amend(
      1, setting: ["consent.evidence": .integer(Int64(form))], removing: [], reason: "found", adding: [],
      signer: fixture.signer)
    #expect(try reasons(form) == [.unsearchable])
    let copy = try document("copy.png", "other", ["derived_from": .integer(Int64(form))])
    #expect(try reasons(copy) == [.unsearchable])
  }

  /// Whose name stands on a form that nobody's consent speaks for, no program knows.
  @Test func aFormForWhichNobodySpeaksGoesByNameAlone() throws {
    for (file, bytes) in [("form.pdf", [1, 2, 3]), ("form.txt", Array("I agree".utf8))] {
      let form = try document(file, "consent_form", bytes: bytes)
      #expect(try reasons(form) == [.identity], "\(file)")
      #expect(try reasons(form, named: file).isEmpty, "\(file)")
    }
    #expect(try reasons(document("words.pdf", "statement")).isEmpty, "an open letter, for example")
  }

  @Test func papersMadeFromATestimonyAreAsItsOwn() throws {
    let translation = try add("words.pdf", "translation", ["title": "Words", "of": 1, "language": "en"], [1, 2, 3])
    #expect(try reasons(translation) == [.unsearchable])
    let copy = try document("copy.pdf", "other", ["derived_from": 1])
    #expect(try reasons(copy) == [.unsearchable])
  }

  /// Somebody blackened the name: that is what it was made for.
  @Test func aRedactedCopyGoes() throws {
    let form = try document("form.pdf", "consent_form", ["consent.by": 1])
    let more: JSONObject = ["derived_from": .integer(Int64(form)), "derived.purpose": "redacted"]
    #expect(try reasons(document("redacted.pdf", "consent_form", more, bytes: [1])).isEmpty)
    let ofTestimony: JSONObject = ["derived_from": 1, "derived.purpose": "redacted", "shows_people": false]
    #expect(try reasons(document("words.pdf", "statement", ofTestimony, bytes: [1])).isEmpty)
  }
}
