import StrictJSON
import Testing

@testable import EvidenceVault

@Suite struct SchemaTests {
  static let kinds = [
    "testimony", "document", "dissolution_case", "pressure_event", "person", "translation", "recipient",
    "recipient_revoked", "export", "disclosure", "withdrawal", "custody", "receipt", "salvage", "recovery",
    "intake", "intake_revoked", "collection",
    "readers", "reseal", "signing_key",
  ]
  static let itemKinds = Array(kinds.prefix(6))

  @Test func everyKindIsThere() throws {
    #expect(Schema.all.map(\.kind) == Self.kinds)
    #expect(Schema.all.filter(\.isItem).map(\.kind) == Self.itemKinds)
    #expect(Schema.kindNames == Self.kinds)
    #expect(Schema.itemKinds == Self.itemKinds)
    #expect(Schema.eventKinds == Set(Self.kinds.dropFirst(6)))
  }

  @Test(arguments: kinds) func fieldNamesAreDistinctNotReservedAndCoverWhatIsRequired(kind: String) throws {
    let schema = try Schema.named(kind)
    let names = schema.fields.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(names).isDisjoint(with: ComposedRecord.reservedNames))
    #expect(Set(schema.required).isSubset(of: names))
    for name in names { #expect(schema.field(name)?.name == name) }
    #expect(schema.field("titel") == nil)
  }

  @Test(arguments: kinds) func whatATemplateNeedsIsAField(kind: String) throws {
    let schema = try Schema.named(kind)
    for (template, names) in schema.neededFor {
      #expect(["ohchr-communication", "hrd", "foaa"].contains(template))
      #expect(names.allSatisfy { schema.field($0) != nil }, "\(kind), \(template)")
    }
  }

  @Test func caseAndTestimonyServeEveryTemplate() throws {
    for kind in ["dissolution_case", "testimony"] {
      #expect(try Schema.named(kind).neededFor.keys.sorted() == ["foaa", "hrd", "ohchr-communication"])
    }
  }

  @Test(arguments: itemKinds) func everyItemCanBeAmendedAndSaysWhoseConsentCoversIt(kind: String) throws {
    let schema = try Schema.named(kind)
    for name in ["title", "case", "notes", "texts.language"] { #expect(schema.field(name) != nil, "\(kind), \(name)") }
    let amends = try #require(schema.field("amends"))
    #expect(amends.isSetByProgram && amends.sensitivity == .open && amends.links == [kind])
    let reason = try #require(schema.field("amendment.reason"))
    #expect(reason.isSetByProgram && reason.sensitivity == .identity)
    #expect(schema.field("consent.by")?.links == (kind == "testimony" ? nil : ["testimony"]))
  }

  @Test(arguments: kinds) func numbersOfItemsPointToKindsOfItems(kind: String) throws {
    for field in try Schema.named(kind).fields where !field.links.isEmpty {
      #expect(Set(field.links).isSubset(of: Self.itemKinds), "\(kind), \(field.name)")
      switch field.type {
      case .integer(let range), .list(.integer(let range)): #expect(range.lowerBound == 0)
      default: Issue.record("\(kind), \(field.name) is no number")
      }
    }
  }

  @Test(arguments: [
    ("testimony", "witness.name"), ("testimony", "witness.contact"), ("testimony", "witness.initials"),
    ("testimony", "witness.person"), ("document", "signed_by.name"), ("pressure_event", "officials.names"),
    ("pressure_event", "present"), ("translation", "translator.name"), ("dissolution_case", "follow_up_contact"),
  ])
  func whatNamesAPersonIsAnIdentityField(kind: String, name: String) throws {
    #expect(try Schema.named(kind).field(name)?.sensitivity == .identity)
  }

  @Test func ofAPersonOnlyTheCodeIsOpen() throws {
    let open: Set = ["case", "code", "consent.by", "consent.same_as", "amends", "texts.language"]
    for field in try Schema.named("person").fields where field.name != "amendment.reason" {
      #expect(field.sensitivity == (open.contains(field.name) ? .open : .identity), "\(field.name)")
    }
  }

  @Test(arguments: [
    ("testimony", "account", Schema.ConsentNeed.verbatim), ("testimony", "account.paraphrase", .paraphrase),
    ("testimony", "witness.code", .code), ("testimony", "witness.initials", .initials),
    ("testimony", "witness.name", .name), ("testimony", "interview.address", .place),
    ("testimony", "account.family", .family), ("testimony", "interview.recording", .voiceImage),
    ("dissolution_case", "district", .district), ("pressure_event", "words_used", .verbatim),
  ])
  func aFieldSaysWhichConsentItNeeds(kind: String, name: String, need: Schema.ConsentNeed) throws {
    #expect(try Schema.named(kind).field(name)?.consentNeed == need)
  }

  @Test func theRegionOfACaseNeedsNoConsentOfItsOwn() throws {
    #expect(try Schema.named("dissolution_case").field("region")?.consentNeed == nil)
  }

  @Test func anUnknownKindIsAnsweredWithTheNearestOne() {
    #expect { try Schema.named("testimoni") } throws: {
      if case VaultError.unknownKind("testimoni", nearest: "testimony") = $0 { true } else { false }
    }
  }
}
