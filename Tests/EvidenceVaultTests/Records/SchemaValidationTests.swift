import Foundation
import StrictJSON
import Testing

@testable import EvidenceVault

/// Records held against their schema.
@Suite struct SchemaValidationTests {
  @Test func anUnknownFieldIsAnsweredWithTheNearestOne() throws {
    let schema = try Schema.named("document")
    #expect { try schema.validated(["titel": "x"]) } throws: {
      if case VaultError.unknownField("titel", kind: "document", nearest: "title") = $0 { true } else { false }
    }
  }

  @Test func aMissingFieldIsNamed() throws {
    let schema = try Schema.named("document")
    #expect { try schema.validated(["title": "x"]) } throws: {
      if case VaultError.missingField("document.kind", kind: "document") = $0 { true } else { false }
    }
  }

  @Test func fieldsComeInTheOrderOfTheSchema() throws {
    let schema = try Schema.named("document")
    #expect(try schema.validated(["document.kind": "note", "title": "x"]).names == ["title", "document.kind"])
  }

  @Test(arguments: [("amends", JSON.integer(0)), ("amendment.reason", "a slip of the pen")])
  func whatTheProgramWritesIsRefusedFromPeople(name: String, value: JSON) throws {
    let schema = try Schema.named("document")
    var record: JSONObject = ["title": "x", "document.kind": "note"]
    record[name] = value
    #expect { try schema.validated(record) } throws: {
      if case VaultError.programField(name, kind: "document") = $0 { true } else { false }
    }
    #expect(try schema.validated(record, fromProgram: true)[name] == value)
  }

  @Test func aFieldIsFoundByItsBytesAlone() throws {
    let schema = try Schema.named("document")
    // The same name to Swift, if this compared as String does: a letter with an accent of its own.
    #expect(schema.field("titl\u{65}\u{301}") == nil)
    #expect(schema.field("title\u{0}") == nil)
    #expect(schema.field("") == nil)
  }

  @Test func aRefusedDateSaysWhy() throws {
    let schema = try Schema.named("document")
    #expect { try schema.validated(["document_date": "31.02.2023"]) } throws: {
      if case VaultError.invalidValue(field: "document_date", let expected) = $0 {
        expected.english == "a day that exists: February 2023 has 28 days"
      } else {
        false
      }
    }
  }

  @Test func aRecordOfManyThousandIsCheckedInNoTime() throws {
    let schema = try Schema.named("testimony")
    let record: JSONObject = [
      "title": "x", "witness.code": "Blue Heron", "interview.date": "2023-06-01", "interview.language": "tg",
      "account": "…", "consent.public": "refused", "consent.until": "2028", "consent.media.quotes": "none",
    ]
    let elapsed = try ContinuousClock().measure { for _ in 0..<2_000 { _ = try schema.validated(record) } }
    #expect(elapsed < .seconds(5), "quadratic in the number of fields: \(elapsed)")
  }
}

/// The invented records that the demonstration adds.
@Suite struct SampleRecordTests {
  @Test(arguments: [
    ("case", "dissolution_case"), ("correspondence", "document"), ("decision", "document"), ("summons", "document"),
    ("testimony", "testimony"),
  ])
  func everySampleRecordFitsItsSchema(name: String, kind: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bytes = try Data(contentsOf: root.appending(path: "Vault/samples/records/\(name).json"))
    let record = try #require(JSON.parse(Array(bytes)).objectValue)
    #expect(try Schema.named(kind).validated(record).count == record.count)
  }
}
