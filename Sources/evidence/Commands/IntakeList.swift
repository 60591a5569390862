internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What is in a vault, as far as that can be told without a key that reads: how many items, when and how large.
struct IntakeList {
  let entryCount: UInt64
  let items: [SealedItem]

  func print(_ report: ReportOptions) {
    report.print(json) {
      let size = ByteCount.text(items.reduce(0) { $0 &+ ($1.isWithdrawn ? 0 : $1.byteCount) })
      Output.line("\(Count.entries(entryCount)), with sealed content: \(items.count), \(size)")
      let lines = Output.Pieces()
      for item in items { lines.add(Self.line(item)) }
      lines.flush()
    }
  }

  private static func line(_ item: SealedItem) -> String {
    let number = String(item.index)
    let indent = String(repeating: " ", count: max(0, 5 - number.utf8.count))
    let stored = item.stored.map { String($0.description.prefix(16)) } ?? say("not here")
    let size = item.isWithdrawn ? say("withdrawn") : say("\(ByteCount.text(item.byteCount)) sealed")
    return "\(indent)\(number)  \(stored)  \(size)\n"
  }

  private var json: JSONObject {
    let items = items.map { item -> JSON in
      [
        "item": .integer(Int64(clamping: item.index)), "sealed_bytes": .integer(Int64(clamping: item.byteCount)),
        "stored": item.stored.map { .string($0.description) } ?? .null, "withdrawn": .bool(item.isWithdrawn),
      ]
    }
    return ["entries": .integer(Int64(clamping: entryCount)), "items": .null, "sealed_items": .array(items)]
  }
}
