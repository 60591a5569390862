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
    for member in fields.members {
      guard let field = schema.field(member.name), !field.links.isEmpty else { continue }
      for number in member.value.arrayValue ?? [member.value] {
        try requireLink(number.unsignedValue ?? .max, in: field)
      }
    }
  }

  private func requireLink(_ number: UInt64, in field: Schema.Field) throws(VaultError) {
    let isOfConsent = field.name == ConsentLineage.consentBy
    let kind: String
    do { kind = try record(at: number).kind } catch {
      switch error {
      case .noSuchItem:
        throw .invalidValue(
          field: field.name,
          expected: isOfConsent ? "the number of a testimony" : "the number of an entry of this vault")
      // What was withdrawn is refused when something is to be sent, and with its reason.
      default: return
      }
    }
    guard !field.links.contains(where: { $0.utf8.elementsEqual(kind.utf8) }) else { return }
    let (kinds, found) = (Phrase(verbatim: field.links.joined(separator: ", ")), Phrase(verbatim: kind))
    throw .invalidValue(
      field: field.name,
      expected: isOfConsent
        ? "the number of a testimony, and entry \(number) is of kind \(found)"
        : "the number of an item of kind \(kinds), and entry \(number) is of kind \(found)")
  }
}

extension Schema {
  /// Whether a record leads to other entries.
  public func hasLinks(_ fields: JSONObject) -> Bool {
    fields.names.contains { field($0)?.links.isEmpty == false }
  }
}
