internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON

extension VaultReader {
  /// Plans a supplement: fields of an item that a recipient already holds, and nothing else of it. Consent and the
  /// search for names hold as for an export.
  ///
  /// - Throws: `VaultError.notSent` if the recipient was never sent the entry that holds the fields;
  ///   `.conditionsNotSent` if they do not have what binds it now;
  ///   `.unknownFieldOfItem`; otherwise as `plan`.
  public func planDisclosure(
    of fields: [String], in number: UInt64, to recipient: KnownRecipient, purpose: String, choice: DisclosureChoice
  ) throws(VaultError) -> ExportPlan {
    let item = try currentItem(number)
    for field in fields where item.current.fields[field] == nil {
      throw .unknownFieldOfItem(
        field, item: number, nearest: nearestName(to: field, among: item.current.fields.names))
    }
    var choice = choice
    choice.disclosed.formUnion(fields)
    let plan = try plan([number], for: .recipients([recipient]), purpose: purpose, choice: choice)
    do {
      let holders = plan.items.filter { part in !part.isAlong && fields.contains { part.record.fields[$0] != nil } }
      let parts = try holders.map { try $0.showing(only: Set(fields)) }
      for part in parts where try !isHeld(part.record.index, by: recipient) {
        throw VaultError.notSent(item: number, recipient: recipient.name)
      }
      // Nothing but the fields goes: what binds them has to be there.
      let held = try disclosed(to: recipient)
      for along in plan.items where along.isAlong && !held.isSuperset(of: ExportChange.disclosed(along)) {
        throw VaultError.conditionsNotSent(
          item: number, of: along.amends ?? along.record.index, recipient: recipient.name)
      }
      return plan.supplement(of: parts)
    } catch {
      throw VaultError(error)
    }
  }

  /// Whether an entry was part of a bundle for a recipient.
  private func isHeld(_ entry: UInt64, by recipient: KnownRecipient) throws -> Bool {
    try exports(to: recipient).contains { event in
      (event.eventFields["disclosed"]?.arrayValue ?? []).contains {
        $0.stringValue?.utf8.starts(with: "\(entry):".utf8) == true
      }
    }
  }

  private func exports(to recipient: KnownRecipient) throws -> [Summary] {
    try custody().events.filter { event in
      event.kind == "export" && event.index > recipient.index && event.names("recipients", recipient.name)
    }
  }

  /// All that exports showed a recipient, each as its entry writes it.
  private func disclosed(to recipient: KnownRecipient) throws -> Set<String> {
    Set(
      try exports(to: recipient).flatMap { event in
        FileRanges.single((event.eventFields["disclosed"]?.arrayValue ?? []).compactMap(\.stringValue))
      })
  }
}

extension Summary {
  /// Whether the list in a field of an event has a text.
  func names(_ field: String, _ text: String) -> Bool {
    (eventFields[field]?.arrayValue ?? []).contains { $0.stringValue?.utf8.elementsEqual(text.utf8) == true }
  }
}

extension ExportPlan.Item {
  fileprivate func showing(only fields: Set<String>) throws -> ExportPlan.Item {
    let shown = try record.presentation.keeping { claim in
      guard case .name(let name)? = claim.path.first else { return false }
      return fields.contains(name)
    }
    return try ExportPlan.Item(
      record: Record(index: record.index, presentation: shown), amends: amends, overridden: overridden, bagPaths: [],
      entry: entry, whole: whole)
  }
}
