internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// Brings the entries of an intake vault over, some at a time.
///
/// Source: FORMAT section 16.
struct Collector {
  /// The most entries of one commit, and about the most bytes of their disclosures: they are in memory.
  static let maximumCount = 500
  static let maximumByteCount = 32 << 20

  let source: IntakeSource
  let main: VaultReader
  let overrides: CollectionOverrides
  /// For each entry that was brought over, the number of the item here.
  private var numbers: [UInt64: UInt64] = [:]
  /// For each item here that was brought over, the number that it had there before anything amended it.
  private var firsts: [UInt64: UInt64] = [:]
  /// The items here that were amended here as well.
  private let amendedHere: Set<UInt64>
  /// The kinds of items that came in this run.
  private var kinds: [UInt64: String] = [:]
  /// The items that came in this run to stand beside one that is here.
  private var besides: [UInt64: UInt64] = [:]
  /// For each number of an item there, the item here that came last: what is amended there later amends this one.
  private var latest: [UInt64: UInt64] = [:]
  /// The items there that a testimony names which does not come, or a later record of one.
  private let namedByThoseThatStay: Set<UInt64>
  private var tree: TreeHead

  init(_ source: IntakeSource, into main: VaultReader, overriding overrides: CollectionOverrides) throws {
    let arrivals = source.arrivals
    self.source = source
    self.main = main
    self.overrides = overrides
    tree = main.head.tree
    let note = source.reader.vault.note
    // A number that is given again is that of another entry.
    for arrival in arrivals where arrival.isPart(of: note) {
      numbers[arrival.there] = arrival.here
      firsts[arrival.here] = firsts[arrival.here] ?? arrival.first
      latest[arrival.first] = arrival.here
    }
    // What amended an item here and was given up there is nothing that its next record there knows of.
    amendedHere = try main.custody().amendedHere(arrivals)
      .union(arrivals.filter { $0.there != $0.first && !$0.isPart(of: note) }.map(\.here))
    let (known, book) = (numbers, try main.custody())
    namedByThoseThatStay = try source.namedByTestimonies { entry, record in
      !source.reader.vault.note.isTrusted(entry) || !ConsentContradiction.all(in: record.fields).isEmpty
        || record.amends.flatMap { known[$0] }.map(book.isWithdrawnForAll) ?? false
    }
  }

  static let custody = "custody"

  /// What is to be committed together.
  private struct Batch {
    var sealers: [ObjectSealer] = []
    var events: [(kind: String, fields: JSONObject)] = []
    var items: [CollectedVault.Item] = []
    var withdrawn: [CollectedVault.Withdrawn] = []
    var left: [CollectedVault.Left] = []
    var eventCount = 0
    var byteCount = 0
    var next: UInt64
    var isFull: Bool {
      items.count + events.count >= Collector.maximumCount || byteCount >= Collector.maximumByteCount
    }
  }

  /// Adds the next entries, up to a number, in one commit.
  mutating func collect(upTo limit: UInt64, _ result: inout CollectedVault, signer: VaultSigner) throws {
    var batch = Batch(next: result.collectedCount)
    while batch.next < limit, !batch.isFull {
      try take(source.reader.entry(at: batch.next), into: &batch)
      batch.next += 1
    }
    let new = try commit(batch, isWhole: limit == source.reader.count, signer: signer)
    tree = new.tree
    result.items += batch.items
    result.withdrawn += batch.withdrawn
    result.left += batch.left
    result.eventCount += batch.eventCount
    result.collectedCount = batch.next
    result.head = new
  }

  private mutating func take(_ entry: Entry, into batch: inout Batch) throws {
    let record: Record
    do { record = try source.reader.record(of: entry) } catch VaultError.withdrawn {
      return batch.left.append(.init(there: entry.index, reason: .withdrawnThere))
    }
    // Whoever signed a withdrawal: it only takes away.
    guard source.reader.vault.note.isTrusted(entry.index) || record.kind == Withdrawing.kind else {
      return batch.left.append(.init(there: entry.index, reason: .untrusted))
    }
    if try Schema.named(record.kind).isItem {
      try takeItem(entry, record, into: &batch)
    } else {
      try takeEvent(record, into: &batch)
    }
  }

  // MARK: - Items

  private mutating func takeItem(_ entry: Entry, _ record: Record, into batch: inout Batch) throws {
    let known = record.amends.flatMap { numbers[$0] }
    let amended = known.map { item in firsts[item].flatMap { latest[$0] } ?? item }
    for item in [known, amended] {
      guard let item, try isWithdrawn(item) else { continue }
      return batch.left.append(.init(there: entry.index, reason: .withdrawnHere(item)))
    }
    // `add` takes none, so another program wrote it. What it would allow is not guessed, and the rest does not wait.
    if let contradiction = ConsentContradiction.all(in: record.fields).first {
      let reason = CollectedVault.Left.Reason.contradictingConsent(amends: amended, why: contradiction.reason)
      return batch.left.append(.init(there: entry.index, reason: reason))
    }
    let isConflict = try amended.map { try amendedHere.contains($0) || !isSame(kind(of: $0), record.kind) } ?? false
    let here = tree.size + UInt64(batch.items.count)
    let amends = isConflict ? nil : amended
    let composer = CollectedItem(
      entry: entry, record: record, source: source, numbers: numbers,
      isNamedByOneThatStays: namedByThoseThatStay.contains(record.amends ?? entry.index))
    let sameAs = try isConflict ? amended : amends.flatMap(stoodBesides)
    let (item, lostLinks) = try composer.composed(amends: amends, sameAs: sameAs)
    let environment = main.vault.environment
    batch.sealers.append(
      ObjectSealer(
        kind: item.kind, fields: item.fields, sources: item.sources, origin: main.vault.note.origin.description,
        environment: environment))
    batch.byteCount += record.presentation.disclosures.reduce(0) { $0 + $1.encoded.utf8.count } * 2
    // One that stands beside another is the same item for whoever speaks for it.
    let first = amended.flatMap { firsts[$0] } ?? entry.index
    batch.events.append((Self.custody, try arrival(of: entry, first: first, as: amends ?? here)))
    firsts[amends ?? here] = first
    latest[first] = amends ?? here
    batch.items.append(
      .init(
        there: entry.index, here: here, amends: amends, besides: isConflict ? amended : nil, title: record.title,
        lostLinks: lostLinks))
    numbers[entry.index] = amends ?? here
    kinds[here] = record.kind
    besides[here] = isConflict ? amended : nil
  }

  private func kind(of item: UInt64) throws -> String? {
    if let kind = kinds[item] { return kind }
    return try? main.record(at: item).kind
  }

  /// The item beside which an item stands that came earlier, in this run or before: what amends it stands there too.
  private func stoodBesides(_ item: UInt64) throws -> UInt64? {
    if let besides = besides[item] { return besides }
    guard item < main.count else { return nil }
    return try main.record(at: item).fields[ConsentLineage.sameAs]?.unsignedValue
  }

  private func isSame(_ left: String?, _ right: String) -> Bool { left?.utf8.elementsEqual(right.utf8) == true }

  private func isWithdrawn(_ item: UInt64) throws -> Bool {
    try main.custody().withdrawals(of: item).contains { $0.classes.isEmpty }
  }

  private func arrival(of entry: Entry, first: UInt64, as here: UInt64) throws -> JSONObject {
    let words = source.intake.fingerprint.words
    let entries = try [entry] + (first == entry.index ? [] : [source.reader.entry(at: first)])
    let lines = entries.map { KeptEntry($0, in: source.reader.vault.note).text }
    return [
      "item": .integer(Int64(clamping: here)), "event": "received",
      "at": .string(main.vault.environment.now().day), "from": .string(words), ArrivalField.intake: .string(words),
      ArrivalField.item: .integer(Int64(clamping: entry.index)), ArrivalField.first: .integer(Int64(clamping: first)),
      ArrivalField.entries: .array(lines.map { .string($0) }),
    ]
  }

  // MARK: - Events

  /// Custody and withdrawals of items come along; whatever else an intake vault says is about itself.
  private func takeEvent(_ record: Record, into batch: inout Batch) throws {
    func leave(_ reason: CollectedVault.Left.Reason) { batch.left.append(.init(there: record.index, reason: reason)) }
    guard [Self.custody, Withdrawing.kind].contains(record.kind) else {
      return leave(.ofTheIntake(kind: record.kind))
    }
    // What a testimony named that was withdrawn there follows it: its record is gone, or came here without the link.
    let covered = record.kind == Withdrawing.kind ? Withdrawing.covered(in: record.fields) : []
    var items: [UInt64] = []
    for number in record.fields.entryNumbers("item") + covered {
      if let item = numbers[number], !items.contains(item) { items.append(item) }
    }
    guard let first = items.first else { return leave(.aboutNothing) }
    items = try items.filter { try !isWithdrawn($0) }
    guard !items.isEmpty else { return leave(.withdrawnHere(first)) }
    for item in items { try takeEvent(record, about: item, into: &batch) }
  }

  private func takeEvent(_ record: Record, about item: UInt64, into batch: inout Batch) throws {
    var fields = JSONObject()
    for field in try Schema.named(record.kind).fields where !field.isSetByProgram {
      fields[field.name] = record.fields[field.name]
    }
    fields["item"] = .integer(Int64(clamping: item))
    if record.kind == Withdrawing.kind {
      // For all classes by name: nothing here is destroyed on the word of a machine in the field.
      let classes = record.fields["classes"]?.arrayValue ?? []
      fields["classes"] = .array(classes.isEmpty ? Schema.recipientClasses.map { .string($0) } : classes)
      fields["objects_destroyed"] = .integer(0)
      batch.withdrawn.append(.init(item: item, classes: classes.compactMap(\.stringValue)))
    } else {
      fields[ArrivalField.intake] = .string(source.intake.fingerprint.words)
      fields[ArrivalField.entry] = .integer(Int64(clamping: record.index))
      batch.eventCount += 1
    }
    batch.events.append((record.kind, fields))
  }

  // MARK: - Commit

  private func commit(_ batch: Batch, isWhole: Bool, signer: VaultSigner) throws -> Vault.Head {
    let environment = main.vault.environment
    let objects = try ObjectBatch(
      in: main.vault.root.directory(Vault.incomingFolder), environment: environment)
    defer { objects.discard() }
    let items = try objects.seal(batch.sealers, to: main.vault.note.readers)
    let events = batch.events + [(IntakeEvent.collection, try account(of: batch, isWhole: isWhole))]
    let entries = try events.map { kind, fields in
      PreparedEntry(
        record: try ComposedRecord(
          kind: kind, added: environment.now(), fields: Schema.named(kind).validated(fields, fromProgram: true),
          files: [], randomness: environment.randomness), object: nil)
    }
    return try main.vault.commit(items + entries, expecting: tree, signer: signer).head
  }

  /// The entry that says how far it got.
  private func account(of batch: Batch, isWhole: Bool) throws -> JSONObject {
    var fields: JSONObject = [
      "name": .string(source.intake.name), "verifying_key": .string(source.intake.verifierKey.description),
      "entries": .integer(Int64(clamping: batch.next)), "item_count": .integer(Int64(batch.items.count)),
    ]
    if !batch.left.isEmpty { fields["left"] = .array(batch.left.map { .string($0.text) }) }
    // Behind a head that is trusted, somebody else may have signed: that must not count later.
    if isWhole { fields["checkpoint"] = .string(try ownCheckpoint()) }
    if let key = source.followedKey { fields[IntakeEvent.followedKey] = .string(key.description) }
    let reasons = [("reason", overrides.revocation), ("reader", overrides.reader), ("key", overrides.key)]
    for (name, reason) in reasons { if let reason { fields["override.\(name)"] = .string(reason) } }
    return fields
  }

  /// The checkpoint with the signature of the intake vault alone.
  private func ownCheckpoint() throws -> String {
    let (note, signed) = (source.reader.vault.note, source.reader.head.note)
    let origin = try Checkpoint(signed.text).origin
    let own = signed.signatures.filter { $0.name == (try? VaultNote.name(.checkpoints, origin: origin)) }
    let text = try SignedNote(text: signed.text, signatures: own).bytes
    guard text.count <= 20_000, note.checkpointKey(of: origin) != nil else {
      throw VaultError.damaged(Finding(.checkpoint, path: Vault.checkpointName, detail: "it is longer than it can be"))
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Fields of entries of custody that came, or tell what came, from an intake vault. The program sets them.
enum ArrivalField {
  /// The eight words of its key.
  static let intake = "intake"
  /// The number there of the item, or of what amended it, that came by this entry.
  static let item = "intake_item"
  /// The number there of the item before anything amended it: what has the same one here is the same for consent.
  static let first = "intake_first"
  /// Both entries as they were signed there, each in a line.
  static let entries = "intake_entries"
  /// The number there of the entry that says this.
  static let entry = "intake_entry"
}

extension CollectedVault.Left {
  /// As it stands in the entry of the collection.
  fileprivate var text: String {
    switch reason {
    case .withdrawnThere: [String(there), "withdrawn"].joined(separator: " ")
    case .withdrawnHere(let item): [String(there), "withdrawn_here", String(item)].joined(separator: " ")
    case .contradictingConsent: [String(there), "contradicting_consent"].joined(separator: " ")
    case .aboutNothing: [String(there), "about_nothing"].joined(separator: " ")
    case .untrusted: [String(there), "not_trusted"].joined(separator: " ")
    case .ofTheIntake(let kind): [String(there), kind].joined(separator: " ")
    }
  }
}
