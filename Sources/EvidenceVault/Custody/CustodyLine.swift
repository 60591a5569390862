internal import SelectiveDisclosure
public import StrictJSON

/// One line of the history of an item.
public struct CustodyLine: Sendable {
  /// The entry that says so.
  public let entry: UInt64
  /// What happened: `sealed`, `amended`, `exported`, `disclosed`, `consent_withdrawn`, or what a custody entry says.
  public let event: String
  /// When, on the clock of the machine that entered it; `nil` if withheld.
  public let at: String?
  /// What else is known of it; of the item itself, nothing, since it speaks for itself.
  public let fields: JSONObject

  /// Whether it says that the item was checked, and not what was found.
  public var isResultWithheld: Bool { event == "verified" && fields["result"] == nil }

  /// The lines of an item, in the order of entries.
  public static func lines(_ records: [Record]) -> [CustodyLine] {
    records.sorted { $0.index < $1.index }.map(CustodyLine.init)
  }

  private init(_ record: Record) {
    entry = record.index
    at = record.added
    let isItem = (try? Schema.named(record.kind))?.isItem ?? true
    fields = isItem ? [:] : record.fields
    event =
      switch record.kind {
      case "export": "exported"
      case "disclosure": "disclosed"
      case Withdrawing.kind: "consent_withdrawn"
      case "custody": record.fields["event"]?.stringValue ?? "custody"
      default: isItem ? (record.fields[ProgramField.amends] == nil ? "sealed" : "amended") : record.kind
      }
  }

  /// The line as it stands in a bundle.
  public var json: JSONObject {
    var line: JSONObject = ["entry": .integer(Int64(clamping: entry)), "event": .string(event)]
    if let at { line["at"] = .string(at) }
    if !fields.isEmpty { line["fields"] = .object(fields) }
    return line
  }

  /// `custody.json` of an item in a bundle: pretty JSON and a line feed.
  ///
  /// Source: FORMAT section 7.
  static func document(of item: UInt64, _ lines: [CustodyLine]) -> [UInt8] {
    let document: JSONObject = [
      "item": .integer(Int64(clamping: item)), "custody": .array(lines.map { .object($0.json) }),
    ]
    return JSON.object(document).serialized(pretty: true) + [UInt8(ascii: "\n")]
  }

  /// The entries that a `custody.json` names; `nil` if it is none.
  static func entries(in document: [UInt8]) -> [UInt64]? {
    guard let lines = (try? JSON.parse(document))?["custody"]?.arrayValue else { return nil }
    let entries = lines.compactMap { $0["entry"]?.unsignedValue }
    return entries.count == lines.count ? entries : nil
  }
}
