internal import StrictJSON

/// One case: its items, who is in it, what happened when, what proves what, and what is missing.
public struct CaseFile: Sendable {
  /// Something with a date.
  public struct Moment: Sendable {
    /// The date as it is recorded.
    public let date: String
    /// The number of the entry that states it: an item, or an export.
    public let entry: UInt64
    /// The kind of that entry.
    public let kind: String
    /// The field of the date; `added` for an export.
    public let field: String
    /// The title of the entry, or the purpose of an export.
    public let title: String
    let span: EDTFSpan
  }

  /// A person, known by a code.
  public struct Person: Sendable {
    /// The code.
    public let code: String
    /// The items that name the code.
    public internal(set) var items: [UInt64]
  }

  /// A field of one item that points to another.
  public struct Link: Hashable, Sendable {
    /// The number of the item.
    public let item: UInt64
    /// The field.
    public let field: String
    /// The number of the item that it points to.
    public let target: UInt64
  }

  /// What a template needs and a record has not.
  public struct Gap: Sendable {
    /// The number of the item.
    public let item: UInt64
    /// The name of the template.
    public let template: String
    /// The fields that are missing.
    public let fields: [String]
  }

  /// What a witness agreed to.
  public struct Consent: Sendable {
    /// The number of the testimony.
    public let item: UInt64
    /// The code of the witness.
    public let witness: String
    /// The classes of recipients that it may go to.
    public let given: [String]
    /// The classes for which consent was given, and taken back since.
    public let takenBack: [String]
    /// The classes that the witness refused.
    public let refused: [String]
    /// The classes that the witness was not asked about.
    public let unanswered: [String]
    /// When it ends, if it does; for a class that has an end of its own, that one counts.
    public let until: String?
    /// The classes for which it ends on a date of their own, of those for which it is given.
    public let ends: [(recipientClass: String, until: String)]
    /// When it is to be asked for again, if that was said.
    public let reviewDue: String?
  }

  /// The code of the case.
  public let code: String
  /// Its records, as a rule one.
  public let records: [EntryFields]
  /// All its items, in the order in which they were added.
  public let items: [EntryFields]
  /// Bundles in which any of them left.
  public let exports: [EntryFields]

  private let custody: CustodyBook

  init(_ code: String, _ entries: [EntryFields], _ custody: CustodyBook) {
    self.code = code
    self.custody = custody
    items = entries.filter { !$0.isEvent }
    records = items.filter { $0.kind == CountTable.kind }
    let numbers = Set(items.map { Int64(clamping: $0.index) })
    exports = entries.filter { $0.kind == "export" && $0.numbers("items").contains { numbers.contains($0) } }
  }

  /// The people, sorted by code.
  public var people: [Person] {
    var people: [String: Person] = [:]
    for item in items {
      for code in Self.codeFields.flatMap(item.texts) {
        people[code, default: Person(code: code, items: [])].items.append(item.index)
      }
    }
    return people.values.sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
  }

  private static let codeFields = ["code", "witness.code", "organisation.heads", "obtained_from.code"]

  /// The dates in the records, and when bundles were entered in which any of the items left, in the order of the first
  /// days that the dates may mean.
  public var timeline: [Moment] {
    let stated = items.filter { $0.kind != "person" }.flatMap(Self.moments)
    let left = exports.compactMap { export -> Moment? in
      let day = String(export.added.prefix(10))
      return EDTFSpan(day).map {
        Moment(
          date: day, entry: export.index, kind: export.kind, field: "added", title: export.text("purpose") ?? "",
          span: $0)
      }
    }
    return (stated + left).enumerated().sorted { ($0.element.span, $0.offset) < ($1.element.span, $1.offset) }
      .map(\.element)
  }

  /// The dates of one item; those of consent say what is to come, not what was.
  private static func moments(_ item: EntryFields) -> [Moment] {
    guard let schema = try? Schema.named(item.kind) else { return [] }
    return schema.fields.compactMap { field in
      guard case .date = field.type, !field.name.hasPrefix("consent."), let date = item.text(field.name),
        let span = EDTFSpan(date)
      else { return nil }
      return Moment(date: date, entry: item.index, kind: item.kind, field: field.name, title: item.title, span: span)
    }
  }

  /// The fields that point to other items: what proves what.
  public var links: [Link] {
    items.flatMap { item in
      let fields = (try? Schema.named(item.kind))?.fields.filter { !$0.links.isEmpty && $0.name != "amends" } ?? []
      return fields.flatMap { field in
        item.numbers(field.name).compactMap { UInt64(exactly: $0) }.map {
          Link(item: item.index, field: field.name, target: $0)
        }
      }
    }
  }

  /// What the templates need and the records have not.
  public var gaps: [Gap] {
    items.flatMap { item in
      let needed = (try? Schema.named(item.kind))?.neededFor ?? [:]
      return needed.sorted { $0.key < $1.key }.compactMap { template, fields in
        let missing = fields.filter { item.fields[$0] == nil }
        return missing.isEmpty ? nil : Gap(item: item.index, template: template, fields: missing)
      }
    }
  }

  /// What the witnesses agreed to.
  public var consent: [Consent] {
    let classes = Self.recipientClasses
    return items.filter { $0.kind == "testimony" }.map { item in
      let answers = classes.map { (name: $0, answer: item.text("consent.\($0)")) }
      let agreed = answers.filter { $0.answer != nil && $0.answer != "refused" }.map(\.name)
      let takenBack = agreed.filter { custody.withdrawal(of: item.index, for: $0) != nil }
      let given = agreed.filter { !takenBack.contains($0) }
      return Consent(
        item: item.index, witness: item.text("witness.code") ?? "", given: given, takenBack: takenBack,
        refused: answers.filter { $0.answer == "refused" }.map(\.name),
        unanswered: answers.filter { $0.answer == nil }.map(\.name), until: item.text("consent.until"),
        ends: given.compactMap { name in item.consentEnd(for: name).map { (recipientClass: name, until: $0) } },
        reviewDue: item.text("consent.review_due"))
    }
  }

  private static var recipientClasses: [String] {
    guard case .choice(let words) = (try? Schema.named("recipient"))?.field("class")?.type else { return [] }
    return words
  }
}
