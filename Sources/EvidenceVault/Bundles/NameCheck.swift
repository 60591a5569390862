internal import StrictJSON
internal import Tar

/// Looks for the values of withheld identity fields in everything that would be shown: a name that stands in a title or
/// a file name as well, of the same item or of another, would leave with it. The content of files is not searched.
struct NameCheck {
  let items: [ExportPlan.Item]
  /// What else the recipients see in the sender's own words.
  let purpose: String

  /// - Throws: `VaultError.identityWouldLeak` with the first place.
  func run() throws(VaultError) {
    let places = self.places
    for item in items {
      for field in try Schema.named(item.whole.kind).fields where field.sensitivity == .identity {
        guard item.record.fields[field.name] == nil, let json = item.whole.fields[field.name] else { continue }
        for match in Self.texts(json).map({ NameMatch($0, field: field.name) }) {
          for (place, text) in places where match.isFound(in: text) {
            throw .identityWouldLeak(item: item.whole.index, field: field.name, place: place)
          }
        }
      }
    }
  }

  private var places: [(place: String, text: String)] {
    var places = [("the purpose", purpose)]
    for item in items {
      let name = "item \(item.record.index)"
      for member in item.record.fields.members {
        places += Self.texts(member.value).map { ("\(name), \(member.name)", $0) }
      }
      for file in item.record.files {
        if let path = file.path?.text { places.append(("\(name), the name of file \(path)", path)) }
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
}
