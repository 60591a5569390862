internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Repair: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Make what is damaged whole again."),
    discussion: say(
      """
      Without a key: the hashes of the index are made again from its entries. With --from, whatever else is damaged or
      missing is taken from a second copy of the vault, proven by the signed head or by its digest. Nothing damaged is
      deleted: it is moved to the folder aside/ in the vault. The signing key is copied where there is none, or no key
      file in its place, or, with a passphrase file, another key than the vault's; the reading key never. With a
      passphrase file or an identity the catalog is made again at once.

      Example: evidence repair --from /media/backup/my.vault
      """))

  @Option(help: about("A second copy of this vault; it is only read.", valueName: "copy"))
  var from: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    Progress.current.begin("repairing")
    let result = try repair()
    if let path = result.readingKeyInCopy {
      Message.note("this vault has no reading key; there is one at \(Message.shown(path)), and it was not copied")
    }
    if let size = result.laterCopySize {
      Message.note(
        """
        the copy has entries: \(size); this vault: \(result.verification.entryCount). The copy went on where this \
        vault did not, and knows of what was added and withdrawn there: look which of them is to go on before you use \
        this one
        """)
    }
    report.print(json(result)) { printText(result) }
    guard result.verification.isSound else { throw ExitStatus.findings }
    try rebuildCatalog(result.vault)
  }

  /// With a passphrase it can be told whether the signing key that is there is that of the vault.
  private func repair() throws -> RepairReport {
    guard options.secret.passphraseFile != nil else {
      return try Vault.repair(options.path(), from: from, environment: Surroundings.environment)
    }
    let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
    return try Vault.repair(options.path(), from: from, environment: Surroundings.environment) { vault in
      vault.holdsForeignSigningKey(passphrase)
    }
  }

  /// The next list would do it too.
  private func rebuildCatalog(_ vault: Vault) throws {
    guard options.secret.passphraseFile != nil || !options.identity.isEmpty else { return }
    _ = try VaultReader(vault, identities: options.unlock(vault, signing: false).identities).summaries()
  }

  private func printText(_ result: RepairReport) {
    for step in result.steps {
      Output.line(text(step))
    }
    let check = result.verification
    FindingText.print(check)
    let damageCount = check.findings.count { $0.severity == .damage }
    let verdict: Phrase = check.isSound ? "sound" : "NOT SOUND, \(Count.findings(damageCount))"
    Output.line(
      """
      \(verdict): \(result.count(.restored)) restored, \(result.count(.regenerated)) regenerated, \
      \(result.count(.moved)) moved aside
      """)
    Output.line("up to head \(check.head.words)")
  }

  private func text(_ step: RepairStep) -> Phrase {
    let path = Message.shown(step.path)
    let detail = step.detail.map { Message.shown($0) }
    if let detail, step.action == .moved { return "moved: \(path) to \(detail)" }
    let done: Phrase =
      switch step.action {
      case .made: "made: \(path)"
      case .restored: "restored: \(path)"
      case .regenerated: "regenerated: \(path)"
      case .moved: "moved: \(path)"
      case .removed: "removed: \(path)"
      }
    return detail.map { "\(done) (\($0))" } ?? done
  }

  private func json(_ result: RepairReport) -> JSONObject {
    let steps = result.steps.map { step -> JSON in
      var json: JSONObject = ["action": .string(step.action.rawValue), "path": .string(step.path)]
      if let detail = step.detail { json["detail"] = .string(detail.text(in: .en)) }
      return .object(json)
    }
    let check = result.verification
    var json: JSONObject = [
      "sound": .bool(check.isSound), "restored": .integer(Int64(result.count(.restored))),
      "regenerated": .integer(Int64(result.count(.regenerated))), "moved": .integer(Int64(result.count(.moved))),
      "steps": .array(steps), "entries": .integer(Int64(clamping: check.entryCount)),
      "head": .string(check.head.words), "findings": .array(check.findings.map { .object($0.json) }),
    ]
    if let path = result.readingKeyInCopy { json["reading_key_in_copy"] = .string(path) }
    if let size = result.laterCopySize { json["entries_in_copy"] = .integer(Int64(clamping: size)) }
    return json
  }
}
