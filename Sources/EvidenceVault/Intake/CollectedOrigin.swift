public import StrictJSON

/// Where an item was taken in before it came here.
public struct CollectedOrigin: Hashable, Sendable {
  /// What this vault calls the intake vault; its eight words if it does not know it any more.
  public let name: String
  /// The eight words of its key.
  public let fingerprint: String
  /// The number of the entry there.
  public let item: UInt64
  /// When it was added there, on the clock of that machine.
  public let added: String?
}

extension VaultReader {
  /// Where what a record or an entry of custody tells of was taken in; `nil` if it was added here.
  ///
  /// - Throws: as `custody`.
  public func collectedOrigin(of fields: JSONObject) throws(VaultError) -> CollectedOrigin? {
    let words = fields[CollectedField.fingerprint] ?? fields[ArrivalField.intake]
    let number = fields[CollectedField.item] ?? fields[ArrivalField.item] ?? fields[ArrivalField.entry]
    guard let words = words?.stringValue, let item = number?.unsignedValue else {
      return nil
    }
    let known = try intakes().last { $0.fingerprint.words.utf8.elementsEqual(words.utf8) }
    return CollectedOrigin(
      name: known?.name ?? words, fingerprint: words, item: item, added: fields[CollectedField.added]?.stringValue)
  }

  /// The number in an intake vault of each item that was collected from it, by its number here.
  ///
  /// - Throws: as `custody`.
  public func collectedNumbers(of intake: KnownIntake) throws(VaultError) -> [UInt64: UInt64] {
    var numbers: [UInt64: UInt64] = [:]
    for arrival in try arrivals(from: intake) where numbers[arrival.here] == nil {
      numbers[arrival.here] = arrival.there
    }
    return numbers
  }

  /// What the entries of custody say came from an intake vault: they stay when an item is withdrawn. An amendment has
  /// its own number there, and that of the item here.
  func arrivals(from intake: KnownIntake) throws(VaultError) -> [Arrival] {
    let words = intake.fingerprint.words
    return try custody().events.compactMap { event in
      guard event.kind == Collector.custody,
        event.eventFields[ArrivalField.intake]?.stringValue?.utf8.elementsEqual(words.utf8) == true,
        let there = event.eventFields[ArrivalField.item]?.unsignedValue,
        let here = CustodyBook.items(of: event).first
      else { return nil }
      let first = event.eventFields[ArrivalField.first]?.unsignedValue
      return Arrival(
        there: there, here: here, first: first ?? there, entry: KeptEntry.of(there, in: event.eventFields))
    }
  }
}

extension CustodyBook {
  /// Of items that were brought over by some entries of an intake vault, those that were amended here as well.
  func amendedHere(_ arrivals: [Arrival]) -> Set<UInt64> {
    let counts = Dictionary(arrivals.map { ($0.here, 1) }, uniquingKeysWith: +)
    // The first arrival of an item is the item itself.
    return Set(counts.filter { amendments(of: $0.key).count >= $0.value }.map(\.key))
  }

  /// What came from an intake vault before it was known that its owner trusts no longer what signed it, unless a person
  /// has looked at it: amended the item here, or taken back the consent for it.
  func doubtful(_ arrivals: [Arrival], in note: VaultNote) -> [Arrival] {
    let amendedHere = amendedHere(arrivals)
    return arrivals.filter { arrival in
      !arrival.isTrusted(in: note) && !amendedHere.contains(arrival.here)
        && !Schema.recipientClasses.allSatisfy { withdrawal(of: arrival.here, for: $0) != nil }
    }
  }
}
