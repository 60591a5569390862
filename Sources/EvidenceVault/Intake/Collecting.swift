internal import Age
internal import DurableStore
internal import StrictJSON
internal import TransparencyLog
public import Wording

/// What is collected although something speaks against it, each for a reason that becomes part of the entry.
public struct CollectionOverrides: Hashable, Sendable {
  /// Why it is collected although it was revoked.
  public var revocation: String?
  /// Why it is collected although it seals to a reader that is not known here.
  public var reader: String?
  /// Why it is collected although its signing key was replaced by one that it had not promised.
  public var key: String?

  /// Overrides nothing.
  public init() {}
}

/// What was brought over from an intake vault.
public struct CollectedVault: Sendable {
  /// An item of it, or what amended one.
  public struct Item: Sendable {
    /// Its number there.
    public let there: UInt64
    /// The number of the entry here.
    public let here: UInt64
    /// The item here that it amends, if it amends one.
    public let amends: UInt64?
    /// The item here that it amended there, and does not amend here, since that was amended here as well.
    public let besides: UInt64?
    /// Its title.
    public let title: String
    /// Links that pointed to what is not here, and were left out.
    public let lostLinks: [String]
  }

  /// An entry that was not brought over.
  public struct Left: Hashable, Sendable {
    /// Why.
    public enum Reason: Hashable, Sendable {
      /// It was withdrawn there: what it held is gone.
      case withdrawnThere
      /// It is about an item that was withdrawn here.
      case withdrawnHere(UInt64)
      /// It is about an item that is not here.
      case aboutNothing
      /// A key signed it that its owner revoked.
      case untrusted
      /// Its consent contradicts itself, and why. An item here that it would amend keeps the consent that it had.
      case contradictingConsent(amends: UInt64?, why: Phrase)
      /// It is about the intake vault itself: entries of this kind never act on another vault.
      case ofTheIntake(kind: String)
    }

    /// Its number there.
    public let there: UInt64
    /// Why it stays there.
    public let reason: Reason
  }

  /// A withdrawal of consent that was entered there, and holds here now: nothing is destroyed for it.
  public struct Withdrawn: Hashable, Sendable {
    /// The item here.
    public let item: UInt64
    /// The classes of recipients; empty if it was for all.
    public let classes: [String]
  }

  /// An entry that came here before.
  public struct Known: Hashable, Sendable {
    /// Its number there.
    public let there: UInt64
    /// The item here that it is, or that it amended.
    public let here: UInt64
  }

  /// What was collected before, and given up there since for a restored copy. It stays here.
  public struct GivenUp: Sendable {
    /// How many of the entries that were collected are there still: numbers from this one on are given again there.
    public let keptCount: UInt64
    /// What came of the others.
    public let entries: [Known]
  }

  /// The intake vault, as it was known before.
  public let intake: KnownIntake
  /// Whether it has the certificate that it was made with.
  public let isCertified: Bool
  /// The signing key that it has in the place of the one that was known before, if that was replaced.
  public let followedKey: KeyFingerprint?
  /// What was added.
  public internal(set) var items: [Item] = []
  /// What was withdrawn there.
  public internal(set) var withdrawn: [Withdrawn] = []
  /// How many other events came along.
  public internal(set) var eventCount = 0
  /// What was not brought over.
  public internal(set) var left: [Left] = []
  /// What was brought over earlier, and a key signed that was revoked since, and at which nobody has looked. It is
  /// exported until the item is amended here, or consent for it is taken back: both end that it is told.
  public internal(set) var doubtful: [Known] = []
  /// What was given up there since it was collected last, if something was.
  public internal(set) var givenUp: GivenUp?
  /// Whether a person has to see to something: what contradicts itself, and what a key signed that was revoked, which
  /// may be true and may narrow consent, if it stays there, and may be false, if it came here before.
  public var needsAttention: Bool {
    !doubtful.isEmpty
      || left.contains { left in
        switch left.reason {
        case .contradictingConsent, .untrusted: true
        case .withdrawnThere, .withdrawnHere, .aboutNothing, .ofTheIntake: false
        }
      }
  }
  /// Up to which entry the intake vault has been gone through now.
  public internal(set) var collectedCount: UInt64
  /// Its head.
  public let headThere: Vault.Head
  /// The head of this vault afterwards.
  public internal(set) var head: Vault.Head
}

extension VaultReader {
  /// Brings what an intake vault has taken in since it was collected last into this vault: items with their record,
  /// files and proofs, amendments, custody, and withdrawals, which hold here without destroying anything.
  ///
  /// All of the intake vault is checked first, against the key and the head that are known here. Then some entries at
  /// a time are sealed and committed, with an entry that says how far it got: after a crash it goes on from there.
  /// Collecting again adds only what is new.
  ///
  /// - Parameters:
  ///   - overrides: What is not to stand in the way.
  ///   - earlier: What this command brought over before it had to read again.
  ///   - onCommit: Called with all that came so far, whenever some of it is committed.
  /// - Throws: `VaultError.intake`; `.wrongIdentity`; `.grownMeanwhile` if another process added entries: read again
  ///   then.
  ///
  /// Source: FORMAT section 16.
  public func collect(
    _ path: String, overriding overrides: CollectionOverrides = CollectionOverrides(), signer: VaultSigner,
    after earlier: CollectedVault? = nil, onCommit: (CollectedVault) -> Void = { _ in }
  ) throws(VaultError) -> CollectedVault {
    do {
      let source = try IntakeSource(path, for: self, overriding: overrides)
      var result = CollectedVault(
        intake: source.intake, isCertified: try source.isCertified(by: vault.note, overriding: overrides),
        followedKey: source.followedKey.map { KeyFingerprint($0) }, collectedCount: source.growth.start,
        headThere: source.reader.head, head: head)
      if let earlier {
        (result.items, result.withdrawn) = (earlier.items, earlier.withdrawn)
        (result.left, result.eventCount) = (earlier.left, earlier.eventCount)
      }
      result.givenUp = earlier?.givenUp ?? source.growth.told
      result.doubtful = try custody().doubtful(source.arrivals, in: source.reader.vault.note).map(\.known)
      guard source.limit > source.growth.start else { return result }
      try source.check()
      var collector = try Collector(source, into: self, overriding: overrides)
      while result.collectedCount < source.limit {
        try collector.collect(upTo: source.limit, &result, signer: signer)
        onCommit(result)
      }
      return result
    } catch {
      throw VaultError(error)
    }
  }
}

/// An intake vault that lies somewhere, held against what is known of it.
struct IntakeSource {
  let intake: KnownIntake
  let reader: VaultReader
  /// What came from it before.
  let arrivals: [Arrival]
  /// How it stands to that.
  let growth: IntakeGrowth
  /// How many of its entries may be collected.
  let limit: UInt64
  /// Its signing key, if it is another one than was known.
  let followedKey: VerifierKey?

  init(_ path: String, for main: VaultReader, overriding overrides: CollectionOverrides) throws {
    var environment = main.vault.environment
    // What counts is what the main vault knows: at the same path, another intake vault may have been seen.
    environment.stateFolder = nil
    let found = try Vault(opening: path, environment: environment)
    let head = try found.readHead()
    let intake = try IntakeKeys(found, head, maker: main.vault.note)
      .intake(among: main.intakes(), isOverridden: overrides.key != nil)
    followedKey = intake.presentKey.key == found.note.vaultKey.key ? nil : found.note.vaultKey
    self.intake = intake
    arrivals = try main.arrivals(from: intake)
    growth = try IntakeGrowth(of: found, head, intake, after: arrivals)
    limit = try Self.limit(found, head, intake, override: overrides.revocation)
    let own = try Set(main.vault.note.readers.map(\.description)).union(main.earlierReaders(onlyTrusted: true))
    if overrides.reader == nil, let reader = found.note.readers.first(where: { !own.contains($0.description) }) {
      throw VaultError.intake(.foreignReader(name: intake.name, key: reader.description))
    }
    let bytes = try Self.newByteCount(found, head, from: growth.start)
    let plan = environment.onPlan
    environment.onPlan = { plan($0 &+ bytes) }
    reader = try VaultReader(
      Vault(path: found.path, note: found.note, root: found.root, environment: environment),
      identities: main.identities)
  }

  /// A key in the place of the certified one counts if it had been promised, and not if a person let it pass.
  func isCertified(by maker: VaultNote, overriding overrides: CollectionOverrides) throws(VaultError) -> Bool {
    switch try reader.vault.certification(by: maker) {
    case .none: false
    case .present: true
    case .formerKey: overrides.key == nil
    }
  }

  /// Of an intake vault that was revoked, nothing is taken, or what is behind a head that is trusted.
  private static func limit(
    _ found: Vault, _ head: Vault.Head, _ intake: KnownIntake, override: String?
  ) throws -> UInt64 {
    guard let revocation = intake.revocation, override == nil else { return head.tree.size }
    guard let text = revocation.trustedHead, case .words(let size, let words)? = try ExpectedHead.typed(text) else {
      throw VaultError.intake(.revoked(name: intake.name, by: revocation.entry))
    }
    guard found.compare(head, with: .words(size: size, fingerprint: words)).isAsExpected else {
      throw VaultError.intake(.notTheTrustedHead(name: intake.name, head: text, by: revocation.entry))
    }
    return size
  }

  /// The size of the objects that are new. Read before the check, so that a head that claims more entries than there
  /// are ends here.
  private static func newByteCount(_ found: Vault, _ head: Vault.Head, from start: UInt64) throws -> UInt64 {
    let tree = found.tree(head.tree)
    let width = UInt64(TilePath.fullWidth)
    var count: UInt64 = 0
    var bundle = start / width
    while bundle * width < head.tree.size {
      for (offset, leaf) in try tree.entries(inBundle: bundle).enumerated() {
        let entry = try Entry(index: bundle * width + UInt64(offset), leaf: leaf, in: found.note)
        if entry.index >= start { count &+= entry.object?.byteCount ?? 0 }
      }
      bundle += 1
    }
    return count
  }

  /// What a check may find without keeping anybody from collecting: nothing of it comes over.
  private static let harmless: Set<Finding.Subject> = [
    .key, .pendingKey, .strayKey, .obstacle, .catalog, .timestamp, .leftover, .foreign, .folder,
  ]

  /// Checks everything: signatures, index, files, and every record and object against its entry.
  ///
  /// - Throws: `VaultError.intake(.damaged)`.
  func check() throws {
    let report = try reader.vault.check(reader.head, deepWith: reader.identities)
    let findings = report.findings.filter { $0.severity == .damage && !Self.harmless.contains($0.subject) }
    guard findings.isEmpty else { throw VaultError.intake(.damaged(name: intake.name, findings)) }
  }
}
