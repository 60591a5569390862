public import StrictJSON

/// Fields of a record that the program sets.
enum ProgramField {
  static let amends = "amends"
  static let amendmentReason = "amendment.reason"
}

extension VaultReader {
  /// Adds a record that supersedes that of an item. The old one stays, and so do its files; `sources` are added to
  /// them.
  ///
  /// - Throws: `VaultError.nothingChanges` if nothing does; `.isAmendment`, `.withdrawn`; as `Vault.add`.
  public func amend(
    _ number: UInt64, setting changes: JSONObject, removing removed: Set<String>, reason: String,
    adding sources: [ItemSource], signer: VaultSigner
  ) throws(VaultError) -> AddReceipt {
    let item = try currentItem(number)
    let schema = try Schema.named(item.current.kind)
    for name in changes.names + removed.sorted() where schema.field(name)?.isSetByProgram == true {
      throw .programField(name, kind: schema.kind)
    }
    var fields = JSONObject()
    for member in item.current.fields.members where !removed.contains(member.name) {
      fields[member.name] = member.value
    }
    for name in removed where item.current.fields[name] == nil {
      throw .unknownFieldOfItem(
        name, item: number, nearest: nearestName(to: name, among: item.current.fields.names))
    }
    for member in changes.members { fields[member.name] = member.value }
    for name in [ProgramField.amends, ProgramField.amendmentReason] { fields[name] = nil }
    var present = item.current.fields
    for name in [ProgramField.amends, ProgramField.amendmentReason] { present[name] = nil }
    // What a seized key may have amended can be confirmed as it is.
    let isTrusted = vault.note.isTrusted(item.current.index)
    guard try schema.validated(fields, fromProgram: true) != present || !sources.isEmpty || !isTrusted else {
      throw .nothingChanges(number)
    }
    try requireLinks(changes, of: schema)
    fields[ProgramField.amends] = .integer(Int64(clamping: number))
    fields[ProgramField.amendmentReason] = .string(reason)
    return try vault.add(sources, kind: item.current.kind, fields: fields, after: head.tree, signer: signer)
  }
}
