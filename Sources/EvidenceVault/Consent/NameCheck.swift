internal import StrictJSON
internal import Tar
internal import Wording

/// Looks for names that are withheld in everything that would be shown: one that stands in a title, a file name or a
/// text as well, of the same item or of another, would leave with it.
///
/// Searched are all disclosed fields, the names of files, and the content of files of text; others cannot be searched.
struct NameCheck {
  let items: [ExportPlan.Item]
  /// What else the recipients see in the sender's own words.
  let purpose: String
  let reader: VaultReader
  /// The items that were asked for, also those that are left out, and those whose consent speaks for them.
  let concerned: [CurrentItem]

  private struct WithheldName {
    let item: UInt64
    let field: String
    let match: NameMatch
    /// Whether one word of the name is enough.
    let isClose: Bool
  }

  /// - Throws: `VaultError.identityWouldLeak` with the first place, and what reading files of text throws.
  func run() throws {
    let names = try withheldNames()
    guard !names.isEmpty else { return }
    for (place, text) in places { try require(names, notIn: text, place) }
    for item in items {
      for file in item.record.files where Self.isSearchable(file) {
        guard let path = item.whole.files.first(where: { $0.digest == file.digest })?.path else { continue }
        for text in try reader.texts(of: path, in: item.entry, item.whole) {
          try require(names, notIn: text, "item \(item.record.index), the content of file \(path.text)")
        }
      }
    }
  }

  private func require(_ names: [WithheldName], notIn text: String, _ place: Phrase) throws(VaultError) {
    let text = NameMatch.Searched(text)
    for name in names where name.isClose ? name.match.isFound(in: text) : name.match.isFoundWhole(in: text) {
      throw .identityWouldLeak(item: name.item, field: name.field, place: place)
    }
  }

  /// Every value of an identity field that is not shown: of the items that were asked for, in every record that they
  /// had, and of whoever speaks for them; and the names of all other witnesses and persons.
  private func withheldNames() throws -> [WithheldName] {
    let shown = try Set(items.flatMap { try Self.names(in: $0.record, isClose: true).map(\.match.value) })
    let close = Set(concerned.flatMap { item in item.records.map(\.index) })
    let own = try concerned.flatMap { try $0.records.flatMap { try Self.names(in: $0, isClose: true) } }
    let persons = try reader.custody().personNumbers.filter { !close.contains($0) }
      .compactMap { try? reader.record(at: $0) }
    let others = try persons.flatMap { person in
      try Self.names(in: person, isClose: person.kind == CustodyBook.person).filter { NameMatch.isName($0.field) }
    }
    // What is disclosed on purpose may stand elsewhere, too.
    return (own + others).filter { !shown.contains($0.match.value) }
  }

  private static func names(in record: Record, isClose: Bool) throws -> [WithheldName] {
    let fields = try Schema.named(record.kind).fields.filter { field in
      field.sensitivity == .identity && field.type.isFreeText && !field.isSetByProgram
    }
    return fields.flatMap { field in
      record.fields[field.name].map(texts)?.map {
        WithheldName(
          item: record.index, field: field.name, match: NameMatch($0, field: field.name), isClose: isClose)
      } ?? []
    }
  }

  private var places: [(place: Phrase, text: String)] {
    var places: [(place: Phrase, text: String)] = [("the purpose", purpose)]
    for item in items {
      let number = item.record.index
      for member in item.record.fields.members {
        places += Self.texts(member.value).map { ("item \(number), \(member.name)", $0) }
      }
      for file in item.record.files {
        if let path = file.path?.text { places.append(("item \(number), the name of file \(path)", path)) }
      }
    }
    return places
  }

  private static func texts(_ json: JSON) -> [String] {
    switch json {
    case .string(let text): [text]
    case .array(let values): values.flatMap(texts)
    case .object(let object): object.members.flatMap { texts($0.value) }
    default: []
    }
  }

  /// The largest file of text that is searched, in bytes.
  static let maximumByteCount: UInt64 = 16 << 20

  /// Whether a file is text that can be searched.
  static func isSearchable(_ file: FileRecord) -> Bool {
    let types = ["application/json", "application/xml"]
    return file.byteCount <= maximumByteCount && (file.mediaType.hasPrefix("text/") || types.contains(file.mediaType))
  }
}
