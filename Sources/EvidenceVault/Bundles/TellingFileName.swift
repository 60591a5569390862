internal import StrictJSON

/// What the name of a bundle's file tells whoever sees it on its way.
public enum TellingName: Hashable, Sendable {
  /// The name of a recipient.
  case recipient(String)
  /// A word of an item's title.
  case title(item: UInt64)
  /// A word of what the bundle is for.
  case purpose
  /// The value of a field that leads to a person, or a word of it.
  case identity(item: UInt64, field: String)
}

extension ExportPlan {
  /// Shorter words of titles and purposes are too common to tell of anything.
  private static let shortestWordCount = 4

  /// The first eight digits of the bundle's random name: a name for its file that tells nobody anything, and that the
  /// entry of the export leads to.
  public var neutralName: String { "\(identifier.prefix(8)).age" }

  /// What a name for the bundle's file would tell. It travels in the open, beside what is sealed.
  public func tellingWords(inFileName name: String) throws(VaultError) -> [TellingName] {
    let searched = NameSearchText(name, isFileName: true)
    func has(_ text: String) -> Bool {
      text.split { !$0.isLetter && !$0.isNumber }.filter { $0.count >= Self.shortestWordCount }
        .contains { NameMatch(String($0), field: "name").isFound(in: searched) }
    }
    var found: [TellingName] = []
    if case .recipients(let known) = audience { found += known.map(\.name).filter(has).map { .recipient($0) } }
    if has(purpose) { found.append(.purpose) }
    for item in items {
      let index = item.record.index
      if has(item.whole.title) { found.append(.title(item: index)) }
      do { found += try identities(item.whole, in: searched).map { .identity(item: index, field: $0) } } catch {
        throw VaultError(error)
      }
    }
    return found
  }

  /// The identity fields of a record of which the name has a word.
  private func identities(_ record: Record, in searched: NameSearchText) throws -> [String] {
    try Schema.named(record.kind).fields.filter { field in
      guard field.sensitivity == .identity, field.type.isFreeText, let value = record.fields[field.name] else {
        return false
      }
      let texts = value.arrayValue?.compactMap(\.stringValue) ?? [value.stringValue].compactMap { $0 }
      return texts.contains { NameMatch($0, field: field.name).isFound(in: searched) }
    }.map(\.name)
  }
}
