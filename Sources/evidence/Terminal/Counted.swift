internal import Wording

/// Numbers with what they count.
enum Count {
  static func cases(_ count: Int) -> Phrase { .counted(count, one: "\(count) case", other: "\(count) cases") }
  static func faults(_ count: Int) -> Phrase { .counted(count, one: "\(count) fault", other: "\(count) faults") }
  static func findings(_ count: Int) -> Phrase { .counted(count, one: "\(count) finding", other: "\(count) findings") }
  static func files(_ count: Int) -> Phrase { .counted(count, one: "\(count) file", other: "\(count) files") }
  /// Items by their numbers; of many, the first ones, and how many more there are.
  static func named(_ items: [UInt64]) -> Phrase {
    let shown = Phrase.list(items.prefix(20).map { "item \($0)" })
    return items.count > 20 ? "\(shown) and \(items.count - 20) more" : shown
  }

  static func items(_ count: Int) -> Phrase { .counted(count, one: "\(count) item", other: "\(count) items") }
  static func keys(_ count: Int) -> Phrase { .counted(count, one: "\(count) key", other: "\(count) keys") }
  static func keys(_ count: Int, arePostQuantum: Bool) -> Phrase {
    arePostQuantum
      ? .counted(count, one: "\(count) post-quantum key", other: "\(count) post-quantum keys")
      : .counted(count, one: "\(count) classic key", other: "\(count) classic keys")
  }

  static func objects(_ count: Int) -> Phrase { .counted(count, one: "\(count) object", other: "\(count) objects") }
  static func records(_ count: Int) -> Phrase { .counted(count, one: "\(count) record", other: "\(count) records") }
  static func recordsFiles(_ count: Int) -> Phrase {
    .counted(count, one: "\(count) records file", other: "\(count) records files")
  }

  static func sheets(_ count: Int) -> Phrase { .counted(count, one: "\(count) sheet", other: "\(count) sheets") }
  static func texts(_ count: Int) -> Phrase { .counted(count, one: "\(count) text", other: "\(count) texts") }
  static func words(_ count: Int) -> Phrase { .counted(count, one: "\(count) word", other: "\(count) words") }

  static func entries(_ count: UInt64) -> Phrase { .counted(count, one: "\(count) entry", other: "\(count) entries") }

  static func bytes(_ count: UInt64) -> Phrase { .counted(count, one: "\(count) byte", other: "\(count) bytes") }
}
