@testable import EvidenceVault
import EvidenceReport
import Primitives
import Streams
import StrictJSON
import Tar
import TestFolders
import Testing

@Suite struct BagTests {
  /// What names in an item become in a bundle.
  private func paths(_ names: [String]) throws -> [String] {
    let (fixture, index) = try fixture(names.map { ($0, $0) })
    let paths = BagNames.paths(try fixture.reader().record(at: index))
    try expectOpens(fixture)
    return paths.map { String($0.text.dropFirst("data/item-0/".count)) }
  }

  /// A vault with one item of these files.
  private func fixture(_ files: [(name: String, content: String)]) throws -> (VaultFixture, UInt64) {
    let fixture = try VaultFixture()
    for (name, content) in files { try fixture.folder.write(content.utf8, to: "folder/\(name)") }
    let sources = try files.map { name, content in
      ItemSource(
        origin: .path(fixture.folder["folder/\(name)"]), path: try ArchivePath(name), displayPath: name,
        byteCount: UInt64(content.utf8.count))
    }
    let index = try fixture.open().add(
      sources, kind: "document", fields: ["title": "t", "document.kind": "note"], signer: fixture.signer
    ).index
    return (fixture, index)
  }

  /// Whatever the names, a bundle that was made can be opened.
  private func expectOpens(_ fixture: VaultFixture, choice: DisclosureChoice = DisclosureChoice()) throws {
    let desk = try fixture.addRecipient("Desk")
    let reader = try fixture.reader()
    let plan = try reader.plan([0], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: choice)
    let path = fixture.folder["bundle.age"]
    _ = try reader.export(
      plan, pages: Pages.all(for: plan, with: nil, from: reader), to: path, passphrase: nil, signer: fixture.signer)
    _ = try Bundle.open(
      MemorySource(#require(Tree(of: fixture.folder.path)["bundle.age"])), with: [desk], from: .anyone,
      to: fixture.folder["opened"], environment: fixture.environment)
  }

  @Test(arguments: [
    ["names"], ["name:a"], ["name:b"], ["name:c"], ["file:a", "name:b"], ["name:a", "file:b"], ["file:a", "names"],
  ])
  func aFileWhoseNameIsWithheldIsInTheBundle(withheld: [String]) throws {
    // Two of the files have the same bytes, and could be taken for each other.
    let (fixture, _) = try fixture([("a", "same"), ("b", "same"), ("c", "other")])
    var choice = DisclosureChoice()
    choice.withheld = Set(withheld)
    try expectOpens(fixture, choice: choice)
  }

  @Test func harmlessNamesStayAsTheyAre() throws {
    let names = [
      "CON1", "com", "nul-1.txt", "a.con", "console.txt", "COM10", "aux_", "letter.txt", "Нома ба вазорат.txt",
      "folder/a (1).pdf", "e\u{301}te\u{301}.txt",
    ]
    #expect(try paths(names) == names.map { "files/\($0)" })
  }

  @Test(arguments: [
    ("what?.txt", "what_.txt"), ("a:b|c*d\"e<f>g%h", "a_b_c_d_e_f_g_h"), ("dots...", "dots..._"),
    ("space ", "space _"), ("photo\u{202e}gpj.exe", "photo_gpj.exe"), ("soft\u{ad}hyphen", "soft_hyphen"),
    ("line\u{2028}break", "line_break"), ("private\u{e000}", "private_"), ("in./folder", "folder"),
    (String(repeating: "м", count: 126) + "?", String(repeating: "м", count: 60)),
    ("CON", "CON"), ("nul.txt", "nul.txt"), ("Com1.tar.gz", "Com1.tar.gz"), ("LPT\u{b2}", "LPT\u{b2}"),
    ("aux .txt", "aux .txt"), ("PRN/a.txt", "a.txt"), ("conin$", "conin$"),
  ])
  func aNameThatSomeSystemRefusesOrHidesIsReplaced(name: String, path: String) throws {
    #expect(try paths([name]) == ["renamed/1-\(path)"])
  }

  @Test(arguments: [
    (["a.txt", "A.txt"], ["files/a.txt", "renamed/2-A.txt"]),
    (["a?", "a*", "a_"], ["renamed/1-a_", "renamed/2-a_", "files/a_"]),
    (["\u{e9}", "e\u{301}"], ["files/\u{e9}", "renamed/2-e\u{301}"]),
    (["x_/b", "X_"], ["files/x_/b", "renamed/2-X_"]), (["Box", "box/b"], ["files/Box", "renamed/2-b"]),
    (["Maße", "MASSE"], ["files/Maße", "renamed/2-MASSE"]), (["λόγος", "ΛΌΓΟΣ"], ["files/λόγος", "renamed/2-ΛΌΓΟΣ"]),
    (["ſ", "s"], ["files/ſ", "renamed/2-s"]),
  ])
  func noTwoNamesBecomeOneOnAnySystem(names: [String], paths expected: [String]) throws {
    let paths = try paths(names)
    #expect(paths.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
  }

  /// A bag in a folder of some hundred letters is still within what programs on Windows take.
  @Test func aPathThatIsLongForWindowsIsShortened() throws {
    let long = "\(String(repeating: "a", count: 160 - "data/item-0/files//b.txt".utf8.count))/b.txt"
    let letters = String(repeating: "ю", count: 125)
    #expect(
      try paths([long, "c\(long)", "a folder of a long name/\(letters).txt"]) == [
        "files/\(long)", "renamed/2-b.txt", "renamed/3-\(String(repeating: "ю", count: 60))",
      ])
  }

  @Test(arguments: [
    "fetch.txt", "Fetch.TXT", "manifest-md5.txt", "tagmanifest-sha512.txt", "a\u{202e}b", "pages/a\u{200b}", "a:b",
    "pages./a", "a ", "a%41", "NUL.txt", "pages/con",
  ])
  func aPageThatDeceivesPeopleOrProgramsIsForbidden(path: String) {
    #expect(!Bag.mayHave(BagPath(path)))
  }

  @Test(arguments: [
    "READ-ME-FIRST.txt", "pages/manifest-md5.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "bundle.note",
    "tagmanifest-sha256.txt.sig", "proofs/sender.note", "data/item-1/renamed/1-a", "НОМА.txt",
  ])
  func otherPagesAreNot(path: String) {
    #expect(Bag.mayHave(BagPath(path)))
  }

  @Test func aManifestIsReadOnlyInTheFormInWhichItIsWritten() throws {
    let digest = try #require(Digest(hex: String(repeating: "5a", count: 32)))
    let text = Bag.manifestText(["b": digest, "a": digest])
    #expect(text == "\(digest.hex)  a\n\(digest.hex)  b\n")
    #expect(Bag.parseManifest(Array(text.utf8)) == ["a": digest, "b": digest])
    for bad in [
      "\(digest.hex)  b\n\(digest.hex)  a\n", "\(digest.hex)  a\n\(digest.hex)  a\n", "\(digest.hex)  a",
      "\(digest.hex) a\n",
      "\(digest.hex.uppercased())  a\n", "\(digest.hex) *a\n", "\n\(digest.hex)  a\n", "\(digest.hex)  \n", "x",
    ] {
      #expect(Bag.parseManifest(Array(bad.utf8)) == nil, "\(bad)")
    }
  }
}
