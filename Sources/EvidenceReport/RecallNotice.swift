public import EvidenceVault

/// What a holder of a copy is sent when consent was taken back: which item of which bundle, and what is asked of them,
/// in three languages. It names nobody and tells nothing of the item.
public struct RecallNotice {
  private let copy: HeldCopy
  private let receipt: WithdrawalReceipt
  private let fingerprint: String

  /// Writes a notice to whoever holds `copy`.
  public init(of copy: HeldCopy, after receipt: WithdrawalReceipt, fingerprint: String) {
    self.copy = copy
    self.receipt = receipt
    self.fingerprint = fingerprint
  }

  /// The names under which parts of the item are in the bundle.
  private var names: String {
    let entries = receipt.entries.first == copy.item ? receipt.entries : [copy.item]
    return entries.map { "item-\($0)" }.joined(separator: ", ")
  }

  /// The notice.
  public var text: String {
    """
    ENGLISH

    Consent for a part of a bundle that you hold was taken back. Please delete that part, also from copies and
    backups, do not use or publish it any more, tell those to whom you passed it on, and confirm to us that this was
    done, over the channel by which the bundle came.

    РУССКИЙ

    Согласие на часть пакета, который есть у вас, отозвано. Просим удалить эту часть, в том числе из копий и резервных
    копий, больше не использовать и не публиковать её, сообщить тем, кому вы её передали, и подтвердить нам, что это
    сделано, по тому же каналу, по которому пришёл пакет.

    ТОҶИКӢ

    Розигӣ барои як қисми бастае, ки дар дасти шумост, бозпас гирифта шуд. Хоҳиш мекунем, ки он қисмро, аз ҷумла аз
    нусхаҳо ва нусхаҳои эҳтиётӣ, нест кунед, дигар истифода ва нашр накунед, ба онҳое, ки ба онҳо додаед, хабар диҳед
    ва ба мо бо ҳамон роҳе, ки баста омада буд, тасдиқ кунед, ки ин иҷро шуд.

    bundle:       \(copy.bundle)
    made:         \(copy.exported)
    item:         \(copy.item)
    delete:       everything named \(names), under data/ and proofs/
    signed by:    \(fingerprint)
    index head:   \(receipt.head.words)

    """
  }
}
