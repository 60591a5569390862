internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// What an import tells of a file: what is wrong with it, what is known already, and what became of the rest.
struct ImportReport {
  /// The most known records that are told one by one.
  private static let shownCount = 20

  let read: ImportedRecords
  /// The records that would be there twice.
  let known: [KnownRecord]
  private let options: ReportOptions
  private let file: String

  init(_ read: ImportedRecords, _ known: [KnownRecord], _ options: ReportOptions, file: String) {
    (self.read, self.known) = (read, known)
    (self.options, self.file) = (options, file)
  }

  // MARK: - What stops it

  /// All faults, row by row.
  func tellFaults() {
    options.print(json()) {
      for fault in read.faults { Output.line("\(place(of: fault)): \(Message.shown(fault.detail))") }
      if read.faultCount > read.faults.count { Output.line("… and \(read.faultCount - read.faults.count) more") }
    }
  }

  /// Tells what is known already.
  ///
  /// - Throws: `UsageFault` if there is any, unless it is skipped.
  func requireNew(orSkipping isSkipping: Bool) throws {
    guard !known.isEmpty, !isSkipping else { return }
    options.print(json()) { tellKnown() }
    let (count, shown) = (known.count, Message.shown(file))
    throw UsageFault(
      .counted(
        count, one: "\(count) record of \(shown) is known already; nothing was added",
        other: "\(count) records of \(shown) are known already; nothing was added"),
      hint: "--skip-known adds the others alone, --add-known all of them; what changed goes into evidence amend NUMBER")
  }

  private func tellKnown() {
    for record in known.prefix(Self.shownCount) { Output.line(sentence(record)) }
    if known.count > Self.shownCount { Output.line("… and \(known.count - Self.shownCount) more") }
  }

  private func sentence(_ known: KnownRecord) -> Phrase {
    let place = row(known.row)
    switch (known.holder, known.field) {
    case (.item(let item), nil): return "\(place): item \(item) has the same record"
    case (.item(let item), let field?): return "\(place): item \(item) has the same \(field)"
    case (.row(let other), nil): return "\(place): the same record as \(row(other))"
    case (.row(let other), let field?): return "\(place): the same \(field) as \(row(other))"
    }
  }

  // MARK: - What became of it

  /// All is well, and none was to be added.
  func tellSound(_ count: Int) {
    options.print(json()) {
      tellSkipped()
      Output.line("\(Count.records(count)), all sound; none added")
    }
  }

  /// There was nothing but what is known.
  func tellNothingNew() {
    options.print(json()) {
      tellSkipped()
      Output.line("nothing new in \(Message.shown(file)); none added")
    }
  }

  /// The new items.
  func tell(_ receipt: AddManyReceipt, count: Int) {
    options.print(json(receipt)) {
      tellSkipped()
      let last = receipt.indices.upperBound - 1
      let sealed: Phrase = "\(Count.records(count)), sealed as \(ByteCount.text(receipt.objectByteCount))"
      Output.line("items \(receipt.indices.lowerBound) to \(last): \(sealed)")
      Output.line("head: \(receipt.head.words)")
    }
  }

  private func tellSkipped() {
    guard !known.isEmpty else { return }
    tellKnown()
    Output.line("known already, and left out: \(known.count)")
  }

  // MARK: - Parts

  private func row(_ number: Int) -> Phrase {
    switch read.unit {
    case "row": "row \(number)"
    case "line": "line \(number)"
    default: "record \(number)"
    }
  }

  private func place(of fault: ImportFault) -> Phrase {
    let row = row(fault.row)
    if let column = fault.column { return "\(row), column \(column)" }
    return if let field = fault.field { "\(row), \(Message.shown(field))" } else { row }
  }

  private func json(_ receipt: AddManyReceipt? = nil) -> JSONObject {
    let faults = read.faults.map { fault -> JSON in
      [
        read.unit: .integer(Int64(fault.row)), "field": fault.field.map { .string($0) } ?? .null,
        "detail": .string(fault.detail.text(in: .en)),
      ]
    }
    var json: JSONObject = [
      "records": .integer(Int64(read.records.count)), "fault_count": .integer(Int64(read.faultCount)),
      "faults": .array(faults), "known": .array(known.map(json)), "added": .bool(receipt != nil),
    ]
    if let receipt {
      json["first_item"] = .integer(Int64(clamping: receipt.indices.lowerBound))
      json["sealed_bytes"] = .integer(Int64(clamping: receipt.objectByteCount))
      json["entries"] = .integer(Int64(clamping: receipt.head.tree.size))
      json["head"] = .string(receipt.head.words)
    }
    return json
  }

  private func json(_ known: KnownRecord) -> JSON {
    var json: JSONObject = [read.unit: .integer(Int64(known.row))]
    switch known.holder {
    case .item(let item): json["item"] = .integer(Int64(clamping: item))
    case .row(let other): json["same_as"] = .integer(Int64(other))
    }
    if let field = known.field { json["field"] = .string(field) }
    return .object(json)
  }
}
