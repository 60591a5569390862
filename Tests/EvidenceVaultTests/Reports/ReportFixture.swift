@testable import EvidenceReport
@testable import EvidenceVault
import StrictJSON
import Tar
import TestFolders

/// A vault with an item of each kind, all fields of which are filled in, and a plan that discloses every one of them.
struct ReportFixture {
  static let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]

  let fixture: VaultFixture
  private let text: String
  private static let dates = [
    "2023-03-14", "2022-09", "2021", "202X", "2022~", "2022-12-01?", "2022-11%", "2022-09-12/2023-04-18", "2023/..",
    "../2023-02", "/2023-05", "2023-05/", "2023-01", "2023-02-11", "2023-04", "2023-06", "2023-07", "2023-08",
    "2023-10",
    "2022-01-02", "2022-02", "2022-04-05", "2022-05-06", "2022-06-07", "2022-07-08", "2022-08-09", "2022-10-11",
    "2022-05", "2022-12", "2023-11-12", "2022-03", "2022-09-01",
  ]

  /// Each free text is `text`.
  init(_ text: String = "words") throws {
    self.text = text
    fixture = try VaultFixture()
    let vault = try fixture.open()
    func add(_ kind: String, _ more: JSONObject, files: [String: [UInt8]] = [:]) throws {
      var fields = try filled(Schema.named(kind))
      for member in more.members { fields[member.name] = member.value }
      // The disk need not be able to hold a name that an archive can.
      let sources = try files.keys.sorted().enumerated().map { place, name in
        let path = try fixture.folder.write(files[name] ?? [], to: "input/\(kind)/\(place)")
        return ItemSource(
          origin: .path(path), path: try ArchivePath(name), displayPath: name,
          byteCount: UInt64(files[name]?.count ?? 0))
      }
      _ = try vault.add(sources, kind: kind, fields: fields, signer: fixture.signer)
    }
    try add("testimony", [:], files: ["account.txt": Array("what was said".utf8)])
    try add(
      "document", ["consent.by": 0],
      files: [
        "0\(Self.name(text)):.txt": [], "photo.png": Self.png, "false.png": Array("<svg>".utf8),
        "drawing.svg": Array("<svg/>".utf8),
      ])
    try add("dissolution_case", ["consent.by": 0])
    try add("pressure_event", ["consent.by": 0])
    try add("person", ["consent.by": 0])
    try add("translation", ["of": 0, "field": "account", "consent.by": 0])
    try add("translation", ["of": 0, "field": .string(String(text.prefix(50))), "consent.by": 0])
    _ = try fixture.addRecipient("Desk")
    let reader = try fixture.reader()
    _ = try reader.amend(
      1, setting: ["title": .string(text)], removing: ["issuer"], reason: "a correction", adding: [],
      signer: fixture.signer)
    _ = try reader.enterCustody(
      of: 1, ["event": "transferred", "from": .string(text), "at": "2023-06-02"], signer: fixture.signer)
    _ = try reader.enterCustody(of: 0, ["event": "other", "at": "2023"], signer: fixture.signer)
  }

  /// What a file can be called; with a colon behind it, a bundle gives it another name, whatever the text is.
  private static func name(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "/" && $0.value >= 0x20 }.prefix(80)))
  }

  /// A plan for all items that discloses every field.
  func plan(purpose: String = "a purpose", classes: [String] = ["lawyer"], withheld: Set<String> = []) throws
    -> ExportPlan
  {
    var choice = DisclosureChoice()
    let names = Schema.itemKinds.flatMap { (try? Schema.named($0))?.fields.map(\.name) ?? [] }
    choice.disclosed = Set(names)
    choice.withheld = withheld
    choice.isNameCheckSkipped = true
    choice.askedNote = "asked again"
    let reader = try fixture.reader()
    let audience: Audience =
      classes == ["lawyer"] ? .recipients([try reader.recipient("Desk")]) : .passphrase(recipientClass: classes[0])
    return try reader.plan(Array(0...6), for: audience, purpose: purpose, choice: choice)
  }

  func page(of plan: ExportPlan) throws -> ReportPage {
    let reader = try fixture.reader()
    return try ReportPage(plan, images: ReportImages(of: plan, from: reader))
  }

  /// Every field that people may fill in.
  private func filled(_ schema: Schema) -> JSONObject {
    var fields: JSONObject = [:]
    for (place, field) in schema.fields.enumerated() where !field.isSetByProgram {
      fields[field.name] = value(field.type, field, place)
    }
    return fields
  }

  private func value(_ type: FieldType, _ field: Schema.Field, _ place: Int) -> JSON? {
    switch type {
    case .text(let maximum): return .string(String(text.prefix(maximum)))
    case .date where ["until", "review_due"].contains { field.name.hasSuffix($0) }: return "2990"
    case .date where field.name == "use.not_before" || field.name == "consent.date": return "2001"
    case .date: return .string(Self.dates[place % Self.dates.count])
    case .choice where field.name.hasSuffix("name_to_government"): return "yes"
    case .choice(let words):
      return .string(field.name.hasPrefix("consent.") ? words.last ?? "" : words[place % words.count])
    case .integer: return field.links.isEmpty ? .integer(Int64(place)) : nil
    case .boolean: return .bool(place.isMultiple(of: 2) || field.name.hasPrefix("consent."))
    case .list(let element): return value(element, field, place).map { .array([$0]) }
    }
  }
}

extension ExportPlan {
  /// The same plan with time-stamps that nobody made.
  func stamped(_ times: [TrustedTime]) -> ExportPlan {
    var plan = self
    plan.stamps = HeadStamps(
      sound: times.map { HeadStamps.Stamp(time: $0, token: [], certificate: []) }, unsoundPaths: [])
    return plan
  }
}
