import Foundation
import TestFolders
import Testing

/// Bundles in parts, and what travels in the open beside a bundle.
@Suite struct PartsTests {
  private let desk: Desk
  private let words: String

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    try desk.folder.write((0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }, to: "large.bin")
    let added = try desk.unlocked(["add", desk["large.bin"]] + Desk.document)
    #expect(added.status == 0, "\(added.errors)")
  }

  private var item: String {
    get throws {
      let items = try desk.unlocked("list", "--json").json["items"] as? [[String: Any]]
      return "\(try #require(items?.last?["item"] as? Int))"
    }
  }

  /// Makes the folder `bundle.age` with four parts.
  private func split() throws {
    let made = try desk.unlocked(
      "export", item, "0", "--to", "desk", "--output", desk["bundle-in-parts"], "--split", "1M")
    #expect(made.status == 0, "\(made.errors)")
  }

  private func open(_ paths: [String], to output: String = "opened") throws -> Outcome {
    try desk.run(
      ["open"] + paths.map { desk[$0] } + [
        "--output", desk[output], "--identity", desk["desk.key"], "--sender", words,
      ])
  }

  private static let part = "bundle-in-parts/bundle-in-parts"

  @Test func partsOpenAsAFolderByAnyOfThemAndFromSeveralPlaces() throws {
    try split()
    let files = try Tree(of: desk["bundle-in-parts"]).files.sorted()
    let names = (1...3).map { "bundle-in-parts.00\($0)" }
    #expect(files == ["HOW-TO-JOIN.txt"] + names + ["bundle-in-parts.parts.sha256"])
    #expect(try open(["bundle-in-parts"], to: "one").status == 0)
    #expect(try open(["\(Self.part).002"], to: "two").status == 0)
    try FileManager.default.createDirectory(atPath: desk["stick"], withIntermediateDirectories: false)
    try FileManager.default.moveItem(atPath: desk["\(Self.part).002"], toPath: desk["stick/bundle-in-parts.002"])
    let apart = try open(["\(Self.part).003", "stick/bundle-in-parts.002", "\(Self.part).001"], to: "three")
    #expect(apart.status == 0, "\(apart.errors)")
    #expect(try Tree(of: desk["one"]) == Tree(of: desk["three"]))
  }

  @Test func partsAreCheckedAndJoinedWithoutThisProgram() throws {
    try split()
    let script = """
      cd "$1" && sha256sum -c bundle-in-parts.parts.sha256 && cat bundle-in-parts.[0-9][0-9][0-9] > bundle-in-parts \
      && grep -q "$(sha256sum bundle-in-parts)" HOW-TO-JOIN.txt
      """
    let joined = try desk.start(
      ["-c", script, "sh", desk["bundle-in-parts"]].map { Array($0.utf8) }, program: "/bin/sh"
    ).wait()
    #expect(joined.status == 0, "\(joined.output)\(joined.errors)")
    #expect(try open([Self.part], to: "joined").status == 0)
  }

  /// What is done to the parts, and the words that have to name the part.
  private static let damages: [(change: String, isListed: Bool, told: String)] = [
    ("rm *.002", true, "parts are missing: bundle-in-parts.002"),
    ("rm *.003", true, "parts are missing: bundle-in-parts.003"),
    ("truncate -s -1 *.003", true, "not as the list of parts says: bundle-in-parts.003"),
    (
      "printf '\\0\\377\\0' | dd of=bundle-in-parts.002 conv=notrunc bs=1 seek=500000", true,
      "says: bundle-in-parts.002"
    ),
    ("mv *.001 x; mv *.002 bundle-in-parts.001; mv x bundle-in-parts.002", true, "001 (it is bundle-in-parts.002)"),
    ("cp *.003 bundle-in-parts.004", true, "not in the list, so they are of another file: bundle-in-parts.004"),
    ("cp *.003 other.004", true, "other.004 is not a part of the same file"),
    ("sed -i '2{s/^0/x/;s/^[1-9a-f]/0/;s/^x/1/}' *.sha256", true, "says: bundle-in-parts.002"),
    ("echo x >> bundle-in-parts.parts.sha256", true, "bundle-in-parts.parts.sha256 is no list of parts"),
    ("rm *.001", false, "parts are missing: bundle-in-parts.001"),
    ("rm *.003", false, "bundle-in-parts.002, is damaged, or parts behind it are missing"),
    ("truncate -s -1 *.002", false, "bundle-in-parts.002 is cut short"),
    (
      "printf '\\0\\377\\0' | dd of=bundle-in-parts.002 conv=notrunc bs=1 seek=500000", false,
      "damaged in bundle-in-parts.002"
    ),
    ("mv *.001 x; mv *.002 bundle-in-parts.001; mv x bundle-in-parts.002", false, "001 does not begin a sealed file"),
  ]

  @Test(arguments: damages.indices) func aPartThatIsNotAsItMustBeIsNamed(index: Int) throws {
    let (change, isListed, told) = Self.damages[index]
    try split()
    let script = "cd \"$1\" && \(isListed ? "" : "rm *.sha256 && ")\(change)"
    let changed = try desk.start(
      ["-c", script, "sh", desk["bundle-in-parts"]].map { Array($0.utf8) }, program: "/bin/sh"
    ).wait()
    #expect(changed.status == 0, "\(changed.errors)")
    try FileManager.default.createDirectory(atPath: desk["output"], withIntermediateDirectories: false)
    let outcome = try open(["bundle-in-parts"], to: "output/opened")
    #expect(outcome.status == 20)
    #expect(outcome.errors.contains(told), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: desk["output"]).isEmpty)
  }

  @Test func sizesAndNamesThatCannotBeAreRefusedAndMakeNothing() throws {
    try FileManager.default.createDirectory(atPath: desk["output"], withIntermediateDirectories: false)
    for (name, size) in [("a", "1K"), ("a", "999KB"), ("a", "0M"), ("a", "99999999999999999999M"), ("a b", "1M")] {
      let outcome = try desk.unlocked(
        "export", "0", "--to", "desk", "--output", desk["output/\(name)"], "--split", size)
      #expect(outcome.status == 64, "\(name) \(size): \(outcome.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: desk["output"]).isEmpty)
  }

  @Test func whatTravelsInTheOpenSaysNothingOfWhatItIs() throws {
    try FileManager.default.createDirectory(atPath: desk["send"], withIntermediateDirectories: false)
    let made = try desk.unlocked(
      "export", "0", "1", "--passphrase", "--class", "lawyer", "--bundle-passphrase-file", desk["passphrase"],
      "--split",
      "1M", "--output", "\(desk["send"])/", "--letter", desk["letter.txt"], "--purpose", "Communication")
    #expect(made.status == 0, "\(made.errors)")
    let letter = try String(contentsOfFile: desk["letter.txt"], encoding: .utf8)
    let folder = try #require(try FileManager.default.contentsOfDirectory(atPath: desk["send"]).first)
    #expect(folder.wholeMatch(of: /[0-9a-f]{8}\.age/) != nil)
    let joining = try String(contentsOfFile: desk["send/\(folder)/HOW-TO-JOIN.txt"], encoding: .utf8)
    let list = try String(contentsOfFile: desk["send/\(folder)/\(folder).parts.sha256"], encoding: .utf8)
    let telling = [
      "evidence", "witness", "bundle", "testimony", "rights", "vault", "account", "minutes", "lawyer", "desk",
      "communication", "tajik", "доказ", "свидет", "прав", "тоҷикист", "таджикист", "далел", "шоҳид", "ҳуқуқ",
    ]
    for text in [letter, joining, list] {
      for word in telling { #expect(!text.lowercased().contains(word), "\(word): \(text)") }
    }
    #expect(letter.contains("age -d -o \(folder).tar \(folder)"))
    #expect(joining.contains(try #require(letter.firstMatch(of: /SHA-256:  ([0-9a-f]{64})/)).1))
  }

  @Test func aFileNameThatTellsSomethingIsToldAndANeutralOneIsNot() throws {
    for (name, told) in [
      ("for the desk.age", "words of the recipient desk"), ("Namunaeva.age", "words of witness.name of item 1"),
      ("Намунаевой.age", "words of witness.name of item 1"), ("first-ACCOUNT.age", "words of the title of item 1"),
      ("a3f9c2d1.age", nil),
    ] {
      let made = try desk.unlocked("export", "1", "--to", "desk", "--output", desk[name])
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.errors.contains("travels in the open") == (told != nil), "\(name): \(made.errors)")
      if let told { #expect(made.errors.contains(told), "\(made.errors)") }
    }
  }

  @Test func aLetterIsNotWrittenOverAnything() throws {
    try desk.folder.write("mine".utf8, to: "letter.txt")
    let vault = try desk.vaultWithoutCaches
    let made = try desk.unlocked(
      "export", "0", "--to", "desk", "--output", desk["b.age"], "--letter", desk["letter.txt"])
    #expect(made.status == 1)
    #expect(try String(contentsOfFile: desk["letter.txt"], encoding: .utf8) == "mine")
    #expect(!FileManager.default.fileExists(atPath: desk["b.age"]))
    #expect(try desk.vaultWithoutCaches == vault)
  }
}
