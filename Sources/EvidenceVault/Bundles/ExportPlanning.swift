internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON

extension VaultReader {
  /// Decides field by field what `items` would show.
  ///
  /// - Throws: `VaultError.noSuchItem`, `.notAnItem`, `.isAmendment`, `.withdrawn`; `.unknownField` for a choice that
  ///   names no field; `.refusedByConsent` and `.askAgain`; `.overrideOfSeveral` and `.fileOfSeveral`;
  ///   `.identityWouldLeak`; `.nothingToDo`.
  public func plan(
    _ items: [UInt64], for audience: Audience, purpose: String, choice: DisclosureChoice
  ) throws(VaultError) -> ExportPlan {
    guard !items.isEmpty else { throw .nothingToDo }
    do {
      var choice = choice
      choice.overriddenItems = try firstNumbers(of: choice.overriddenItems)
      choice.checkedNames = try firstNumbers(of: choice.checkedNames)
      return try ExportPlanning(reader: self, audience: audience, purpose: purpose, choice: choice).plan(items)
    } catch {
      throw VaultError(error)
    }
  }

  /// The items that were named by one of their entries.
  private func firstNumbers(of entries: Set<UInt64>) throws -> Set<UInt64> {
    guard !entries.isEmpty else { return [] }
    let book = try custody()
    return Set(
      try entries.map { number in
        guard number < count else { throw VaultError.noSuchItem(number) }
        return book.firstNumber(of: number) ?? number
      })
  }
}

/// Works out what a bundle shows.
///
/// Source: FORMAT sections 5 and 7.
private struct ExportPlanning {
  let reader: VaultReader
  let audience: Audience
  let purpose: String
  let choice: DisclosureChoice
  private let gate: ConsentGate

  private var environment: VaultEnvironment { reader.vault.environment }

  init(reader: VaultReader, audience: Audience, purpose: String, choice: DisclosureChoice) {
    (self.reader, self.audience, self.purpose, self.choice) = (reader, audience, purpose, choice)
    gate = ConsentGate(
      reader: reader, recipients: audience.classes.map(RecipientTraits.init), today: reader.vault.environment.now().day)
  }

  func plan(_ numbers: [UInt64]) throws -> ExportPlan {
    var seen: Set<UInt64> = []
    let wanted = try current(numbers.filter { seen.insert($0).inserted })
    try requireTrusted(wanted.items)
    try requireKnownChoice(wanted.items)
    let (asked, refused) = try shown(wanted.items, refusals: wanted.refusals)
    let items = asked + (try ConditionsAlong(reader: reader, gate: gate, choice: choice).entries(with: asked))
    var search = (unsearched: [UnsearchedFile](), nameless: [UInt64]())
    if !choice.isNameCheckSkipped {
      let concerned = try wanted.items + gate.ancestors(of: wanted.items)
      search = try NameCheck(
        items: items, purpose: purpose, contact: choice.contact, reader: reader, concerned: concerned,
        checked: choice.checkedNames, allowed: allowed, choice: choice
      ).run()
    }
    let events = try events(about: asked)
    return ExportPlan(
      items: items, events: events.items, eventNumbers: events.numbers, refused: refused, audience: audience,
      purpose: ExportPlan.oneLine(purpose),
      identifier: Hex.encode(environment.randomness.bytes(BundleNote.identifierByteCount)),
      created: environment.now(), sender: reader.vault.note, head: reader.head, choice: choice,
      changes: try ExportChange.since(items, for: audience, in: reader.custody()),
      stamps: try TimestampReader(vault: reader.vault, head: reader.head).stampsOfHead(),
      unsearchedFiles: search.unsearched, namelessTestimonies: search.nameless)
  }

  /// What consent meets for an item; nothing if it does not go.
  private func allowed(_ item: CurrentItem) throws -> Set<Schema.ConsentNeed>? {
    let consent = try gate.consent(for: item)
    return consent.refusals.isEmpty ? consent.needs : consent.needs ?? []
  }

  /// The items as they stand. One that was withdrawn is refused like one whose witness said no.
  private func current(_ numbers: [UInt64]) throws -> (items: [CurrentItem], refusals: [ConsentRefusal]) {
    var items: [CurrentItem] = []
    var refusals: [ConsentRefusal] = []
    for number in numbers {
      do { items.append(try reader.currentItem(number)) } catch {
        guard case .withdrawn(_, let entry) = error else { throw error }
        refusals += audience.classes.map {
          ConsentRefusal(item: number, recipientClass: $0, cause: .item(.withdrawn(by: entry)))
        }
      }
    }
    return (items, refusals)
  }

  /// What keys signed that were seized is sent to nobody, neither as an item nor by the word of a testimony or of what
  /// leads to one. Of an item that was amended again since, what counts now decides, and what has files.
  private func requireTrusted(_ items: [CurrentItem]) throws {
    try requireOwned(items)
    let note = reader.vault.note
    guard !note.untrustedRanges.isEmpty else { return }
    for item in try items + gate.ancestors(of: items) {
      let counting = item.records.filter {
        $0.index == item.first || $0.index == item.current.index || !$0.files.isEmpty
      }
      guard let entry = counting.map(\.index).first(where: { !note.isTrusted($0) }) else { continue }
      throw VaultError.signingKey(.untrustedItem(entry))
    }
  }

  /// What its sender does not stand by stays, and so does what leads to it. What it names itself is not concerned.
  private func requireOwned(_ items: [CurrentItem]) throws {
    let book = try reader.custody()
    guard book.hasDisownedItems else { return }
    let lineage = try gate.lineage()
    var seen: Set<UInt64> = []
    var waiting = items.map(\.first)
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted else { continue }
      guard book.disowningEntry(of: next) == nil else { throw VaultError.signingKey(.disownedItem(next)) }
      guard let record = try? lineage.item(next).get().current else { continue }
      waiting += ConsentLineage.leading.flatMap(record.fields.entryNumbers).map { book.firstNumber(of: $0) ?? $0 }
    }
  }

  /// Each item as it may be shown, and why others may not.
  private func shown(
    _ wanted: [CurrentItem], refusals first: [ConsentRefusal]
  ) throws -> (items: [ExportPlan.Item], refused: [ConsentRefusal]) {
    var going: [(item: CurrentItem, consent: ItemConsent, parts: [Part])] = []
    var refused = first
    var questions: [ConsentRefusal] = []
    var byNameAlone: [String: Set<UInt64>] = [:]
    var overridden: [UInt64] = []
    for item in wanted {
      var consent = try gate.consent(for: item)
      consent.withheldCopies = try gate.withheldFiles(behind: item)
      let choice = choice.choice(of: item.first)
      consent.withheldFileName = try gate.withheldFileName(in: item, choice)
      let isRefused = !consent.refusals.isEmpty && !isOverridden(consent.refusals, choice)
      let parts = try entries(of: item, consent)
      let partRefusals = parts.flatMap(\.refusals)
      for name in parts.flatMap(\.filesByNameAlone) { byNameAlone[name, default: []].insert(item.first) }
      refused += isRefused ? consent.refusals : partRefusals
      if choice.askedNote == nil, choice.overrideReason == nil { questions += consent.questions }
      guard !isRefused, partRefusals.isEmpty else { continue }
      going.append((item, consent, parts))
      let isOpen = consent.refusals.isEmpty && (choice.askedNote != nil || consent.questions.isEmpty)
      if !isOpen || parts.contains(where: { !$0.item.overridden.isEmpty }) { overridden.append(item.first) }
    }
    // Who looked at the scan of one item has not looked at that of another.
    if let (name, items) = byNameAlone.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }) {
      throw VaultError.fileOfSeveral(name, items: items.sorted())
    }
    guard refused.isEmpty || (choice.isLeavingOutRefused && !going.isEmpty) else {
      throw VaultError.refusedByConsent(refused)
    }
    guard questions.isEmpty else { throw VaultError.askAgain(questions) }
    // A reason was thought of for what it was known to be for.
    guard overridden.count < 2 || !choice.overriddenItems.isEmpty else {
      throw VaultError.overrideOfSeveral(overridden.sorted())
    }
    return (try tied(going), refused)
  }

  /// The entries of the items that go, testimonies with what ties others of these to them.
  private func tied(
    _ going: [(item: CurrentItem, consent: ItemConsent, parts: [Part])]
  ) throws -> [ExportPlan.Item] {
    let companions = try Companions(of: Set(going.map(\.item.first)), gate)
    return try going.flatMap { item, consent, parts in
      let ties = try companions.ties(of: item)
      var items = try (ties.isEmpty ? parts : entries(of: item, consent, ties: ties)).map(\.item)
      // What is overridden as a whole is told of the entry that counts.
      if !consent.refusals.isEmpty { items[items.count - 1].overridden.insert("item", at: 0) }
      return items
    }
  }

  /// A written reason goes before what was not agreed to; never before consent that was taken back, or may have been.
  private func isOverridden(_ refusals: [ConsentRefusal], _ choice: DisclosureChoice) -> Bool {
    choice.overrideReason != nil
      && refusals.allSatisfy { refusal in
        switch refusal.cause {
        case .item(.withdrawn), .item(.noTestimony), .item(.disownedTestimony): false
        default: true
        }
      }
  }

  private typealias Part = (item: ExportPlan.Item, refusals: [ConsentRefusal], filesByNameAlone: [String])

  /// The entry that was added first, for its files, and the last amendment, for what counts now; of others only what
  /// has files.
  private func entries(of item: CurrentItem, _ consent: ItemConsent, ties: Set<String> = []) throws -> [Part] {
    let last = try part(item.current, of: item, amended: nil, consent, ties: ties)
    let shown = last.item.record.fields
    let others = try item.records.dropLast().filter { $0.index == item.first || !$0.files.isEmpty }
      .map { try part($0, of: item, amended: shown, consent, ties: []) }
    return others + [last]
  }

  private func part(
    _ whole: Record, of current: CurrentItem, amended: JSONObject?, _ consent: ItemConsent, ties: Set<String>
  ) throws -> Part {
    let first = current.first
    let rule = DisclosureRule(
      schema: try Schema.named(whole.kind), record: whole, choice: choice.choice(of: first), consent: consent.needs,
      current: current.current.fields, amended: amended, descent: consent.descent,
      withheldCopies: consent.withheldCopies, withheldFileName: consent.withheldFileName, ties: ties,
      takenBack: consent.takenBack)
    // A need is met if it is for every recipient, so this is said of all of them.
    let classes = audience.classes.joined(separator: " and ")
    let refusals = rule.refusals.map { what, need in
      let speaker = consent.speaker(without: need).flatMap { $0 == first ? nil : $0 }
      return ConsentRefusal(item: first, recipientClass: classes, cause: .part(what, need), speaker: speaker)
    }
    return (try item(whole, rule, amends: whole.index == first ? nil : first), refusals, rule.filesByNameAlone)
  }

  private func item(_ whole: Record, _ rule: DisclosureRule, amends: UInt64?) throws -> ExportPlan.Item {
    let shown = try Record(
      index: whole.index, presentation: whole.presentation.keeping { rule.isDisclosed($0) })
    return ExportPlan.Item(
      record: shown, withheldFields: rule.withheldFields, withheldFiles: rule.withheldFiles, amends: amends,
      overridden: rule.overridden, bagPaths: BagNames.paths(shown), entry: try reader.entry(at: whole.index),
      whole: whole, hasSpeaker: rule.consent != nil)
  }

  /// What happened to the items so far, as far as it was signed by a key that is trusted; what is restricted about it,
  /// such as who else got something, is withheld. That consent was taken back for others alone would read as if it were
  /// for all. Of an amendment that was amended in its turn and brought no files, that it was made.
  private func events(
    about items: [ExportPlan.Item]
  ) throws -> (items: [ExportPlan.Item], numbers: [UInt64: [UInt64]]) {
    let book = try reader.custody()
    var numbers: [UInt64: [UInt64]] = [:]
    let shown = Set(items.map(\.record.index))
    for item in items where item.amends == nil {
      let events = book.events(about: item.record.index).filter { $0.kind != Withdrawing.kind }.map(\.index)
      let amendments = book.amendments(of: item.record.index).filter { !shown.contains($0) }
      numbers[item.record.index] = (events + amendments).filter(reader.vault.note.isTrusted)
    }
    return (try Set(numbers.values.joined()).sorted().map(event), numbers)
  }

  private func event(_ number: UInt64) throws -> ExportPlan.Item {
    let whole = try reader.record(at: number)
    let schema = try Schema.named(whole.kind)
    let rule = DisclosureRule(schema: schema, record: whole, choice: DisclosureChoice(), consent: nil)
    guard schema.isItem else { return try item(whole, rule, amends: nil) }
    let record = try Record(
      index: number,
      presentation: whole.presentation.keeping { claim in
        guard case .name(let name)? = claim.path.first else { return false }
        return ["kind", "added", ProgramField.amends].contains(name)
      })
    return ExportPlan.Item(
      record: record, withheldFields: [], withheldFiles: [], amends: nil, overridden: [], bagPaths: [],
      entry: try reader.entry(at: number), whole: whole)
  }

  /// A misspelled field name would silently change nothing.
  private func requireKnownChoice(_ items: [CurrentItem]) throws {
    let tying = TestimonyLinks.fields + TestimonyLinks.personFields
    let ties = try choice.withheld.isDisjoint(with: tying) ? [] : self.ties(among: items)
    let binding = [ConsentLineage.consentBy, ProgramField.amends]
    let isBinding = { ConsentTerms.isCondition($0) || binding.contains($0) || ties.contains($0) }
    if let name = choice.withheld.sorted().first(where: isBinding) { throw VaultError.conditionTravels(field: name) }
    let schemas = Set(items.map(\.current.kind)).compactMap { try? Schema.named($0) }
    let fields = schemas.flatMap { $0.fields.map(\.name) }
    let paths = items.flatMap { item in
      item.records.flatMap { $0.files.compactMap(\.path) }.flatMap {
        [DisclosureChoice.file($0), DisclosureChoice.file($0, of: item.first), DisclosureChoice.name($0)]
      }
    }
    let words = [DisclosureChoice.restricted, DisclosureChoice.files, DisclosureChoice.names]
    let known = Set(fields + paths + words)
    for name in choice.disclosed.union(choice.withheld).sorted() where !known.contains(name) {
      let kinds = schemas.map(\.kind).sorted().joined(separator: ", ")
      throw VaultError.unknownField(name, kind: kinds, nearest: nearestName(to: name, among: Array(known)))
    }
  }

  /// The fields that tie any of the items, or what goes along with them, to a testimony.
  private func ties(among items: [CurrentItem]) throws -> Set<String> {
    let companions = try Companions(of: Set(items.map(\.first)), gate)
    return try (items + companions.items).reduce(into: []) { $0.formUnion(try companions.ties(of: $1)) }
  }
}
