internal import Wording

/// Finds the fields that names stand for: their dotted names, or their labels in one of the languages, if no other
/// field of the kind has the same.
struct ImportColumns {
  private let schema: Schema
  private let labels: [String: Set<String>]

  init(_ schema: Schema) {
    self.schema = schema
    var labels: [String: Set<String>] = [:]
    for field in schema.fieldsForPeople {
      for label in field.labels.values { labels[label, default: []].insert(field.name) }
    }
    self.labels = labels
  }

  /// The field, or why there is none.
  func field(_ name: String) -> Result<Schema.Field, TypedFault> {
    let name = name.trimmingSpace()
    guard !name.isEmpty else { return .failure(.unfit("the column has no name")) }
    if let field = schema.field(name) {
      return field.isForPeople ? .success(field) : .failure(.unfit("the program writes this field itself"))
    }
    let labelled = labels[name, default: []].sorted()
    guard labelled.count < 2 else {
      return .failure(.unfit("this label belongs to \(labelled.joined(separator: ", ")); write one of those"))
    }
    if let field = labelled.first.flatMap({ schema.field($0) }) { return .success(field) }
    let candidates = schema.fieldsForPeople.map(\.name) + labels.keys.sorted()
    guard let nearest = nearestName(to: name, among: candidates) else {
      return .failure(.unfit("a \(schema.kind) has no such field"))
    }
    return .failure(.unfit("a \(schema.kind) has no such field; did you mean \(nearest)?"))
  }

  /// The fields of a header in the order of its columns; `nil` for a column that cannot be used.
  func fields(ofHeader header: [String], into result: inout ImportedRecords) -> [Schema.Field?] {
    var taken: Set<String> = []
    return header.map { name in
      switch field(name) {
      case .failure(let fault): result.add(ImportFault(row: 1, field: name, fault.description))
      case .success(let field):
        if taken.insert(field.name).inserted { return field }
        result.add(ImportFault(row: 1, field: name, "two columns for the field \(field.name)"))
      }
      return nil
    }
  }
}
