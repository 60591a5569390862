internal import EvidenceVault
internal import StrictJSON

extension ExportPlan {
  /// The items in the order of the plan, each with its number and its entries, the one that counts now last.
  var wholeItems: [(number: UInt64, parts: [Item])] {
    var order: [UInt64] = []
    var parts: [UInt64: [Item]] = [:]
    for item in items {
      let number = item.amends ?? item.record.index
      if parts[number] == nil { order.append(number) }
      parts[number, default: []].append(item)
    }
    return order.map { ($0, parts[$0] ?? []) }
  }
}

/// An item as the page shows it: its entry and those that amend it, taken together.
struct ReportItem {
  static let translation = "translation"

  /// The number of its first entry.
  let number: UInt64
  /// Its entries that the bundle has, the one that counts now last.
  let parts: [ExportPlan.Item]
  let schema: Schema?

  /// The items of a plan, in its order.
  static func all(in plan: ExportPlan) -> [ReportItem] {
    plan.wholeItems.map { ReportItem(number: $0.number, parts: $0.parts) }
  }

  private init(number: UInt64, parts: [ExportPlan.Item]) {
    self.number = number
    self.parts = parts
    schema = parts.last.flatMap { try? Schema.named($0.record.kind) }
  }

  var kind: String { parts.last?.record.kind ?? "" }

  /// Its kind in all languages.
  var kindLabels: [String: String] { schema?.labels ?? [:] }

  /// What is disclosed of its current record, and of earlier ones what that has not.
  var fields: JSONObject {
    var fields = parts.last?.record.fields ?? [:]
    for part in parts.dropLast().reversed() {
      for member in part.record.fields.members where fields[member.name] == nil { fields[member.name] = member.value }
    }
    return fields
  }

  /// Its title, or what it is known by without one.
  var title: String {
    for name in ["title", "code", "organisation.pseudonym"] {
      if let text = fields[name]?.stringValue { return Printable.line(text) }
    }
    return ""
  }

  var caseCode: String? { fields["case"]?.stringValue }

  /// The language of what is written in a field, as a tag for a browser; `nil` if nobody said.
  func language(of field: String) -> String? {
    let own =
      switch (kind, field) {
      case ("testimony", "account.corrections"): "account.language"
      case ("translation", "text"): "language"
      default: "\(field).language"
      }
    let said = fields[own]?.stringValue ?? fields["texts.language"]?.stringValue
    return said.flatMap { schema?.field("texts.language")?.type.choices.contains($0) == true ? $0 : nil }
      .flatMap { $0 == "other" ? nil : $0 }
  }

  /// The translations that stand beside a disclosed text: by the number of the original, then by field.
  static func translations(among items: [ReportItem]) -> [UInt64: [String: [ReportItem]]] {
    var found: [UInt64: [String: [ReportItem]]] = [:]
    let originals = Dictionary(items.map { ($0.number, $0) }) { first, _ in first }
    for item in items where item.kind == translation && item.fields["text"] != nil {
      guard let number = item.fields["of"]?.unsignedValue,
        let field = item.fields["field"]?.stringValue, originals[number]?.fields[field]?.stringValue != nil
      else { continue }
      found[number, default: [:]][field, default: []].append(item)
    }
    return found
  }
}
