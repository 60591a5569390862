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

  /// Each number that leads to no entry, or to one of another kind: its field, and what belongs there.
  func linkFaults(_ fields: JSONObject, of schema: Schema) -> [(field: String, expected: Phrase)] {
    fields.members.flatMap { member -> [(field: String, expected: Phrase)] in
      guard let field = schema.field(member.name), !field.links.isEmpty else { return [] }
      return (member.value.arrayValue ?? [member.value]).compactMap { number in
        expected(insteadOf: number.unsignedValue ?? .max, in: field).map { (field.name, $0) }
      }
    }
  }

  private func expected(insteadOf number: UInt64, in field: Schema.Field) -> Phrase? {
    let isOfConsent = field.name == ConsentLineage.consentBy
    let kind: String
    do throws(VaultError) { kind = try record(at: number).kind } catch {
      switch error {
      case .noSuchItem: return isOfConsent ? "the number of a testimony" : "the number of an entry of this vault"
      // What was withdrawn is refused when something is to be sent, and with its reason.
      default: return nil
      }
    }
    guard !field.links.contains(where: { $0.utf8.elementsEqual(kind.utf8) }) else { return nil }
    let (kinds, found) = (Phrase(verbatim: field.links.joined(separator: ", ")), Phrase(verbatim: kind))
    return isOfConsent
      ? "the number of a testimony, and entry \(number) is of kind \(found)"
      : "the number of an item of kind \(kinds), and entry \(number) is of kind \(found)"
  }
}

extension Schema {
  /// Whether a record leads to other entries.
  public func hasLinks(_ fields: JSONObject) -> Bool {
    fields.names.contains { field($0)?.links.isEmpty == false }
  }
}
