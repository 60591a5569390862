internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// A bundle in somebody else's hands that holds something that was withdrawn.
public struct HeldCopy: Hashable, Sendable {
  /// The item that is in it.
  public let item: UInt64
  /// The entries of the item: its own number, and those of its amendments.
  public let entries: [UInt64]
  /// Whom it was sealed to.
  public let recipient: String
  /// The export or disclosure.
  public let entry: UInt64
  /// When that was, on the clock of the machine that made it.
  public let exported: String
  /// The random name of the bundle.
  public let bundle: String
}

/// What a withdrawal did.
public struct WithdrawalReceipt: Sendable {
  /// The entry that says so.
  public let index: UInt64
  /// How many objects are gone.
  public let objectCount: Int
  /// Whether the item's lines of the records files are gone.
  public let isRecordGone: Bool
  /// What should be gone and could not be removed: files, relative to the vault. The next writer tries again.
  public let remaining: [String]
  /// Who holds copies, of the item and of those that go back to it.
  public let copies: [HeldCopy]
  /// The items that go back to this one, such as translations, and what a testimony spoke for: they are not exported
  /// any more either, and stay in the vault.
  public let covered: [UInt64]
  /// Those of them that only records tie to it which an amendment replaced: by mistake, perhaps.
  public let tiedByReplaced: [UInt64]
  /// Items with a file of the same content, to which nothing ties this one: they are exported as before.
  public let sameContent: [UInt64]
  /// The head after the withdrawal was entered.
  public let head: Vault.Head
}

/// What a withdrawal would do, before it is done.
public struct WithdrawalPreview: Sendable {
  /// The kind of the item.
  public let kind: String
  /// Its title.
  public let title: String
  /// How many objects would be gone.
  public let objectCount: Int
  /// Their size in bytes.
  public let objectByteCount: UInt64
  /// How many files are in them.
  public let fileCount: Int
  /// As in the receipt.
  public let copies: [HeldCopy]
  /// As in the receipt.
  public let covered: [UInt64]
  /// As in the receipt.
  public let tiedByReplaced: [UInt64]
  /// As in the receipt.
  public let sameContent: [UInt64]
}

/// Consent taken back.
public struct Withdrawing: Sendable {
  static let kind = "withdrawal"

  /// The classes of recipients that it concerns; empty for all, and then what the vault holds is destroyed.
  public var classes: [String] = []
  /// Why, in the words of the witness if possible.
  public var reason: String
  /// When the witness asked for it, as a date (EDTF).
  public var requestedOn: String?
  /// Who saw to it, by code.
  public var handledBy: String?

  /// Items that only replaced records tie to it, by mistake, as whoever withdraws says: they are not concerned.
  public var notCovering: [UInt64] = []

  /// Takes back all consent.
  public init(reason: String) { self.reason = reason }

  private static let covers = "covers"

  /// What a withdrawal says that the testimony or person named, whose record is gone with it.
  static func covered(in fields: JSONObject) -> [UInt64] { fields.entryNumbers(covers) }

  private static let notCovered = "not_covered"

  /// What a withdrawal says that replaced records tied by mistake.
  static func uncovered(in fields: JSONObject) -> [UInt64] { fields.entryNumbers(notCovered) }

  func fields(_ item: UInt64, objectCount: Int, covering items: [UInt64] = []) -> JSONObject {
    var fields: JSONObject = ["item": .integer(Int64(clamping: item)), "reason": .string(reason)]
    if !classes.isEmpty { fields["classes"] = .array(classes.map { .string($0) }) }
    if let requestedOn { fields["requested_on"] = .string(requestedOn) }
    if let handledBy { fields["handled_by"] = .string(handledBy) }
    fields["objects_destroyed"] = .integer(Int64(objectCount))
    for (name, items) in [(Self.covers, items), (Self.notCovered, notCovering)] where !items.isEmpty {
      fields[name] = .array(items.map { .integer(Int64(clamping: $0)) })
    }
    return fields
  }
}

extension VaultReader {
  /// Who holds copies of an item.
  ///
  /// - Throws: as `custody`.
  public func copies(of item: UInt64, in classes: [String] = []) throws(VaultError) -> [HeldCopy] {
    let book = try custody()
    let bundles = book.events(about: item).filter { event in
      event.isExport && (classes.isEmpty || classes.contains { event.names("classes", $0) })
    }
    let entries = [item] + book.amendments(of: item)
    return bundles.flatMap { event in
      (event.eventFields["recipients"]?.arrayValue ?? []).compactMap(\.stringValue).map {
        HeldCopy(
          item: item, entries: entries, recipient: $0, entry: event.index, exported: event.added,
          bundle: event.eventFields["bundle"]?.stringValue ?? "")
      }
    }
  }

  /// What a withdrawal for all would destroy, and who holds copies; with `classes`, of those.
  ///
  /// - Throws: as `withdraw`.
  public func previewWithdrawal(
    of number: UInt64, for classes: [String] = [], notCovering mistaken: [UInt64] = []
  ) throws(VaultError) -> WithdrawalPreview {
    let item = try currentItem(number)
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = classes
    _ = try Schema.named(Withdrawing.kind).validated(withdrawing.fields(number, objectCount: 0))
    withdrawing.notCovering = mistaken
    let (copies, covered, tied, same) = try reach(of: item, withdrawing)
    do {
      let objects = try item.records.compactMap { try entry(at: $0.index).object }
      return WithdrawalPreview(
        kind: item.current.kind, title: item.current.title, objectCount: objects.count,
        objectByteCount: objects.reduce(0) { $0 &+ $1.byteCount },
        fileCount: item.records.reduce(0) { $0 + $1.files.count }, copies: copies, covered: covered,
        tiedByReplaced: tied, sameContent: same)
    } catch {
      throw VaultError(error)
    }
  }

  /// Who holds copies of an item and of what goes back to it, the items that do, and those that only have its content.
  ///
  /// - Throws: `VaultError.notTiedByReplaced` for an item that is not concerned, and is not one of which
  ///   that can be said.
  private func reach(
    of item: CurrentItem, _ withdrawing: Withdrawing
  ) throws(VaultError) -> (copies: [HeldCopy], covered: [UInt64], tied: [UInt64], same: [UInt64]) {
    let number = item.first
    let tied = try tiedByReplacedRecords(to: number)
    if let other = withdrawing.notCovering.first(where: { !tied.contains($0) }) {
      throw .notTiedByReplaced(other, to: number)
    }
    let covered = try descendants(of: number, without: withdrawing.notCovering)
    var copies: [HeldCopy] = []
    for item in [number] + covered { copies += try self.copies(of: item, in: withdrawing.classes) }
    return (
      copies, covered, tied.filter { covered.contains($0) && !withdrawing.notCovering.contains($0) },
      try itemsWithSameContent(as: item).filter { !covered.contains($0) }
    )
  }

  /// Enters that consent was taken back. If it was for all recipients, the objects of the item and its lines of the
  /// records files are destroyed here: what stays is the signed entry, with digests of salted values.
  ///
  /// The new records files are in place, and the entry is in the index, before anything is removed; what a crash leaves
  /// to be removed, the next writer removes. The entry says how many objects are to be destroyed, the receipt what is
  /// gone.
  ///
  /// - Throws: `VaultError.withdrawn` if it was done before; `.isAmendment`; `.grownMeanwhile` if another process added
  ///   entries: read again then.
  public func withdraw(
    _ number: UInt64, _ withdrawing: Withdrawing, signer: VaultSigner
  ) throws(VaultError) -> WithdrawalReceipt {
    let item = try currentItem(number)
    let (copies, covered, tied, same) = try reach(of: item, withdrawing)
    do {
      let removal = withdrawing.classes.isEmpty ? try removal(of: item) : nil
      let objectCount = removal?.objects.count ?? 0
      let environment = vault.environment
      let named =
        try removal == nil
        ? [] : testimonyLinks().items(of: number).filter { !withdrawing.notCovering.contains($0) }
      let fields = try Schema.named(Withdrawing.kind).validated(
        withdrawing.fields(number, objectCount: objectCount, covering: named), fromProgram: true)
      let record = try ComposedRecord(
        kind: Withdrawing.kind, added: environment.now(), fields: fields, files: [], randomness: environment.randomness)
      if removal != nil { vault.removeCaches() }
      let entry = PreparedEntry(record: record, object: nil, removal: removal, endsCaches: removal != nil)
      let committed = try vault.commit([entry], expecting: self.head.tree, signer: signer)
      let remaining = committed.remaining
      func remainingCount(in folder: String) -> Int { remaining.count { $0.hasPrefix("\(folder)/") } }
      return WithdrawalReceipt(
        index: committed.indices.lowerBound, objectCount: objectCount - remainingCount(in: ObjectReference.folder),
        isRecordGone: removal != nil && remainingCount(in: RecordsReference.folder) == 0, remaining: remaining,
        copies: copies, covered: covered, tiedByReplaced: tied, sameContent: same, head: committed.head)
    } catch {
      throw VaultError(error)
    }
  }

  /// The objects of an item, and what is to stay of every records file that holds something of it.
  private func removal(of item: CurrentItem) throws -> PreparedRemoval {
    let entries = try item.records.map { try entry(at: $0.index) }
    var files: [Digest: [[Disclosure]]] = [:]
    for entry in entries {
      let present = try presentRecords(of: entry)
      var lines = try files[present] ?? records(entry)
      lines[entry.records.line] = []
      files[present] = lines
    }
    let records = files.sorted { $0.key < $1.key }.map { (old: $0.key, lines: $0.value) }
    return PreparedRemoval(objects: try entries.compactMap { try presentObject(of: $0)?.digest }, records: records)
  }
}

extension Vault {
  /// Removes the caches, which may hold what is about to be withdrawn. The commit does so again, and tells if it
  /// cannot.
  func removeCaches() {
    for contents in Catalog.Contents.allCases { try? root.remove(contents.fileName) }
  }
}
