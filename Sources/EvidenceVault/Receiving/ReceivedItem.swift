internal import StrictJSON
internal import Tar
internal import TransparencyLog

/// An item of a bundle, with what amended it, on its way into another vault.
///
/// Source: FORMAT section 14.
struct ReceivedItem {
  /// The entry that was added first.
  let first: Record
  /// What amended it, as far as the bundle has it, oldest first.
  let amendments: [Record]
  /// What happened to it, as far as the bundle tells, in the order of entries.
  let events: [Record]

  var records: [Record] { [first] + amendments }
  /// The record that counts.
  var current: Record { amendments.last ?? first }

  /// The items of a bundle, by number.
  ///
  /// - Throws: `VaultError.supplement` for fields of an item that was sent before.
  static func all(of bundle: OpenedBundle) throws(VaultError) -> [ReceivedItem] {
    var items: [ReceivedItem] = []
    let amendments = bundle.checked.items.filter { $0.amends != nil }
    let events = Dictionary(bundle.checked.events.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    for first in bundle.checked.items where first.amends == nil {
      guard let custody = bundle.files.contents[Bag.custodyPath(first.index)] else { throw .supplement }
      items.append(
        ReceivedItem(
          first: first, amendments: amendments.filter { $0.amends == first.index },
          events: Set(CustodyLine.entries(in: custody) ?? []).sorted().compactMap { events[$0] }))
    }
    guard items.reduce(0, { $0 + $1.records.count }) == bundle.checked.items.count else { throw .supplement }
    return items
  }

  /// What it is in this vault: the fields, those that were left out, and the files.
  ///
  /// - Parameter sameAs: The item here with which it has one consent, if there is one.
  func composed(
    from bundle: OpenedBundle, numbers: [UInt64: UInt64], sameAs: UInt64?
  ) throws(VaultError) -> (item: NewItem, left: [String]) {
    guard !current.kind.isEmpty else { throw .kindWithheld(item: first.index) }
    guard let schema = try? Schema.named(current.kind) else { throw .bundle(.newerFormat(found: current.kind)) }
    guard schema.isItem, current.kind.utf8.elementsEqual(first.kind.utf8) else {
      throw .bundle(.itemDoesNotFit(item: first.index, path: Bag.recordPath(first.index).text))
    }
    var (fields, left) = try fitting(schema, numbers)
    if fields["title"] == nil { fields["title"] = "Received without its title" }
    let (sender, note) = (bundle.checked.sender, bundle.checked.note)
    fields[ReceivedField.origin] = .string(sender.origin.description)
    fields[ReceivedField.fingerprint] = .string(sender.fingerprint)
    fields[ReceivedField.bundle] = .string(note.identifier)
    fields[ReceivedField.item] = .integer(Int64(clamping: first.index))
    if let sameAs { fields[ConsentLineage.sameAs] = .integer(Int64(clamping: sameAs)) }
    return (NewItem(kind: schema.kind, fields: fields, sources: try sources(bundle)), left)
  }

  // MARK: - Fields

  private func fitting(
    _ schema: Schema, _ numbers: [UInt64: UInt64]
  ) throws(VaultError) -> (fields: JSONObject, left: [String]) {
    var (fields, left) = (JSONObject(), [String]())
    for member in current.fields.members {
      let field = schema.field(member.name)
      guard let field, field.type.refusal(of: member.value) == nil else {
        // What binds this vault and cannot be understood must not be lost.
        guard !Self.isCondition(member.name) else {
          throw .bundle(.unknownCondition(item: first.index, field: member.name))
        }
        left.append(member.name)
        continue
      }
      if field.isSetByProgram || Self.isAnswerForRefusedClass(field, current.fields) { continue }
      if let value = field.links.isEmpty ? member.value : Self.moved(member.value, numbers) {
        fields[member.name] = value
      } else if ConsentLineage.fields.contains(member.name) {
        fields[member.name] = .integer(.max)
      }
    }
    return (fields, left)
  }

  private static func isCondition(_ name: String) -> Bool {
    // By bytes: to Swift, a full stop with a mark on it is another letter.
    ["consent.", "use."].contains { name.utf8.starts(with: $0.utf8) }
  }

  /// An answer for a class of which nothing is known but that: without the class itself it contradicts itself.
  private static func isAnswerForRefusedClass(_ field: Schema.Field, _ fields: JSONObject) -> Bool {
    Schema.recipientClasses.contains { name in
      field.name.hasPrefix("consent.\(name).") && (fields["consent.\(name)"]?.stringValue ?? "refused") == "refused"
    }
  }

  /// A link with the numbers of this vault; `nil` if what it pointed to is not in the bundle.
  private static func moved(_ value: JSON, _ numbers: [UInt64: UInt64]) -> JSON? {
    func moved(_ number: JSON) -> JSON? {
      number.unsignedValue.flatMap { numbers[$0] }
        .map { .integer(Int64(clamping: $0)) }
    }
    guard let list = value.arrayValue else { return moved(value) }
    // Several entries of one item are one number here.
    let known = Set(list.compactMap(moved).compactMap(\.unsignedValue)).sorted()
    return known.isEmpty ? nil : .array(known.map { .integer(Int64(clamping: $0)) })
  }

  // MARK: - Files

  private func sources(_ bundle: OpenedBundle) throws(VaultError) -> [ItemSource] {
    var sources: [ItemSource] = []
    for (record, paths) in zip(records, try ReceivedPlaces.paths(of: records)) {
      for ((file, place), path) in zip(zip(record.files, BagNames.paths(record)), paths) {
        sources.append(
          ItemSource(
            origin: .sealed(try bundle.part(file, at: place)), path: path, displayPath: place.text,
            byteCount: file.byteCount))
      }
    }
    let folder = ReceivedProofs.folder(beside: sources.map(\.path))
    for place in proofs(bundle) {
      guard let bytes = bundle.files.contents[place] else { continue }
      sources.append(
        ItemSource(
          origin: .memory(bytes), path: try ItemSource.archivePath("\(folder)/\(place.text)"), displayPath: place.text,
          byteCount: UInt64(bytes.count)))
    }
    return sources
  }

  /// All that proves this item, and nothing of the others in the bundle: one that is withdrawn later must not stay in
  /// what proves another. The manifest of the payload would keep the names of its files.
  private func proofs(_ bundle: OpenedBundle) -> [BagPath] {
    var places = [
      Bag.note, Bag.tagManifest, Bag.sshSignature, Bag.sender, Bag.allowedSigners, Bag.custodyPath(first.index),
    ]
    for record in records {
      places += [Bag.presentationPath(record.index), Bag.proofPath(record.index), Bag.recordPath(record.index)]
    }
    for event in events { places += [Bag.eventPath(event.index), Bag.eventProofPath(event.index)] }
    return places + bundle.files.contents.keys.filter { $0.isBelow(Bag.timestamps) }.sorted()
  }
}
