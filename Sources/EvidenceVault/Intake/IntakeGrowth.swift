internal import Primitives
internal import TransparencyLog
internal import Wording

/// How an intake vault stands to what was collected from it: all of it has to be there still, and unchanged, or its
/// note has to say that it was given up for a restored copy.
///
/// Source: FORMAT section 16.
struct IntakeGrowth {
  /// From which entry on it is collected.
  let start: UInt64
  /// How many of the entries that were collected are there still, if some were given up since.
  let keptCount: UInt64?
  /// What came from those that were given up since.
  let givenUp: [Arrival]

  /// - Throws: `VaultError.intake`: `.olderCopy`, `.cannotTell`, `.wentOnOtherwise`, `.altered`, `.damaged`.
  init(of found: Vault, _ head: Vault.Head, _ intake: KnownIntake, after arrivals: [Arrival]) throws {
    guard let known = intake.collectedHead else {
      (start, keptCount, givenUp) = (intake.collectedCount, nil, [])
      return
    }
    let collected = Collected(intake: intake, arrivals: arrivals)
    switch found.compare(head, with: .note(known)) {
    case .same, .grown:
      (start, keptCount, givenUp) = (intake.collectedCount, nil, [])
    case .olderCopy:
      guard let restoration = try Self.restoration(of: found.note, givingUp: known) else {
        throw try collected.fault(of: found, head)
      }
      try collected.requireNoDifference(in: found, head)
      start = min(intake.collectedCount, restoration.kept.size)
      keptCount = restoration.kept.size
      givenUp = arrivals.filter {
        $0.isPart(of: found.note, under: restoration.origin) && !$0.isPart(of: found.note)
      }
    case .altered, .anotherVault, .cannotTell(.emptyHead), .cannotTell(.moreEntriesInWords), .cannotTell(.givenUp),
      .cannotTell(.invalidSignature):
      throw VaultError.intake(.altered(name: intake.name, collected: intake.collectedCount))
    case .cannotTell(.unreadableIndex):
      throw VaultError.intake(
        .damaged(name: intake.name, [Finding(.index, detail: "its tiles are missing or not those of its head")]))
    }
  }

  /// What is told of it.
  var told: CollectedVault.GivenUp? {
    keptCount.map { .init(keptCount: $0, entries: givenUp.map(\.known)) }
  }

  /// Where the vault went on from a copy without all that a head covers, as its note says. Whoever replaced a key says
  /// that nothing was given up.
  private static func restoration(of note: VaultNote, givingUp head: SignedNote) throws -> Continuation? {
    let checkpoint = try Checkpoint(head.text)
    return note.continuations.first {
      $0.origin == checkpoint.origin && !$0.isKeyReplacement && checkpoint.head.size > $0.kept.size
    }
  }
}

/// What is known here of an intake vault that was collected, to be held against a copy that does not have all of it.
private struct Collected {
  let intake: KnownIntake
  let arrivals: [Arrival]

  /// Why nothing is taken from a copy that has less, or goes by a name from before.
  func fault(of found: Vault, _ head: Vault.Head) throws -> VaultError {
    try requireNoDifference(in: found, head)
    let verified =
      intake.collectedHeads.filter { found.compare(head, with: .note($0)).isAsExpected }
      .compactMap { try? Checkpoint($0.text).head.size }.max() ?? 0
    let known = Set(entries(in: found, head).map(\.number))
    let isWhole = verified >= head.tree.size || (verified..<head.tree.size).allSatisfy(known.contains)
    let (name, count, size) = (intake.name, intake.collectedCount, head.tree.size)
    return .intake(
      isWhole
        ? .olderCopy(name: name, collected: count, size: size)
        : .cannotTell(name: name, collected: count, size: size))
  }

  /// Requires that each entry that came from the index which the copy has is the one that came.
  func requireNoDifference(in found: Vault, _ head: Vault.Head) throws {
    let tree = found.tree(head.tree)
    let width = UInt64(TilePath.fullWidth)
    var (bundle, leaves): (UInt64?, [[UInt8]]) = (nil, [])
    for entry in entries(in: found, head).sorted(by: { $0.number < $1.number }) {
      if bundle != entry.number / width {
        bundle = entry.number / width
        leaves = try tree.entries(inBundle: entry.number / width)
      }
      guard SHA256Hasher.digest(of: leaves[Int(entry.number % width)]) == entry.digest else {
        throw VaultError.intake(.wentOnOtherwise(name: intake.name, entry: entry.number))
      }
    }
  }

  private func entries(in found: Vault, _ head: Vault.Head) -> [KeptEntry] {
    arrivals.filter { $0.there < head.tree.size && $0.isPart(of: found.note) }.compactMap(\.entry)
  }
}
