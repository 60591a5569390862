internal import Age
internal import DurableStore
internal import Primitives
public import Streams
public import StrictJSON
internal import Tar
package import TransparencyLog
internal import Wording

/// What was added, where, and what the index says now.
public struct AddReceipt: Sendable {
  /// The number of the new entry.
  public let index: UInt64
  /// The files of the item.
  public let fileCount: Int
  /// The size of the sealed object in bytes.
  public let objectByteCount: UInt64
  /// The head after the commit.
  public let head: Vault.Head
}

extension Vault {
  /// Spools what comes through a pipe, for `add`; the bytes are sealed to a key that only this process has.
  public func spool(_ source: any ByteSource, name: String) throws(VaultError) -> ItemSource {
    do {
      let path = try ItemSource.archivePath(name)
      let spool = try Spool(source, in: root.directory(Self.incomingFolder), environment: environment)
      return ItemSource(origin: .spool(spool), path: path, displayPath: name, byteCount: spool.byteCount)
    } catch {
      throw VaultError(error)
    }
  }

  /// Seals files and a record as one item and puts it into the index.
  ///
  /// - Throws: `VaultError`; nothing is added then.
  public func add(
    _ sources: [ItemSource], kind: String, fields: JSONObject, signer: VaultSigner
  ) throws(VaultError) -> AddReceipt {
    try add(sources, kind: kind, fields: fields, after: nil, signer: signer)
  }

  /// Adds an item; if it depends on other entries, only while the head is still `expected`.
  ///
  /// - Parameter changed: The names of the fields that an amendment changes.
  func add(
    _ sources: [ItemSource], kind: String, fields: JSONObject, changed: [String]? = nil, after expected: TreeHead?,
    signer: VaultSigner
  ) throws(VaultError) -> AddReceipt {
    do {
      let schema = try Schema.named(kind)
      guard schema.isItem else { throw VaultError.unknownKind(kind, nearest: nil) }
      let fields = try schema.validated(fields, fromProgram: expected != nil)
      try ItemSource.requireDistinct(sources)
      // A vault that must not be added to is told before long work, not after it.
      try requireSense(of: schema, fields, changed: changed, within: head().tree.size)
      environment.onPlan(sources.reduce(0) { $0 &+ $1.byteCount })
      let incoming = try root.directory(Self.incomingFolder)
      let sealer = ObjectSealer(
        kind: kind, fields: fields, sources: sources, origin: note.origin.description, environment: environment)
      let (object, record) = try sealer.seal(to: note.readers, in: incoming)
      let committed = try commit(
        [PreparedEntry(record: record, object: object)], expecting: expected, signer: signer)
      return AddReceipt(
        index: committed.indices.lowerBound, fileCount: sources.count, objectByteCount: object.reference.byteCount,
        head: committed.head)
    } catch {
      throw VaultError(error)
    }
  }

  /// Refuses consent that contradicts itself, and a number of an entry that is not there yet: it would later point to
  /// something else. Of an amendment only the numbers count that it changes: what it takes over can be the number of
  /// nothing, which the program gives what was salvaged, or came without its testimony.
  func requireSense(
    of schema: Schema, _ fields: JSONObject, changed: [String]? = nil, within size: UInt64
  ) throws(VaultError) {
    if let contradiction = ConsentContradiction.all(in: fields).first {
      throw .contradictoryConsent(fields: contradiction.fields, reason: contradiction.reason)
    }
    for member in fields.members where changed?.contains(member.name) ?? true {
      guard let field = schema.field(member.name), !field.links.isEmpty else { continue }
      for number in member.value.arrayValue ?? [member.value] {
        guard let number = number.unsignedValue, number < size else {
          throw .invalidValue(field: member.name, expected: "the number of an entry of this vault")
        }
      }
    }
  }

  /// Puts an event into the index, and does what belongs to it, as `commit`.
  func addEvent(
    _ kind: String, _ fields: JSONObject, signer: VaultSigner, finishing finish: () throws -> Void = {}
  ) throws -> (index: UInt64, head: Head) {
    let (indices, head) = try addEvents(kind, [fields], signer: signer, finishing: finish)
    return (indices.lowerBound, head)
  }

  /// Puts several events of one kind into the index, all or none, and does what belongs to them, as `commit`.
  package func addEvents(
    _ kind: String, _ events: [JSONObject], after expected: TreeHead? = nil, signer: VaultSigner,
    finishing finish: () throws -> Void = {}
  ) throws -> (indices: Range<UInt64>, head: Head) {
    let schema = try Schema.named(kind)
    let entries = try events.map { fields in
      let record = try ComposedRecord(
        kind: kind, added: environment.now(), fields: schema.validated(fields), files: [],
        randomness: environment.randomness)
      return PreparedEntry(record: record, object: nil, removal: nil)
    }
    let committed = try commit(entries, expecting: expected, signer: signer, finishing: finish)
    return (committed.indices, committed.head)
  }
}
