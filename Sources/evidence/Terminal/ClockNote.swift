internal import EvidenceVault
internal import Wording

/// Tells when the clock of this machine is behind the vault. Consent that ends on a day ends by that clock: set back,
/// as by an empty battery, it lets go what has expired.
enum ClockNote {
  static func give(_ reader: VaultReader, now: Timestamp = .now()) throws {
    var newest = ""
    try reader.forEachSummary { summary in
      let day = String(summary.added.prefix { $0 != "T" })
      if newest.utf8.lexicographicallyPrecedes(day.utf8) { newest = day }
    }
    guard now.day.utf8.lexicographicallyPrecedes(newest.utf8) else { return }
    let day = Message.shown(newest)
    Message.note("this machine's clock says \(now.day), before an entry of \(day): set it, since consent ends by it")
  }
}
