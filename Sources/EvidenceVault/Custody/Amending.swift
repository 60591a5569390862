public import StrictJSON

/// Fields of a record that the program sets.
enum ProgramField {
  static let amends = "amends"
  static let amendmentReason = "amendment.reason"
  /// Those of an amendment alone.
  static let ofAmendments = [amends, amendmentReason]
}

extension VaultReader {
  /// Adds a record that supersedes that of an item. The old one stays, and so do its files; `sources` are added to
  /// them.
  ///
  /// What a key wrote that was revoked since counts again only if it is confirmed as it is, without any change: a
  /// change begins with the last record that is trusted.
  ///
  /// - Throws: `VaultError.nothingChanges` if nothing does; `.isAmendment`, `.withdrawn`; `.signingKey(.untrustedItem)`
  ///   if nothing of the item is trusted that is to be changed; as `Vault.add`.
  public func amend(
    _ number: UInt64, setting changes: JSONObject, removing removed: Set<String>, reason: String,
    adding sources: [ItemSource], signer: VaultSigner
  ) throws(VaultError) -> AddReceipt {
    let item = try currentItem(number)
    let isChanged = !changes.names.isEmpty || !removed.isEmpty || !sources.isEmpty
    let base = isChanged ? trustedRecord(of: item) : item.current
    guard let base else { throw .signingKey(.untrustedItem(item.first)) }
    let schema = try Schema.named(base.kind)
    for name in changes.names + removed.sorted() where schema.field(name)?.isSetByProgram == true {
      throw .programField(name, kind: schema.kind)
    }
    var fields = JSONObject()
    for member in base.fields.members where !removed.contains(member.name) {
      fields[member.name] = member.value
    }
    for name in removed where base.fields[name] == nil {
      throw .unknownFieldOfItem(name, item: number, nearest: nearestName(to: name, among: base.fields.names))
    }
    for member in changes.members { fields[member.name] = member.value }
    for name in ProgramField.ofAmendments { fields[name] = nil }
    let isTrusted = vault.note.isTrusted(item.current.index)
    guard try schema.validated(fields, fromProgram: true) != ownFields(base) || !sources.isEmpty || !isTrusted else {
      throw .nothingChanges(number)
    }
    try requireLinks(changes, of: schema)
    fields[ProgramField.amends] = .integer(Int64(clamping: number))
    fields[ProgramField.amendmentReason] = .string(reason)
    return try vault.add(
      sources, kind: base.kind, fields: fields, changed: changes.names, after: head.tree, signer: signer)
  }

  /// The fields of an item in which its present record differs from the last one that is trusted; none if the present
  /// one is.
  public func untrustedFields(of item: CurrentItem) -> [String] {
    guard !vault.note.isTrusted(item.current.index) else { return [] }
    let present = ownFields(item.current)
    let trusted = trustedRecord(of: item).map(ownFields) ?? JSONObject()
    return Set(present.names + trusted.names).filter { present[$0] != trusted[$0] }.sorted()
  }

  private func trustedRecord(of item: CurrentItem) -> Record? {
    item.records.last { vault.note.isTrusted($0.index) }
  }

  private func ownFields(_ record: Record) -> JSONObject {
    var fields = record.fields
    for name in ProgramField.ofAmendments { fields[name] = nil }
    return fields
  }
}
