public import EvidenceVault

/// What a holder of a copy is sent when consent was taken back: which item of which bundle, and what is asked of them,
/// in three languages. It names nobody and tells nothing of the item.
public struct RecallNotice {
  private let item: UInt64
  private let copy: HeldCopy
  private let head: Vault.Head
  private let fingerprint: String

  /// Writes a notice about `item` to whoever holds `copy`; `head` is that of the index with the withdrawal in it.
  public init(item: UInt64, copy: HeldCopy, head: Vault.Head, fingerprint: String) {
    self.item = item
    self.copy = copy
    self.head = head
    self.fingerprint = fingerprint
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
    item:         \(item)
    delete:       everything named item-\(item), under data/ and proofs/
    signed by:    \(fingerprint)
    index head:   \(head.words)

    """
  }
}
