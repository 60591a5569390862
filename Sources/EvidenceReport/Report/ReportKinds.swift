internal import EvidenceVault
internal import Wording

/// The items of a page by kind, in the order in which the page tells them.
struct ReportKinds {
  struct Kind {
    let anchor: String
    let heading: Phrase
    /// How many there are, in words.
    let count: @Sendable (Int) -> Phrase
    let items: [ReportItem]
  }

  let all: [Kind]

  init(_ items: [ReportItem]) {
    let known = Dictionary(grouping: items) { item in Self.kinds.contains { $0.0 == item.kind } ? item.kind : "" }
    all = Self.kinds.compactMap { kind, heading, count in
      known[kind].map { Kind(anchor: "kind-\(kind)", heading: heading, count: count, items: $0) }
    }
  }

  private static let kinds: [(String, Phrase, @Sendable (Int) -> Phrase)] = [
    (
      "dissolution_case", "Records of cases",
      {
        .counted($0, one: "\($0) record of a case", other: "\($0) records of cases")
      }
    ),
    ("testimony", "Testimonies", { .counted($0, one: "\($0) testimony", other: "\($0) testimonies") }),
    ("document", "Documents", { .counted($0, one: "\($0) document", other: "\($0) documents") }),
    (
      "pressure_event", "Events of pressure",
      {
        .counted($0, one: "\($0) event of pressure", other: "\($0) events of pressure")
      }
    ),
    ("translation", "Translations", { .counted($0, one: "\($0) translation", other: "\($0) translations") }),
    ("person", "Persons", { .counted($0, one: "\($0) person", other: "\($0) persons") }),
    ("", "Other items", { .counted($0, one: "\($0) other item", other: "\($0) other items") }),
  ]
}
