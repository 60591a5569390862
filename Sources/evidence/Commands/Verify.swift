internal import Age
internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that everything is there and unchanged.",
    discussion: """
      Without a key: signatures, the index, and every file against its digest. With --deep everything is opened too and
      compared with its record. With --bundle an opened bundle is checked instead of a vault.
      """)

  @Flag(help: "Open everything and compare it with its record; needs the passphrase or --identity.")
  var deep = false

  @Option(help: ArgumentHelp("Check the bundle that lies open in this folder.", valueName: "folder"))
  var bundle: String?

  @OptionGroup var sender: SenderOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    if let bundle { return try verifyBundle(bundle) }
    let vault = try options.open()
    var keyFindings: [Finding] = []
    var identities: [Identity]?
    if deep { (identities, keyFindings) = try unlock(vault) }
    Progress.current.begin("checking")
    var result = try vault.verify(deepWith: identities)
    result.findings += keyFindings
    report.print(json(vault, result)) { printText(vault, result) }
    if !result.isSound { throw ExitStatus.findings }
  }

  /// A damaged key file is a finding among others as long as the rest can be opened.
  private func unlock(_ vault: Vault) throws -> ([Identity], [Finding]) {
    if !options.identity.isEmpty {
      return (try IdentityFiles.load(options.identity, passphraseFile: options.passphraseFile), [])
    }
    guard vault.hasReadingIdentity else { throw VaultError.needsReadingKey }
    let passphrase = try PassphrasePrompt.passphrase(options.passphraseFile, asking: "Passphrase of the vault")
    return ([try vault.readingIdentity(passphrase)], vault.verifySigningKey(passphrase))
  }

  private func verifyBundle(_ path: String) throws {
    Progress.current.begin("checking")
    let bundle = try EvidenceVault.Bundle.check(
      folder: path, from: sender.expected(), environment: Surroundings.environment)
    report.print(BundleText.json(bundle)) { BundleText.print(bundle, isSenderExpected: sender.isGiven) }
  }

  private func json(_ vault: Vault, _ result: VerificationReport) -> JSONObject {
    [
      "sound": .bool(result.isSound), "deep": .bool(result.isDeep),
      "entries": .integer(Int64(clamping: result.entryCount)),
      "objects": .integer(Int64(clamping: result.objectCount)), "bytes": .integer(Int64(clamping: result.byteCount)),
      "head": .string(result.head.words), "origin": .string(vault.note.origin.description),
      "fingerprint": .string(vault.note.fingerprint), "findings": .array(result.findings.map { .object($0.json) }),
    ]
  }

  private func printText(_ vault: Vault, _ result: VerificationReport) {
    for finding in result.findings {
      Output.line("\(finding.severity == .damage ? "DAMAGE" : "notice"): \(Message.sentence(finding))")
      Output.line("  what to do: \(finding.remedy)")
    }
    let scope = result.isDeep ? "everything was opened and compared" : "without opening anything"
    let damageCount = result.findings.count { $0.severity == .damage }
    let verdict = result.isSound ? "sound" : "NOT SOUND, \(counted(damageCount, "finding"))"
    let size = ByteCount.text(result.byteCount)
    Output.line("\(verdict): \(result.entryCount) entries, \(counted(result.objectCount, "object")), \(size), \(scope)")
    Output.line("up to head \(result.head.words)")
    Output.line("signed by \(vault.note.fingerprint); dates are this vault's own; countersigned by nobody")
  }
}

extension Finding {
  fileprivate var json: JSONObject {
    var json: JSONObject = [
      "subject": .string(subject.rawValue), "severity": .string(severity.rawValue), "detail": .string(detail),
      "remedy": .string(remedy),
    ]
    if let item { json["item"] = .integer(Int64(clamping: item)) }
    if let path { json["path"] = .string(path) }
    return json
  }
}
