internal import Age
internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Check that everything is there and unchanged."),
    discussion: say(
      """
      Without a key: signatures, the index, and every file against its digest. With --deep everything is opened too and
      compared with its record. With --expect the index is compared with a head that was kept elsewhere: a number and
      eight words, or a file. With --bundle an opened bundle is checked instead of a vault.
      """))

  @Flag(help: about("Open everything and compare it with its record; needs the passphrase or --identity."))
  var deep = false

  @Option(help: about("Compare the index with this head.", valueName: "words|file"))
  var expect: String?

  @Option(
    help: about(
      "Check countersignatures against this policy; evidence witness policy makes one.",
      valueName: "file"))
  var policy: String?

  @Option(help: about("Require that the vault with this card made this intake vault.", valueName: "card"))
  var certifiedBy: String?

  @Option(help: about("Check the bundle that lies open in this folder.", valueName: "folder"))
  var bundle: String?

  @OptionGroup var sender: SenderOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    if let bundle {
      guard expect == nil, policy == nil, certifiedBy == nil else {
        throw UsageFault("--expect, --policy and --certified-by are for a vault; a bundle names its head itself")
      }
      return try verifyBundle(bundle)
    }
    let expected = try expect.map { try HeadText.expected($0) }
    let policy = try policy.map { try WitnessFiles.policy($0) }
    let certifier = try certifiedBy.map { try WitnessFiles.card($0) }
    let vault = try options.open()
    let certification = try certifier.map { try vault.certification(by: $0) }
    var keyFindings: [Finding] = []
    var identities: [Identity]?
    if deep { (identities, keyFindings) = try unlock(vault) }
    Progress.current.begin("checking")
    var result = try vault.verify(deepWith: identities, expecting: expected, policy: policy)
    result.findings += keyFindings
    var json = json(vault, result)
    if let certification { json["certified"] = .bool(certification == .present) }
    report.print(json) {
      printText(vault, result)
      if let certifier, let certification { Output.line(text(certification, by: certifier)) }
    }
    if case .words = expected, case .altered = result.comparison {
      Message.note("words are signed by nobody: those of another vault look like this, too")
    }
    if !result.isSound { throw ExitStatus.findings }
    if let certification, certification != .present { throw ExitStatus.unknownSigner }
    if let comparison = result.comparison, !comparison.isAsExpected { throw HeadText.status(comparison) }
    if policy != nil, result.witnesses.metSize == nil { throw ExitStatus.failure }
  }

  private func text(_ certification: Vault.Certification, by certifier: VaultNote) -> Phrase {
    switch certification {
    case .present: "certified by \(certifier.fingerprint)"
    case .none: "NOT CERTIFIED by \(certifier.fingerprint)"
    case .formerKey:
      """
      NOT CERTIFIED under its present key: \(certifier.fingerprint) certified it under one that was replaced since; \
      `evidence collect` in the vault that made it tells whether the new one had been promised
      """
    }
  }

  /// A damaged key file is a finding among others as long as the rest can be opened.
  private func unlock(_ vault: Vault) throws -> ([Identity], [Finding]) {
    if !options.identity.isEmpty {
      return (try IdentityFiles.load(options.identity, options.secret), [])
    }
    guard vault.hasReadingIdentity else { throw VaultError.needsReadingKey(vault.readingKeyLack) }
    let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
    let identity = try vault.readingIdentity(passphrase)
    return (
      vault.includingEarlier([identity]), vault.verifySigningKey(passphrase) + vault.verifyEarlierKeys(of: identity)
    )
  }

  private func verifyBundle(_ path: String) throws {
    Progress.current.begin("checking")
    let bundle = try EvidenceVault.Bundle.check(
      folder: path, from: sender.expected(), environment: Surroundings.environment)
    report.print(BundleText.json(bundle)) { BundleText.print(bundle, isSenderExpected: sender.isGiven) }
  }

  private func json(_ vault: Vault, _ result: VerificationReport) -> JSONObject {
    var json: JSONObject = [
      "sound": .bool(result.isSound), "deep": .bool(result.isDeep),
      "entries": .integer(Int64(clamping: result.entryCount)),
      "objects": .integer(Int64(clamping: result.objectCount)), "bytes": .integer(Int64(clamping: result.byteCount)),
      "withdrawn": .array(result.withdrawnItems.map { .integer(Int64(clamping: $0)) }),
      "head": .string(result.head.words), "origin": .string(vault.note.origin.description),
      "fingerprint": .string(vault.note.fingerprint), "findings": .array(result.findings.map { .object($0.json) }),
      "timestamps": .array(result.trustedTimes.map { .object($0.json) }),
      "countersignatures": .array(result.witnesses.countersignatures.map { .object($0.json) }),
      "policy_met": result.witnesses.hasPolicy ? .bool(result.witnesses.metSize != nil) : .null,
      "seen_before": result.seenHead.map { .integer(Int64(clamping: $0.size)) } ?? .null,
    ]
    if let comparison = result.comparison {
      json["expected"] = .string(HeadText.name(comparison))
      if case .cannotTell(let reason) = comparison { json["reason"] = .string(reason.rawValue) }
    }
    let continued = vault.note.continuations.map { JSON.string($0.origin.description) }
    if !continued.isEmpty { json["continues"] = .array(continued) }
    let untrusted = vault.note.untrustedRanges
    if !untrusted.isEmpty { json["not_trusted"] = SigningKeyText.untrusted(untrusted) }
    return json
  }

  private func printText(_ vault: Vault, _ result: VerificationReport) {
    FindingText.print(result)
    let scope: Phrase = result.isDeep ? Self.deepScope(result) : "without opening anything"
    let damageCount = result.findings.count { $0.severity == .damage }
    let verdict: Phrase = result.isSound ? "sound" : "NOT SOUND, \(Count.findings(damageCount))"
    let size = ByteCount.text(result.byteCount)
    let (entries, objects) = (Count.entries(result.entryCount), Count.objects(result.objectCount))
    Output.line("\(verdict): \(entries), \(objects), \(size), \(scope)")
    if !result.withdrawnItems.isEmpty { Output.line("withdrawn: \(Count.named(result.withdrawnItems))") }
    Output.line("up to head \(result.head.words)")
    printExpectation(result)
    VaultHistoryText.lines(vault.note).forEach { Output.line($0) }
    Output.line("signed by \(vault.note.fingerprint); dates are this vault's own")
    printWitnesses(result.witnesses)
    for time in result.trustedTimes { Output.line(time.sentence) }
  }

  private static func deepScope(_ result: VerificationReport) -> Phrase {
    let isAllOpen = !result.findings.contains { $0.subject == .readers }
    return isAllOpen ? "everything was opened and compared" : "what these keys open was opened and compared"
  }

  private func printWitnesses(_ report: WitnessReport) {
    if report.countersignatures.isEmpty { Output.line("countersigned by nobody") }
    for countersignature in report.countersignatures { Output.line(countersignature.sentence) }
    guard report.hasPolicy else { return }
    Output.line(
      report.metSize.map { "the policy is met up to \(Count.entries($0))" }
        ?? "THE POLICY IS NOT MET: too few of its witnesses countersigned")
  }

  private func printExpectation(_ result: VerificationReport) {
    if let comparison = result.comparison {
      Output.line(HeadText.sentence(comparison))
    } else if result.findings.contains(where: { $0.subject == .pin }) {
      return
    } else if let seen = result.seenHead {
      Output.line(
        seen == result.head.tree
          ? "the head that was seen here before" : "grown from \(Count.entries(seen.size)) seen here before")
    } else {
      Output.line("cannot tell whether this is an older copy: no head of it was seen here before (see --expect)")
    }
  }
}

extension Countersignature {
  fileprivate var moment: String? {
    time.map { Timestamp(secondsSince1970: Int64(clamping: $0)).description }
  }

  fileprivate var sentence: Phrase {
    let name = Message.shown(witness)
    guard let moment else {
      return "countersigned up to \(Count.entries(size)) by \(name), not checked: say --policy FILE"
    }
    return "countersigned by \(name) on \(moment), by its clock, up to \(Count.entries(size))"
  }

  fileprivate var json: JSONObject {
    [
      "witness": .string(witness), "entries": .integer(Int64(clamping: size)),
      "time": moment.map { .string($0) } ?? .null, "checked": .bool(key != nil),
    ]
  }
}

/// What a check found, for people.
enum FindingText {
  static func print(_ result: VerificationReport) {
    for finding in result.findings {
      let sentence = Message.sentence(finding)
      Output.line(finding.severity == .damage ? "DAMAGE: \(sentence)" : "notice: \(sentence)")
      Output.line("  what to do: \(finding.remedy)")
    }
  }
}

extension Finding {
  var json: JSONObject {
    var json: JSONObject = [
      "subject": .string(subject.rawValue), "severity": .string(severity.rawValue),
      "detail": .string(detail.text(in: .en)),
      "remedy": .string(remedy.text(in: .en)),
    ]
    if let item { json["item"] = .integer(Int64(clamping: item)) }
    if let path { json["path"] = .string(path) }
    return json
  }
}
