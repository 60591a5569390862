internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
public import StrictJSON
internal import Synchronization
internal import TransparencyLog

/// One of several items that are added together.
public struct NewItem: Sendable {
  /// The name of its schema.
  public let kind: String
  /// Its record.
  public let fields: JSONObject
  /// Its files; there may be none.
  public let sources: [ItemSource]

  /// Puts an item together.
  public init(kind: String, fields: JSONObject, sources: [ItemSource] = []) {
    self.kind = kind
    self.fields = fields
    self.sources = sources
  }
}

/// What was added by one commit of several items.
public struct AddManyReceipt: Sendable {
  /// The numbers of the new entries, in the order of the items.
  public let indices: Range<UInt64>
  /// The size of all sealed objects in bytes.
  public let objectByteCount: UInt64
  /// The head after the commit.
  public let head: Vault.Head
}

extension Vault {
  /// Seals several items and puts them into the index in one commit: all or none; with `expected`, only while that is
  /// the head.
  ///
  /// - Throws: `VaultError`, `.grownMeanwhile` if there is another head; nothing is added then.
  public func add(
    many items: [NewItem], after expected: Head? = nil, signer: VaultSigner
  ) throws(VaultError) -> AddManyReceipt {
    do {
      guard !items.isEmpty else { throw VaultError.nothingToDo }
      var schemas: [String: Schema] = [:]
      for kind in Set(items.map(\.kind)) { schemas[kind] = try Schema.named(kind) }
      let sealers = try items.map { try sealer(of: $0, schemas[$0.kind]) }
      // A vault that must not be added to is told before long work, not after it.
      let size = try head().tree.size
      for item in items {
        if let schema = schemas[item.kind] { try requireSense(of: schema, item.fields, within: size) }
      }
      let batch = try ObjectBatch(in: root.directory(Self.incomingFolder), environment: environment)
      defer { batch.discard() }
      let entries = try batch.seal(sealers, to: note.readers)
      let byteCount = entries.reduce(0) { $0 + ($1.object?.reference.byteCount ?? 0) }
      let committed = try commit(entries, expecting: expected?.tree, signer: signer)
      return AddManyReceipt(indices: committed.indices, objectByteCount: byteCount, head: committed.head)
    } catch {
      throw VaultError(error)
    }
  }

  private func sealer(of item: NewItem, _ schema: Schema?) throws -> ObjectSealer {
    guard let schema, schema.isItem else { throw VaultError.unknownKind(item.kind, nearest: nil) }
    try ItemSource.requireDistinct(item.sources)
    return ObjectSealer(
      kind: item.kind, fields: try schema.validated(item.fields), sources: item.sources,
      origin: note.origin.description, environment: environment)
  }
}

/// Objects sealed side by side in a folder of their own in `incoming/`.
///
/// Source: FORMAT section 1.
struct ObjectBatch {
  static let ending = ".objects"

  private let incoming: Directory
  private let folder: HeldFolder
  private let environment: VaultEnvironment

  private struct Sealed: Sendable {
    let name: String
    let reference: ObjectReference
    let record: ComposedRecord
  }

  init(in incoming: Directory, environment: VaultEnvironment) throws {
    self.incoming = incoming
    self.environment = environment
    folder = try HeldFolder("\(Hex.encode(environment.randomness.bytes(16)))\(Self.ending)", in: incoming)
  }

  /// Seals items on all cores; what comes back, in their order, is on disk.
  func seal(_ sealers: [ObjectSealer], to readers: [Recipient]) throws -> [PreparedEntry] {
    let failure = Mutex<(any Error)?>(nil)
    let sealed = concurrentMap(sealers) { sealer -> Sealed? in
      guard failure.withLock({ $0 == nil }) else { return nil }
      do { return try seal(sealer, to: readers) } catch {
        failure.withLock { $0 = $0 ?? error }
        return nil
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let objects = sealed.compactMap(\.self)
    try folder.directory.syncFiles(objects.map(\.name))
    try incoming.sync()
    return objects.map {
      PreparedEntry(
        record: $0.record,
        object: SealedObject(folder: folder.directory, name: $0.name, reference: $0.reference, presence: folder))
    }
  }

  private func seal(_ sealer: ObjectSealer, to readers: [Recipient]) throws -> Sealed {
    let name = "\(Hex.encode(environment.randomness.bytes(16))).object"
    let file = try folder.directory.createFile(name)
    let (reference, record) = try sealer.seal(to: file, for: readers, workerCount: 1)
    try file.finishUnsynced()
    return Sealed(name: name, reference: reference, record: record)
  }

  /// Removes what did not find its place.
  func discard() { folder.discard() }
}
