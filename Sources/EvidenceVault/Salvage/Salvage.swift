public import Age
internal import DurableStore
internal import Primitives
internal import StrictJSON
internal import Tar
internal import TransparencyLog
internal import Wording

extension Vault {
  /// Recovers from a vault without index, checkpoint or note every item that `identities` open, or earlier ones that
  /// these give access to, into a new vault at `path` which says in an entry that they were recovered, and that order
  /// and completeness are not proven any more.
  ///
  /// The files are sealed again, each held against the digest in its record. The record of the lost vault is kept as a
  /// file of the item. Nothing is changed in the lost vault. The new vault appears once everything is in it.
  ///
  /// - Throws: `VaultError.noVault`; `.nothingSealed`; `.wrongIdentity` or `.damaged` if no item and no record opens;
  ///   as `create` and `add`. Nothing is made then.
  ///
  /// Source: FORMAT section 5.
  public static func salvage(
    _ lost: String, identities: [Identity], to path: String, passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, environment: VaultEnvironment
  ) throws(VaultError) -> SalvageReport {
    do {
      let root = try openFolder(lost)
      let (identities, keyTroubles) = try LostKeys(root: root).includingEarlier(identities)
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      let survey = try SalvageSurvey(root, identities: identities, environment: environment)
      try survey.requireSomething(in: lost)
      let folder = try quarantine.folder([Salvage.folder])
      try build(in: folder, passphrase: passphrase, workFactorLog2: workFactorLog2, environment: environment)
      let built = try Vault(opening: folder.path, environment: environment.withoutState)
      let salvage = Salvage(lost: root, identities: identities, vault: built, signer: try built.signer(passphrase))
      let (sealed, troubles) = try salvage.sealAll(survey.objects)
      let allTroubles = keyTroubles + survey.troubles + troubles
      try salvage.tell(sealed, lostPaths: allTroubles.filter { !$0.isRecovered }.map(\.path))
      let held = HeldInterrupts()
      try quarantine.publish(only: Salvage.folder)
      let vault = try Vault(opening: path, environment: environment)
      let head = try vault.readHead()
      vault.pin(head)
      _ = consume held
      return SalvageReport(
        vault: vault, head: head, origins: Salvage.origins(sealed), items: sealed.map(\.item),
        troubles: allTroubles, looseRecords: survey.looseRecords)
    } catch {
      throw VaultError(error)
    }
  }
}

extension VaultEnvironment {
  /// The same without a memory of heads: what is being built has a path that nobody will see again.
  fileprivate var withoutState: VaultEnvironment {
    var environment = self
    environment.stateFolder = nil
    environment.onForgotten = {}
    environment.onCommit = {}
    return environment
  }
}

/// Seals what a survey found into a new vault.
private struct Salvage {
  /// Where the new vault is built in a folder beside its place. A commit locks the folder of its vault, and that of the
  /// building place is locked already.
  static let folder = "vault"

  let lost: Directory
  let identities: [Identity]
  let vault: Vault
  let signer: VaultSigner

  typealias Sealed = (object: SalvagedObject, item: SalvageReport.Item)

  static func origins(_ sealed: [Sealed]) -> [String] { Set(sealed.map(\.object.origin)).sorted() }

  /// Anybody can have made an object: one whose files are not where they must be keeps no other from being recovered.
  func sealAll(_ objects: [SalvagedObject]) throws -> ([Sealed], [SalvageReport.Trouble]) {
    var sealed: [Sealed] = []
    var troubles: [SalvageReport.Trouble] = []
    for object in objects {
      do {
        sealed.append((object, try seal(object)))
      } catch {
        guard let error = error as? VaultError, case .damaged(let finding) = error, finding.path == object.path else {
          throw error
        }
        troubles.append(SalvageReport.Trouble(path: object.path, detail: finding.detail, isRecovered: false))
      }
    }
    return (sealed, troubles)
  }

  func seal(_ object: SalvagedObject) throws -> SalvageReport.Item {
    let files = object.files.map(\.record)
    var sources = object.files.compactMap { file, offset in
      file.path.map { path in
        let part = SealedPart(
          place: .file(lost, object.path), path: object.path, identities: identities, file: file, offset: offset)
        return ItemSource(origin: .sealed(part), path: path, displayPath: path.text, byteCount: file.byteCount)
      }
    }
    let recordPath = try SalvagedRecord.path(beside: files)
    sources.append(
      ItemSource(
        origin: .memory(object.document), path: recordPath, displayPath: recordPath.text,
        byteCount: UInt64(object.document.count)))
    let (kind, fields, left, heldBack) = try fitting(object)
    let sealer = ObjectSealer(
      kind: kind, fields: fields, sources: sources, origin: vault.note.origin.description,
      environment: vault.environment)
    let (sealed, record) = try sealer.seal(
      to: vault.note.readers, in: vault.root.directory(Vault.incomingFolder))
    let indices = try vault.commit([PreparedEntry(record: record, object: sealed)], signer: signer).indices
    return SalvageReport.Item(
      index: indices.lowerBound, title: fields["title"]?.stringValue ?? "", path: object.path, leftFields: left,
      heldBackFields: heldBack)
  }

  private typealias Fitting = (kind: String, fields: JSONObject, left: [String], heldBack: [String])

  /// The fields that the schemas allow, and the names of the others. What fits no kind becomes a document.
  private func fitting(_ object: SalvagedObject) throws -> Fitting {
    if let schema = try? Schema.named(object.kind), schema.isItem {
      var fields = JSONObject()
      var (left, heldBack): ([String], [String]) = ([], [])
      for member in object.fields.members {
        if let field = schema.field(member.name), field.type.refusal(of: member.value) == nil {
          if Self.canMove(field, schema) {
            fields[member.name] = member.value
          } else if !field.isSetByProgram {
            heldBack.append(member.name)
          }
          if ConsentLineage.fields.contains(field.name) { fields[field.name] = .integer(.max) }
        } else {
          left.append(member.name)
        }
      }
      if schema.field(Self.consentBy) != nil { fields[Self.consentBy] = .integer(.max) }
      if let fields = try? schema.validated(fields, fromProgram: true) { return (schema.kind, fields, left, heldBack) }
    }
    let document = try Schema.named("document")
    var title = object.fields["title"] ?? "Salvaged item"
    if document.field("title")?.type.refusal(of: title) != nil { title = "Salvaged item" }
    let fields: JSONObject = ["title": title, "document.kind": "other", Self.consentBy: .integer(.max)]
    let left = ["kind"] + object.fields.names.filter { $0 != "title" }
    return (document.kind, try document.validated(fields), left, [])
  }

  private static let consentBy = "consent.by"

  /// Numbers of items change in the new vault: a link would point to another item. And a later record, or a
  /// withdrawal, may have taken consent back: a testimony comes without its answers, but for those that only restrict.
  /// Whether one spoke for another item nothing tells: the item itself, a later record of it, or a testimony that named
  /// it, and may be gone, said so. So each points to nobody, and nothing is exported before a person has looked.
  private static func canMove(_ field: Schema.Field, _ schema: Schema) -> Bool {
    let isAnswer = schema.kind == DisclosureRule.testimony && ConsentTerms.allows(field.name)
    let isSetByProgram =
      field.isSetByProgram && !ReceivedField.all.union(CollectedField.all).contains(field.name)
    return field.links.isEmpty && !isSetByProgram && !isAnswer
  }

  /// Says in the new vault what was done: an entry for each lost vault, more if their lists would be too long.
  func tell(_ sealed: [Sealed], lostPaths: [String]) throws {
    var lostPaths = lostPaths[...]
    for origin in Self.origins(sealed) {
      var rest = sealed.filter { $0.object.origin == origin }[...]
      while !rest.isEmpty {
        let part = rest.prefix(FieldType.maximumListCount)
        let fields: JSONObject = [
          "origin": .string(origin), "items": .array(part.map { .integer(Int64(clamping: $0.item.index)) }),
          "original_objects": .array(part.map { .string($0.object.sealedDigest.hex) }),
          "not_recovered": .array(lostPaths.prefix(FieldType.maximumListCount).map { .string($0) }),
          "order": "not_proven", "completeness": "not_proven",
        ]
        _ = try vault.addEvent("salvage", fields, signer: signer)
        rest = rest.dropFirst(part.count)
        lostPaths = lostPaths.dropFirst(FieldType.maximumListCount)
      }
    }
  }
}
