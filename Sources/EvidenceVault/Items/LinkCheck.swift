public import StrictJSON
internal import Wording

extension VaultReader {
  /// Requires that the numbers in fields which lead to other entries are those of entries of the kinds that the schema
  /// names: another would only be found when something is to be sent, or never.
  ///
  /// - Throws: `VaultError.invalidValue`.
  ///
  /// Source: FORMAT section 5.
  public func requireLinks(_ fields: JSONObject, of schema: Schema) throws(VaultError) {
    guard let fault = linkFaults(fields, of: schema).first else { return }
    throw .invalidValue(field: fault.field, expected: fault.expected)
  }

  /// The fields with a number that leads to no entry, or to one of another kind, and what belongs there.
  func linkFaults(_ fields: JSONObject, of schema: Schema) -> [(field: String, expected: Phrase)] {
    fields.members.compactMap { member in
      guard let field = schema.field(member.name) else { return nil }
      return field.expected(insteadOf: member.value, in: self).map { (field.name, $0) }
    }
  }
}

extension VaultReader: LinkTargets {
  func target(_ number: UInt64) -> LinkTarget {
    do throws(VaultError) { return .entry(kind: try record(at: number).kind) } catch {
      if case .noSuchItem = error { return .nothing }
      return .unreadable
    }
  }
}

/// What numbers of entries lead to.
protocol LinkTargets {
  func target(_ number: UInt64) -> LinkTarget
}

/// What a number leads to.
enum LinkTarget {
  case entry(kind: String)
  case nothing
  /// What was withdrawn is refused when something is to be sent, and with its reason; what is damaged, too.
  case unreadable
}

extension Schema.Field {
  /// What belongs in the place of a number, or a list of them, that leads to no entry, or to one of another kind; `nil`
  /// if the value is right, or leads nowhere.
  func expected(insteadOf value: JSON, in targets: some LinkTargets) -> Phrase? {
    guard !links.isEmpty else { return nil }
    for value in value.arrayValue ?? [value] {
      let number = value.unsignedValue ?? .max
      if let expected = expected(insteadOf: targets.target(number), at: number) { return expected }
    }
    return nil
  }

  private func expected(insteadOf target: LinkTarget, at number: UInt64) -> Phrase? {
    let isOfConsent = name == ConsentLineage.consentBy
    switch target {
    case .unreadable: return nil
    case .nothing: return isOfConsent ? "the number of a testimony" : "the number of an entry of this vault"
    case .entry(let kind):
      guard !links.contains(where: { $0.utf8.elementsEqual(kind.utf8) }) else { return nil }
      let (kinds, found) = (Phrase(verbatim: links.joined(separator: ", ")), Phrase(verbatim: kind))
      return isOfConsent
        ? "the number of a testimony, and entry \(number) is of kind \(found)"
        : "the number of an item of kind \(kinds), and entry \(number) is of kind \(found)"
    }
  }
}

extension Schema {
  /// Whether a record leads to other entries.
  public func hasLinks(_ fields: JSONObject) -> Bool {
    fields.names.contains { field($0)?.links.isEmpty == false }
  }
}
