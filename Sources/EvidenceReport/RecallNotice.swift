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

    Consent for a part of a bundle that you hold was taken back. The part also stands in the report, the tables of
    checksums and the sealed file, and cannot be taken out of them. Please delete the whole bundle: the sealed file or
    its parts, what was unpacked from it, prints, copies and backups. What was not taken back can be sent to you again:
    ask us. Do not use or publish the part any more, tell those to whom you passed it on, and confirm to us that this
    was done, over the channel by which the bundle came.

    РУССКИЙ

    Согласие на часть пакета, который есть у вас, отозвано. Эта часть есть и в отчёте, и в списках контрольных сумм, и
    в запечатанном файле, и вынуть её оттуда нельзя. Просим удалить весь пакет: запечатанный файл или его части, всё
    распакованное из него, распечатки, копии и резервные копии. То, что не отозвано, можно прислать вам снова: попросите
    нас. Больше не используйте и не публикуйте эту часть, сообщите тем, кому вы её передали, и подтвердите нам, что это
    сделано, по тому же каналу, по которому пришёл пакет.

    ТОҶИКӢ

    Розигӣ барои як қисми бастае, ки дар дасти шумост, бозпас гирифта шуд. Ин қисм дар ҳисобот, дар рӯйхати суммаҳои
    санҷишӣ ва дар файли мӯҳршуда низ ҳаст, ва онро аз он ҷо гирифтан мумкин нест. Хоҳиш мекунем, ки ҳамаи бастаро нест
    кунед: файли мӯҳршуда ё қисмҳои онро, он чи аз он кушода шудааст, чопшудаҳо, нусхаҳо ва нусхаҳои эҳтиётиро. Он чи
    бозпас гирифта нашудааст, дубора фиристода мешавад: аз мо пурсед. Ин қисмро дигар истифода ва нашр накунед, ба
    онҳое, ки ба онҳо додаед, хабар диҳед ва ба мо бо ҳамон роҳе, ки баста омада буд, тасдиқ кунед, ки ин иҷро шуд.

    bundle:       \(copy.bundle)
    made:         \(copy.exported)
    item:         \(copy.item)
    named:        \(names), under data/ and proofs/
    signed by:    \(fingerprint)
    index head:   \(receipt.head.words)

    """
  }
}
