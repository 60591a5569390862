@testable import EvidenceVault
import StrictJSON
import Testing

@Suite struct FieldTypeTests {
  private static let choice = FieldType.choice(["summons", "minutes"])

  @Test(arguments: [
    (FieldType.text(maximumLength: 5), "пять5", JSON.string("пять5")), (.text(maximumLength: 5), "", ""),
    (.date, "2023-05", "2023-05"), (choice, "minutes", "minutes"), (.integer(0...9), "9", 9), (.boolean, "yes", true),
    (.boolean, "true", true), (.boolean, "no", false), (.boolean, "false", false),
    (.list(.text(maximumLength: 9)), "one, two words,three", .array(["one", "two words", "three"])),
    (.list(choice), "minutes,summons", .array(["minutes", "summons"])), (.list(choice), "", .array([])),
  ])
  func whatFitsIsTaken(type: FieldType, text: String, value: JSON) throws {
    #expect(try type.value(typed: text, field: "f") == value)
    #expect(type.refusal(of: value) == nil)
  }

  @Test(arguments: [
    (FieldType.text(maximumLength: 4), "пять5"), (.date, "yesterday"), (choice, "Minutes"), (choice, ""),
    (.integer(0...9), "10"), (.integer(0...9), "-1"), (.integer(0...9), "1.0"), (.integer(0...9), ""),
    (.integer(0...9), "99999999999999999999"), (.boolean, "ja"), (.boolean, ""), (.list(choice), "minutes,paper"),
  ])
  func whatDoesNotFitIsRefusedByName(type: FieldType, text: String) {
    #expect { try type.value(typed: text, field: "f.g") } throws: {
      if case VaultError.invalidValue(field: "f.g", let expected) = $0 { !expected.english.isEmpty } else { false }
    }
  }

  @Test(arguments: [
    (FieldType.text(maximumLength: 5), JSON.integer(1)), (.date, .null), (choice, .array(["minutes"])),
    (.integer(0...9), "1"),
    (.integer(0...9), .number(1.5)), (.boolean, "yes"), (.list(.boolean), "yes"), (.list(.boolean), .array(["yes"])),
    (.list(.boolean), .array(Array(repeating: true, count: FieldType.maximumListCount + 1))),
  ])
  func aValueOfAnotherTypeIsRefused(type: FieldType, value: JSON) { #expect(type.refusal(of: value) != nil) }

  @Test func aMisspelledChoiceIsAnsweredWithTheNearestOne() throws {
    #expect(try #require(Self.choice.refusal(of: "sumons")).english.contains("did you mean summons?"))
    #expect(try #require(Self.choice.refusal(of: "zzzzzzzzz")).english.contains("did you mean") == false)
  }

  @Test(arguments: [
    ("witness.nam", "witness.name"), ("title", "title"), ("titel", "title"), ("witnes.cod", "witness.code"),
    ("Title", "title"),
  ])
  func theNearestNameIsFound(typed: String, meant: String) {
    #expect(nearestName(to: typed, among: ["title", "witness.name", "witness.code", "account"]) == meant)
  }

  @Test func aNameFarFromAllHasNoNearestOne() {
    #expect(nearestName(to: "telephone", among: ["title", "account"]) == nil)
    #expect(nearestName(to: "title", among: []) == nil)
  }
}
