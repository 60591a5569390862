internal import Primitives
internal import TransparencyLog
internal import Wording

/// Holds the signing keys of a vault against what its entries promised: the key that followed another has to be the one
/// that was promised first. What keys signed that were seized is told, and is no damage.
///
/// Source: FORMAT sections 3 and 6.
struct SigningKeyCheck {
  let vault: Vault
  let head: Vault.Head
  let promises: [(entry: UInt64, key: Digest)]

  func run() -> [Finding] { vault.note.keyPeriods.flatMap(check) }

  /// Holds the keys against what a head promised that somebody kept, and that is known to be of this vault.
  static func findings(_ note: VaultNote, expecting kept: ExpectedHead) -> [Finding] {
    guard case .note(let signed) = kept, let checkpoint = try? Checkpoint(signed.text),
      let promised = try? HeadLines(checkpoint).promised, let key = note.key(.vault, of: checkpoint.origin)?.key,
      let period = note.keyPeriods.first(where: { $0.vaultKey == key }),
      (period.next.map(VaultNote.promise) ?? note.promised) != promised
    else { return [] }
    let detail: Phrase =
      period.next == nil
      ? "it does not promise the signing key that the expected head promises"
      : "the signing key that followed is not the one that the expected head promised"
    return [Finding(.note, path: VaultNote.fileName, detail: detail)]
  }

  private func check(_ period: KeyPeriod) -> [Finding] {
    var findings: [Finding] = []
    let made = promises.filter { (period.start..<period.end).contains($0.entry) }
    if let other = made.first(where: { $0.key != made[0].key && $0.entry < period.trusted }) {
      findings.append(
        Finding(.entry, item: other.entry, detail: "it promises another signing key than an entry before it"))
    }
    guard let next = period.next else { return findings + checkPresent(made.first?.key) }
    if let promised = made.first, promised.key != VaultNote.promise(of: next) {
      findings.append(
        Finding(
          .note, path: VaultNote.fileName,
          detail: "the signing key that followed is not the one that entry \(promised.entry) promised"))
    }
    guard period.trusted < period.end else { return findings }
    let detail: Phrase =
      "signed by a key that was revoked, after the last head that is trusted: \(period.end - period.trusted) entries"
    return findings + [Finding(.untrusted, severity: .notice, item: period.trusted, detail: detail)]
  }

  /// What is promised now stands in the note and in the head, unless the entry that says so is yet to come.
  private func checkPresent(_ promised: Digest?) -> [Finding] {
    guard vault.isOwn(head) else { return [] }
    var findings: [Finding] = []
    if (try? head.lines.promised) != promised {
      let detail: Phrase = "it promises another signing key than the entries do"
      findings.append(Finding(.checkpoint, path: Vault.checkpointName, detail: detail))
    }
    if vault.note.promised != promised {
      let detail: Phrase = "it promises another signing key than the entries do"
      findings.append(Finding(.note, path: VaultNote.fileName, detail: detail))
    }
    return findings
  }
}
