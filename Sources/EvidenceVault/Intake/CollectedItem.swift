internal import SelectiveDisclosure
internal import StrictJSON
internal import Tar
internal import TransparencyLog
internal import Wording

/// An item of an intake vault on its way into the main vault.
///
/// Source: FORMAT section 16.
struct CollectedItem {
  let entry: Entry
  let record: Record
  let source: IntakeSource
  /// For each entry that was brought over, the number of the item here.
  let numbers: [UInt64: UInt64]
  /// Whether a testimony that stays there names it.
  let isNamedByOneThatStays: Bool

  /// What it is here, and the links that pointed to what is not here.
  ///
  /// - Parameter sameAs: The item here besides which it stands, and with which it has one consent.
  func composed(amends: UInt64?, sameAs: UInt64?) throws -> (item: NewItem, lostLinks: [String]) {
    let schema = try Schema.named(record.kind)
    var (fields, lostLinks) = (JSONObject(), [String]())
    for member in record.fields.members
    where !CollectedField.all.contains(member.name) && member.name != ProgramField.amends {
      guard let field = schema.field(member.name), !field.links.isEmpty else {
        fields[member.name] = member.value
        continue
      }
      let (moved, isWhole) = moved(member.value, of: member.name)
      fields[member.name] = moved
      if !isWhole { lostLinks.append(member.name) }
    }
    if isNamedByOneThatStays, schema.field(ConsentLineage.consentBy) != nil,
      !fields.names.contains(where: Self.toWhoSpeaks.contains)
    {
      fields[ConsentLineage.consentBy] = .integer(.max)
      lostLinks.append(ConsentLineage.consentBy)
    }
    if let sameAs { fields[ConsentLineage.sameAs] = .integer(Int64(clamping: sameAs)) }
    if let amends { fields[ProgramField.amends] = .integer(Int64(clamping: amends)) }
    fields[CollectedField.origin] = .string(source.reader.vault.note.origin(ofEntry: entry.index).description)
    fields[CollectedField.fingerprint] = .string(source.intake.fingerprint.words)
    fields[CollectedField.item] = .integer(Int64(clamping: entry.index))
    if let added = record.added { fields[CollectedField.added] = .string(added) }
    let sources = try sources()
    try ItemSource.requireDistinct(sources)
    let validated = try schema.validated(fields, fromProgram: true)
    return (NewItem(kind: schema.kind, fields: validated, sources: sources), lostLinks)
  }

  /// Fields that lead to whoever speaks for an item. One that leads nowhere must go on to, or the item would seem to be
  /// one for which nobody has to be asked.
  private static let toWhoSpeaks = Set(ConsentLineage.fields)

  /// A link with the numbers of this vault, and whether all that it pointed to is here.
  private func moved(_ value: JSON, of name: String) -> (value: JSON?, isWhole: Bool) {
    func moved(_ number: JSON) -> JSON? {
      number.unsignedValue.flatMap { numbers[$0] }
        .map { .integer(Int64(clamping: $0)) }
    }
    guard let list = value.arrayValue else {
      let number = moved(value)
      return (number ?? (Self.toWhoSpeaks.contains(name) ? .integer(.max) : nil), number != nil)
    }
    let known = list.compactMap(moved)
    return (known.isEmpty ? nil : .array(known), known.count == list.count)
  }

  // MARK: - Files

  private func sources() throws -> [ItemSource] {
    guard let object = entry.object else { throw VaultError.notAnItem(entry.index, kind: record.kind) }
    let vault = source.reader.vault
    let offsets = try ObjectReader.offsets(of: record.files)
    var sources = try zip(record.files, offsets).compactMap { file, offset -> ItemSource? in
      guard let path = file.path else { return nil }
      let part = SealedPart(
        place: .file(vault.root, object.path), path: object.path, identities: source.reader.identities, file: file,
        offset: offset)
      return ItemSource(
        origin: .sealed(part), path: try ItemSource.archivePath(path.text), displayPath: path.text,
        byteCount: file.byteCount)
    }
    let folder = ReceivedProofs.folder(beside: sources.map(\.path))
    for (name, bytes) in try proofs() {
      let path = try ItemSource.archivePath("\(folder)/\(name)")
      sources.append(
        ItemSource(origin: .memory(bytes), path: path, displayPath: path.text, byteCount: UInt64(bytes.count)))
    }
    return sources
  }

  /// All that proves what the intake vault signed of this item, and nothing of another one.
  private func proofs() throws -> [(name: String, bytes: [UInt8])] {
    [
      (VaultNote.fileName, source.reader.vault.note.note.bytes),
      ("entry-\(entry.index).sd-jwt", record.presentation.serialized),
      ("entry-\(entry.index).tlog-proof", try source.reader.proof(for: entry).bytes),
    ]
  }
}
