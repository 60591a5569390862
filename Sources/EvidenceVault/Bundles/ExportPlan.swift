internal import Age
internal import Primitives
internal import SelectiveDisclosure
internal import Tar
internal import TransparencyLog

/// Who is to open a bundle.
public enum Audience: Sendable {
  /// People whom the vault knows.
  case recipients([KnownRecipient])
  /// Whoever has the passphrase; the class of recipient they are, since consent speaks of classes.
  case passphrase(recipientClass: String)

  /// The classes, each once.
  public var classes: [String] {
    switch self {
    case .recipients(let known): Set(known.map(\.recipientClass)).sorted()
    case .passphrase(let recipientClass): [recipientClass]
    }
  }

  /// Whether whoever has the passphrase opens it.
  public var isPassphrase: Bool { if case .passphrase = self { true } else { false } }

  /// The people whom the vault knows among them.
  var recipients: [KnownRecipient] {
    guard case .recipients(let known) = self else { return [] }
    return known
  }

  /// The first recipient whose keys nobody compared with them.
  var firstUnchecked: String? { recipients.first { $0.comparison == nil }?.name }

  /// What the export is entered under.
  var names: [String] {
    switch self {
    case .recipients(let known): known.map(\.name)
    case .passphrase: [BundleNote.passphraseRecipient]
    }
  }
}

/// Exactly what the recipients will learn, before anything is sealed.
public struct ExportPlan: Sendable {
  /// One entry as it will be seen: an item, or an amendment of one.
  public struct Item: Sendable {
    /// The record with what is disclosed of it, and nothing else.
    public let record: Record
    /// The fields that are withheld, and why; not for the recipients.
    public let withheldFields: [WithheldField]
    /// The files that are withheld, by their paths, and why; not for the recipients.
    public let withheldFiles: [WithheldField]
    /// All that is withheld, for the sender alone.
    public var withheld: [String] {
      withheldFields.map(\.name) + withheldFiles.map { "file:\($0.name)" }
    }
    /// Where each disclosed file will stand in the bundle, in the order of the record.
    public var filePaths: [String] { bagPaths.map(\.text) }
    /// Which of all its files, from 0, each disclosed file is: its name may be withheld, and its content another's too.
    let filePositions: [Int]
    /// The item that the entry amends, if it is an amendment.
    public let amends: UInt64?
    /// What is shown although the witness did not agree.
    public internal(set) var overridden: [String]
    /// Where each disclosed file stands in the object, also where its name is withheld.
    var objectPaths: [ArchivePath?] { filePositions.map { whole.files[$0].path } }
    let bagPaths: [BagPath]
    let entry: Entry
    let whole: Record
    /// Whether it was not asked for, and goes along with what its witness allows, which binds whoever gets the others.
    public let isAlong: Bool
    /// Whether anybody's consent speaks for it.
    public let hasSpeaker: Bool

    init(
      record: Record, withheldFields: [WithheldField] = [], withheldFiles: [WithheldField] = [], amends: UInt64?,
      overridden: [String], bagPaths: [BagPath], entry: Entry, whole: Record, isAlong: Bool = false,
      hasSpeaker: Bool = true
    ) {
      (self.record, self.withheldFields, self.withheldFiles) = (record, withheldFields, withheldFiles)
      (self.amends, self.overridden, self.bagPaths) = (amends, overridden, bagPaths)
      (self.entry, self.whole, self.isAlong, self.hasSpeaker) = (entry, whole, isAlong, hasSpeaker)
      let positions = Dictionary(
        whole.fileDisclosures.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
      filePositions = record.fileDisclosures.compactMap { positions[$0] }
    }
  }

  /// The items in the order in which they were asked for, each followed by its amendment, and behind them what goes
  /// along.
  public internal(set) var items: [Item]
  /// What happened to the items so far, as far as it is disclosed, in the order of entries.
  public let events: [Item]
  /// Which of the events are about an item.
  public let eventNumbers: [UInt64: [UInt64]]
  /// The items that were asked for and are left out, and why.
  public let refused: [ConsentRefusal]
  /// Who is to open it.
  public let audience: Audience
  /// What it is for.
  public let purpose: String
  /// A random name: 32 hexadecimal digits.
  public let identifier: String
  /// When it was planned.
  public let created: Timestamp
  /// Who signs.
  public let sender: VaultNote
  /// The head that the proofs lead to.
  public let head: Vault.Head
  /// How it came about.
  public let choice: DisclosureChoice
  /// How the recipients reach the sender, in the sender's words; it may be empty.
  public var contact: String { Self.oneLine(choice.contact) }
  /// What changed since the last bundle to each of the recipients.
  public let changes: [ExportChange]

  /// The time-stamps of the head. They are read once: what somebody puts into the vault meanwhile does not go.
  var stamps: HeadStamps
  /// What authorities say of the head: the time-stamps that go, whoever put them into the vault.
  public var times: [TrustedTime] { stamps.sound.map(\.time) }
  /// The paths of time-stamps of the head that do not hold, and stay.
  public var unsoundStampPaths: [String] { stamps.unsoundPaths }

  /// The files that go and could not be searched for withheld names.
  public internal(set) var unsearchedFiles: [UnsearchedFile] = []
  /// The testimonies of witnesses whose names must not go and are not known here, so that nothing could look for them.
  public internal(set) var namelessTestimonies: [UInt64] = []

  /// The item whose fields are disclosed later than the rest of it, if that is what the bundle is for.
  public private(set) var supplemented: UInt64?

  /// The same plan, but for some fields of an item that the recipient already holds.
  func supplement(of items: [Item]) -> ExportPlan {
    var plan = ExportPlan(
      items: items, events: [], eventNumbers: [:], refused: [], audience: audience, purpose: purpose,
      identifier: identifier, created: created, sender: sender, head: head, choice: choice, changes: [], stamps: stamps)
    plan.supplemented = items.first.map { $0.amends ?? $0.record.index }
    return plan
  }

  /// A text without line feeds and what else is none of a line.
  static func oneLine(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }

  /// How many fields are withheld of an event, and of nothing else that stands in a history.
  public func withheldFieldCount(of event: UInt64) -> Int {
    events.first { $0.record.index == event }?.withheldFields.count ?? 0
  }

  /// The history of an item, as it goes into the bundle.
  public func custody(of item: UInt64) -> [CustodyLine] {
    let entries = items.filter { $0.record.index == item || $0.amends == item }
    let about = eventNumbers[item] ?? []
    return CustodyLine.lines((entries + events.filter { about.contains($0.record.index) }).map(\.record))
  }
}

extension Record {
  /// The digest of the disclosure of each file, in order.
  fileprivate var fileDisclosures: [Digest] {
    claims.filter { $0.path.count == 2 && $0.path[0] == .name("files") }
      .map { presentation.disclosures[$0.disclosureIndex].digest }
  }
}
