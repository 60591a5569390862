@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

@Suite struct SearchTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("Протокол расширенного заседания", files: ["minutes.txt": "a"])
    try fixture.addTestimony(more: [
      ("account", "Ба мо гуфтанд: \"ариза нависед\", вагарна ҷазо медиҳанд"), ("consent.lawyer", "full"),
      ("consent.media", "refused"), ("consent.until", "2026-03"),
    ])
    try fixture.addCase("juniper", ["region": "gbao", "date_decision": "2023-05-12", "sectors": ["youth", "media"]])
    try fixture.addCase("willow", ["region": "sughd", "date_decision": "2023-05", "years_in_operation": 12])
    try fixture.addCase("poplar", ["region": "gbao", "date_decision": "2023"])
  }

  private func found(_ edit: (inout ItemQuery) throws -> Void) throws -> [UInt64] {
    var query = ItemQuery()
    try edit(&query)
    return try fixture.reader().entries(query).map(\.index)
  }

  private func found(_ condition: String) throws -> [UInt64] {
    try found { $0.conditions = [try FieldCondition(condition)] }
  }

  @Test(arguments: [
    ("РАСШИРЕННОГО", [0]), ("minutes.TXT", [0]), ("чазо", [1]), ("ҶАЗО", [1]), ("\"ариза", [1]), ("blue heron", [1]),
    ("gbao", [2, 4]), ("title", []), ("", []),
  ])
  func textIsFoundInTitlesFieldsAndFileNames(text: String, items: [UInt64]) throws {
    #expect(try found { $0.text = text } == items)
  }

  @Test func aHitSaysWhereTheTextStands() throws {
    var query = ItemQuery()
    query.text = "нависед"
    var hits: [SearchHit] = []
    try fixture.reader().forEachHit(of: query, allFields: false, mapping: { $0 }) { hits.append($0) }
    let passage = try #require(hits.first?.passage)
    #expect(passage.field == "account")
    #expect(passage.text.contains("\"ариза нависед\""))
  }

  @Test(arguments: [
    ("region=gbao", [2, 4]), ("sectors=youth", [2]), ("years_in_operation=12", [3]), ("years_in_operation>12", []),
    ("years_in_operation>=12", [3]), ("date_decision=2023-05", [2, 3]), ("date_decision=2023", [2, 3, 4]),
    ("date_decision<2023-06", [2, 3]), ("date_decision>=2023", [2, 3, 4]), ("date_decision>2023-04", [2, 3]),
    ("date_decision<=2023-05-12", [2]), ("title=протокол расширенного заседания", [0]), ("consent.lawyer=full", [1]),
  ])
  func aConditionIsMetByWhatSurelyMeetsIt(condition: String, items: [UInt64]) throws {
    #expect(try found(condition) == items)
  }

  @Test(arguments: ["regoin=gbao", "region=gabo", "region<gbao", "date_decision=yesterday", "region", "=x", ""])
  func aConditionThatNothingCanMeetIsRefused(condition: String) {
    #expect(throws: VaultError.self) { try FieldCondition(condition) }
  }

  @Test func anUnknownFieldIsNamedWithTheNearest() {
    #expect {
      try FieldCondition("regoin=gbao")
    } throws: {
      if case VaultError.unknownField("regoin", _, "region") = $0 { true } else { false }
    }
  }

  @Test func aMissingAnswerIsNoConsent() throws {
    #expect(try found { $0.withoutConsentTo = "lawyer" } == [])
    #expect(try found { $0.withoutConsentTo = "media" } == [1])
    #expect(try found { $0.withoutConsentTo = "researcher" } == [1])
  }

  @Test func consentEndsOnTheFirstDayThatItsDateMayMean() throws {
    #expect(try found { $0.consentEndsBefore = try ConsentDeadline("2026-03") } == [])
    #expect(try found { $0.consentEndsBefore = try ConsentDeadline("2026-03-02") } == [1])
  }

  private func ending(before date: String) throws -> [UInt64] {
    var query = ItemQuery()
    query.consentEndsBefore = try ConsentDeadline(date)
    var items: [UInt64] = []
    // As a list does, which reads no other fields than those that are asked about.
    try fixture.reader().forEachHit(of: query, allFields: false, mapping: { $0.entry.index }) { items.append($0) }
    return items
  }

  @Test(arguments: Schema.recipientClasses)
  func consentThatEndsForOneClassAloneIsFound(recipientClass: String) throws {
    let item = try fixture.addTestimony(
      "Second", more: [("consent.\(recipientClass)", "code"), ("consent.\(recipientClass).until", "2026-06")])
    #expect(try ending(before: "2026-06") == [1])
    #expect(try ending(before: "2026-06-02") == [1, item])
  }

  @Test(arguments: [nil, "refused", "code"] as [String?])
  func consentThatWasNotGivenDoesNotEnd(answer: String?) throws {
    var fields: JSONObject = ["consent.media.until": "2026-06-01"]
    fields["consent.media"] = answer.map { .string($0) }
    let entry = EntryFields(
      index: 0, amends: nil, recordIndex: 0, kind: "testimony", added: "", fields: fields, files: [])
    #expect(try ConsentDeadline("2026-12").isPassed(by: entry) == (answer == "code"))
  }

  @Test func anAmendedItemIsFoundByItsCurrentRecordUnderItsFirstNumber() throws {
    try fixture.amend(2, "juniper", ["region": "khatlon", "title": "Known anew"])
    for _ in 0..<2 {
      #expect(try found("region=gbao") == [4])
      #expect(try found("region=khatlon") == [2])
      #expect(try found { $0.text = "Known anew" } == [2])
      var listed: [UInt8] = []
      try fixture.reader().forEachCurrentSummary {
        $1 += Array("\($0.index) \($0.title)\n".utf8)
      } _: {
        listed += $0
      }
      #expect(String(decoding: listed, as: UTF8.self).contains("2 Known anew\n"))
      #expect(!String(decoding: listed, as: UTF8.self).contains("5 "))
    }
    try fixture.amend(5, "juniper", ["region": "dushanbe"])
    #expect(try found("region=dushanbe") == [2], "an amendment of an amendment is one of the item")
    try fixture.amend(99, "later", ["region": "dushanbe"])
    #expect(try found("region=dushanbe") == [2, 7], "nothing is amended before it is there")
  }

  @Test func searchesWorkWithoutACatalogThatCanBeWritten() throws {
    let reader = try fixture.reader()
    try TemporaryFolder.remove("\(fixture.path)/\(Vault.incomingFolder)")
    var query = ItemQuery()
    query.conditions = [try FieldCondition("region=gbao")]
    #expect(try reader.entries(query).map(\.index) == [2, 4])
  }

  @Test func theFieldsAreCachedOnlyOnceSomethingWasSearchedAndCheckedDeeply() throws {
    let path = Catalog.Contents.fields.fileName
    _ = try fixture.reader().summaries()
    #expect(try Tree(of: fixture.path)[path] == nil)
    _ = try found("region=gbao")
    var bytes = try #require(Tree(of: fixture.path)[path])
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    bytes[bytes.count - 1] ^= 1
    try Tree.replace("\(fixture.path)/\(path)", with: bytes)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.map(\.path) == [path])
    #expect(try found("region=gbao") == [2, 4])
    #expect(try found("region=gbao") == [2, 4])
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty, "the search makes it again")
  }
}

extension VaultFixture {
  /// Adds a dissolution case.
  @discardableResult
  func addCase(_ code: String, _ more: [String: JSON]) throws -> UInt64 {
    try open().add([], kind: "dissolution_case", fields: Self.caseFields(code, more), signer: signer).index
  }

  /// Gives an item a new record, as `evidence amend` does.
  func amend(_ item: Int64, _ code: String, _ more: [String: JSON]) throws {
    var fields = Self.caseFields(code, more)
    fields["amends"] = .integer(item)
    let vault = try open()
    let record = try ComposedRecord(
      kind: "dissolution_case", added: environment.now(), fields: fields, files: [],
      randomness: environment.randomness)
    _ = try vault.commit([PreparedEntry(record: record, object: nil)], signer: signer)
  }

  static func caseFields(_ code: String, _ more: [String: JSON]) -> JSONObject {
    var fields: JSONObject = [
      "title": .string("Closure of \(code)"), "case": .string(code), "organisation.pseudonym": .string(code),
      "region": "gbao", "mode": "court_ordered",
    ]
    for (name, value) in more.sorted(by: { $0.key < $1.key }) { fields[name] = value }
    return fields
  }
}
