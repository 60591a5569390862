internal import DurableStore
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// What became of a bundle that was received.
public struct ReceivedBundle: Sendable {
  /// An item of it.
  public struct Item: Sendable {
    /// Its number at the sender's.
    public let there: UInt64
    /// Its number in this vault.
    public let here: UInt64
    /// Items that came from the same place in other bundles before.
    public let earlier: [UInt64]
    /// Fields that this version does not know, and that are in its proofs alone.
    public let leftFields: [String]
  }

  /// The bundle, every part of which was checked.
  public let bundle: CheckedBundle
  /// Its items.
  public let items: [Item]
  /// Whether they were here before; no item was added then.
  public let wasThere: Bool
  /// Items here that came before under keys which the sender revoked since, and are not, or not all, of the history
  /// that the sender stands by.
  public let disowned: [UInt64]
  /// Items here that came under such keys, and of which this bundle does not show whether they are.
  public let unshown: [UInt64]
  /// An item that came before under a later key of the sender than that of this bundle.
  public let later: UInt64?
  /// Whether a key of this vault signed it, and this vault did not make it: a copy did, or whoever has the key.
  public let isOfCopy: Bool
  /// The head of this vault afterwards.
  public let head: Vault.Head
}

extension VaultReader {
  /// Files a bundle that is sealed to a reader of this vault: each item as an item of the same kind, with what was
  /// disclosed of it, its conditions of consent, its proofs, and an entry of custody; all or nothing, in one commit. No
  /// part of it lies open on a disk meanwhile. A bundle that was received before is not filed twice, also if its items
  /// were withdrawn since. Of items that came before, and that it shows the sender not to stand by, an entry of custody
  /// says so. It is a file, or parts as `BundleParts.find` takes them.
  ///
  /// - Throws: as `Bundle.open`; `VaultError.supplement`; `.otherHistory`, `.otherBeginning`, `.otherBundleOfName`;
  ///   `.signingKey(.replacedOwnKey)` for a bundle by a key that this vault replaced; `.kindWithheld`;
  ///   `.grownMeanwhile` if another process added entries: read again then.
  ///
  /// Source: FORMAT section 14.
  public func receive(
    _ paths: [String], from sender: ExpectedSender, signer: VaultSigner
  ) throws(VaultError) -> ReceivedBundle {
    let opened = try OpenedBundle(paths, with: identities, from: sender, environment: vault.environment)
    let items = try ReceivedItem.all(of: opened)
    let history = SenderHistory(of: opened.checked)
    let before = try arrivals(of: history)
    let revoked = RevokedKeyArrivals(
      of: history, among: before, isTold: sender.isPresentKey(of: opened.checked.sender))
    let later = before.first { history.isOlder(than: $0) }?.here
    try history.requireOneHistory(with: before, but: revoked.disowned)
    let isOfCopy = try isOfCopy(opened)
    func filed(_ items: [ReceivedBundle.Item], wasThere: Bool, _ head: Vault.Head) -> ReceivedBundle {
      ReceivedBundle(
        bundle: opened.checked, items: items, wasThere: wasThere, disowned: revoked.disowned.map(\.here),
        unshown: revoked.unshown.map(\.here), later: later, isOfCopy: isOfCopy, head: head)
    }
    let doubts = DisownedItems.events(
      for: revoked.refuted, saidBy: opened.checked, on: vault.environment.now().day, in: try custody())
    do {
      if let earlier = received(opened.checked, before) {
        return filed(earlier, wasThere: true, try doubts.isEmpty ? head : enter(doubts, signer: signer))
      }
      let numbers = newNumbers(of: items, opened.checked.events)
      let firsts = try firstArrivals(of: items, numbers, revoked) { named, item in
        self.fields(of: item, first: named, from: opened.checked, history)
      }
      let composed = try zip(items, firsts).map { try $0.composed(from: opened, numbers: numbers, sameAs: $1.here) }
      let arrivals = zip(items, firsts).enumerated()
        .map { position, arrival in
          self.entered(fields(of: arrival.0, first: arrival.1.there, from: opened.checked, history), at: position)
        }
      let new = try enter(arrivals + doubts, with: composed.map(\.item), signer: signer)
      let earlier = Dictionary(grouping: before, by: \.there)
      let received = zip(items, composed).map { item, composed in
        let there = item.first.index
        return ReceivedBundle.Item(
          there: there, here: numbers[there] ?? 0,
          earlier: (earlier[there] ?? []).filter { history.isSame(there, $0.ownEntry) }.map(\.here),
          leftFields: composed.left)
      }
      return filed(received, wasThere: false, new)
    } catch {
      throw VaultError(error)
    }
  }

  /// The number here of each entry of an item: a link can name any of them.
  private func newNumbers(of items: [ReceivedItem], _ events: [Record]) -> [UInt64: UInt64] {
    var numbers: [UInt64: UInt64] = [:]
    for (position, item) in items.enumerated() {
      for record in item.records { numbers[record.index] = head.tree.size + UInt64(position) }
    }
    for event in events { numbers[event.index] = numbers[event.index] ?? event.amends.flatMap { numbers[$0] } }
    return numbers
  }

  /// The first item with which each item has one consent, by its number at the sender's and here; `nil` where it is
  /// that itself. One of this vault that comes back is the item that it was.
  private func firstArrivals(
    of items: [ReceivedItem], _ numbers: [UInt64: UInt64], _ revoked: RevokedKeyArrivals,
    fields: (UInt64, ReceivedItem) -> JSONObject
  ) throws(VaultError) -> [(there: UInt64, here: UInt64?)] {
    let book = try custody()
    var own: [UInt64: UInt64] = [:]
    return items.map { item in
      let named = ConsentLineage.sameAs(in: item.current) ?? item.first.index
      if let own = ownItem(thatCame: fields(named, item)) {
        return (named, book.firstNumber(of: own) ?? own)
      }
      // By its own number, too: to name another item frees it from nothing that was said of this one.
      if let known = revoked.firstArrival(of: [named, item.first.index], in: book) { return known }
      defer { own[named] = own[named] ?? numbers[item.first.index] }
      return (named, own[named])
    }
  }

  /// What the entries of custody say was received from a sender.
  func arrivals(of history: SenderHistory) throws(VaultError) -> [BundleArrival] {
    try custody().events.filter { $0.kind == "custody" }.compactMap { BundleArrival($0.eventFields) }
      .filter(history.isOfSender)
  }

  /// The items of a bundle that was received before.
  private func received(_ bundle: CheckedBundle, _ before: [BundleArrival]) -> [ReceivedBundle.Item]? {
    let same = before.filter { $0.bundle.utf8.elementsEqual(bundle.note.identifier.utf8) }
    return same.isEmpty
      ? nil : same.map { ReceivedBundle.Item(there: $0.there, here: $0.here, earlier: [], leftFields: []) }
  }

  /// Seals items, and enters what is said of them and of others, in one commit.
  private func enter(
    _ events: [JSONObject], with items: [NewItem] = [], signer: VaultSigner
  ) throws -> Vault.Head {
    let environment = vault.environment
    environment.onPlan(items.reduce(0) { $0 &+ $1.sources.reduce(0) { $0 &+ $1.byteCount } })
    let sealers = try items.map { item in
      try ItemSource.requireDistinct(item.sources)
      return ObjectSealer(
        kind: item.kind, fields: try Schema.named(item.kind).validated(item.fields, fromProgram: true),
        sources: item.sources, origin: vault.note.origin.description, environment: environment)
    }
    let batch = try ObjectBatch(in: vault.root.directory(Vault.incomingFolder), environment: environment)
    defer { batch.discard() }
    let entries = try batch.seal(sealers, to: vault.note.readers)
    let custody = try Schema.named("custody")
    let said = try events.map { fields in
      PreparedEntry(
        record: try ComposedRecord(
          kind: custody.kind, added: environment.now(), fields: custody.validated(fields, fromProgram: true),
          files: [], randomness: environment.randomness), object: nil)
    }
    return try vault.commit(entries + said, expecting: head.tree, signer: signer).head
  }

  /// What is entered of the arrival of an item, which stands at a place among the new ones, and came from somewhere.
  private func entered(_ fields: JSONObject, at position: Int) -> JSONObject {
    var entered: JSONObject = [
      "item": .integer(Int64(clamping: head.tree.size + UInt64(position))), "event": "received",
      "at": .string(vault.environment.now().day),
    ]
    for member in fields.members { entered[member.name] = member.value }
    return entered
  }

  /// What the entry of custody says of where an item came from.
  private func fields(
    of item: ReceivedItem, first: UInt64, from bundle: CheckedBundle, _ history: SenderHistory
  ) -> JSONObject {
    let there = item.first.index
    var fields: JSONObject = [
      "from": .string(bundle.sender.firstFingerprint), "bundle": .string(bundle.note.identifier),
      "bundle_item": .integer(Int64(clamping: there)),
    ]
    if first != there { fields["bundle_first"] = .integer(Int64(clamping: first)) }
    for member in history.fields(of: item.records + item.events).members { fields[member.name] = member.value }
    return fields
  }
}
