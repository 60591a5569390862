import Foundation
import TestFolders
import Testing

/// A bundle under a passphrase, which was told over the telephone.
@Suite struct BundlePassphraseTests {
  private let desk: Desk

  init() throws {
    desk = try Desk.withVault()
    try desk.folder.write("meadow-lantern-ripple-cedar-oxygen-tuna-Sofa\n".utf8, to: "exact")
    try desk.folder.write("meadow-lantern-ripple-cedar-oxygen-tuna\n".utf8, to: "made")
    for (name, file) in [("told.age", "made"), ("typed.age", "exact")] {
      let sealed = try desk.unlocked(
        "export", "0", "--passphrase", "--class", "lawyer", "--bundle-passphrase-file", desk[file], "--output",
        desk[name])
      try #require(sealed.status == 0, "\(sealed.errors)")
    }
  }

  private func open(_ bundle: String, _ typed: String, to output: String = "opened") throws -> Outcome {
    try desk.folder.write("\(typed)\n".utf8, to: "typed")
    return try desk.run(
      "open", desk[bundle], "--passphrase", "--passphrase-file", desk["typed"], "--output", desk[output], "--sender",
      "anyone")
  }

  @Test(arguments: [
    "meadow-lantern-ripple-cedar-oxygen-tuna", "meadow lantern ripple cedar oxygen tuna",
    "Meadow  LANTERN ripple\tcedar, oxygen - tuna ", " meadow\u{a0}lantern\u{2011}ripple \u{2014} cedar. Oxygen tuna.",
  ])
  func wordsOpenItHoweverTheyAreTyped(typed: String) throws {
    let opened = try open("told.age", typed)
    #expect(opened.status == 0, "\(opened.errors)")
  }

  /// One that somebody chose may have capitals in it: what was typed is tried first.
  @Test func whatSomebodyChoseOpensAsItIs() throws {
    #expect(try open("typed.age", "meadow-lantern-ripple-cedar-oxygen-tuna-Sofa").status == 0)
    try expectRefusal(12, at: desk) {
      try open("typed.age", "meadow lantern ripple cedar oxygen tuna sofa", to: "output/opened")
    }
  }

  @Test func aWrongOneIsSaidToBeThatOfTheBundle() throws {
    for typed in ["meadow lantern ripple cedar oxygen", "meadowlanternripplecedaroxygentuna", "- ,"] {
      try expectRefusal(12, at: desk) {
        let outcome = try open("told.age", typed, to: "output/opened")
        #expect(outcome.errors.contains("that is not the passphrase of the bundle"), "\(outcome.errors)")
        return outcome
      }
    }
    try expectRefusal(12, at: desk) {
      let outcome = try open("bundle.age", "meadow lantern", to: "output/opened")
      #expect(outcome.errors.contains("sealed to a key, not to a passphrase"), "\(outcome.errors)")
      return outcome
    }
  }

  /// A receipt answers what was sent to the owner of a card, and a passphrase has none.
  @Test func whatNeedsAKeyOfTheVaultSaysSo() throws {
    let words: [[String]] = [
      ["open", desk["told.age"], "--output", desk["output/opened"]], ["receive", desk["told.age"]],
      ["receipt", desk["told.age"], "--output", desk["output/receipt"]],
    ]
    for words in words {
      try expectRefusal(12, at: desk) {
        let outcome = try desk.unlocked(words + ["--vault", desk["vault"], "--sender", "anyone"])
        #expect(outcome.errors.contains("sealed to a passphrase, not to a key"), "\(outcome.errors)")
        #expect(outcome.errors.contains("seal it to the card of your vault"))
        return outcome
      }
    }
  }
}
