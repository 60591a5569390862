internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Streams
internal import TransparencyLog
internal import Wording

struct HeadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head", abstract: say("Print the head of the index: a number and eight words."),
    discussion: say(
      """
      Write it down, or send it to somebody: whoever has it finds out with verify --expect whether anything was taken
      out or changed. --output makes a signed file of it, which proves more and fits into a chat message.
      """))

  @Option(help: about("Write the head as a new file.", valueName: "file"))
  var output: String?

  @Option(
    help: about(
      "Prove that the index grew from this many entries, for a witness who saw those.", valueName: "size"))
  var since: UInt64?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard since == nil || output != nil || report.json else {
      throw UsageFault("--since is for a file", hint: "name the file with --output")
    }
    let vault = try options.open()
    let head = try vault.head()
    if let since, since > head.tree.size {
      throw UsageFault(
        "the index has only \(Count.entries(head.tree.size))", hint: "--since takes a size that it had before")
    }
    let file = try vault.headFile(head, since: since ?? 0)
    if let output { try NewFile.write(file.bytes, to: output) }
    report.print(json(vault, head, file)) { Output.line(data: head.words) }
  }

  private func json(_ vault: Vault, _ head: Vault.Head, _ file: AddCheckpointRequest) -> JSONObject {
    var json: JSONObject = [
      "entries": .integer(Int64(clamping: head.tree.size)), "head": .string(head.words),
      "origin": .string(vault.note.origin.description), "since": .integer(Int64(clamping: file.oldSize)),
      "file": .string(String(decoding: file.bytes, as: UTF8.self)),
    ]
    if let output { json["output"] = .string(output) }
    return json
  }
}

struct AcceptRestored: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept-restored", abstract: say("Go on from an older copy that you restored on purpose."),
    discussion: say(
      """
      Evidence refuses an older copy of a vault that it has seen. If you restored a backup because the newer copy is
      lost, this goes on from it under a new name that states the old one and its last head: what was added after the
      backup was made is given up for good, and everybody can see that. If the newer copy can be found, use that one.
      """))

  @Option(
    help: about(
      "A later head of this vault as a signed file, where this machine has not seen one.", valueName: "file"))
  var expect: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let vault = try options.open()
    let expected = try expect.map { try HeadText.expected($0) }
    if case .words = expected {
      throw UsageFault("words are signed by nobody", hint: "give a head as a file; evidence head --output makes them")
    }
    let plan = try vault.plannedRestoration(expecting: expected)
    explain(plan)
    let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
    let (new, head) = try vault.accept(plan, signer: vault.signer(passphrase))
    report.print(json(plan, new, head)) {
      Output.line("the vault goes on as \(Message.shown(new.note.origin.description))")
      Output.line("head: \(head.words)")
    }
  }

  private func explain(_ plan: Restoration) {
    if plan.isUnfinished { return Message.note("the restored copy was accepted before; its head is signed now") }
    let (kept, known) = (plan.kept.tree.size, plan.lastSeen.size)
    if let count = plan.givenUpCount {
      Message.note("entries that are kept: \(kept); of the last head known: \(known); given up for good: \(count)")
    } else {
      Message.note("entries that are kept: \(kept); of the last head known: \(known); more than these are given up")
    }
    plan.others.forEach { Message.note(Self.sentence($0)) }
    Message.note("the name \(Message.shown(plan.origin.description)) is not used again; stop here if that is not meant")
    Message.note(
      """
      what was taken back among the entries that are given up is not taken back any more: items that were withdrawn, \
      consent, recipients and intake vaults that were revoked; enter it again before you export anything. Who was sent \
      copies since is forgotten, too: a withdrawal will not name them
      """)
    Message.note("the readers are those of the copy, also whoever was removed since: see evidence reader list")
  }

  private static func sentence(_ other: OtherHistory) -> Phrase {
    let name = Message.shown(other.origin.description)
    guard let size = other.size else {
      return "it also went on as \(name): what this copy does not have of that is given up for good"
    }
    let entries = Count.entries(size)
    guard let common = other.common else {
      return "as \(name) it went on to \(entries): what this copy does not have of them is given up for good"
    }
    return "as \(name) it went on to \(entries): what came after the first \(common) there is given up for good"
  }

  private static func json(_ other: OtherHistory) -> JSON {
    func number(_ value: UInt64?) -> JSON { value.map { .integer(Int64(clamping: $0)) } ?? .null }
    return [
      "origin": .string(other.origin.description), "entries": number(other.size), "common": number(other.common),
      "given_up": number(other.givenUpCount),
    ]
  }

  private func json(_ plan: Restoration, _ vault: Vault, _ head: Vault.Head) -> JSONObject {
    [
      "origin": .string(vault.note.origin.description), "continues": .string(plan.origin.description),
      "entries": .integer(Int64(clamping: head.tree.size)), "last_seen": .integer(Int64(clamping: plan.lastSeen.size)),
      "given_up": plan.givenUpCount.map { .integer(Int64(clamping: $0)) } ?? .null,
      "others": .array(plan.others.map(Self.json)), "head": .string(head.words),
    ]
  }
}

/// A small file that appears whole, where nothing was.
enum NewFile {
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      let file = try OutputFile(for: path, nonce: Hex.encode(SystemRandomness().bytes(8)))
      try file.write(bytes)
      try file.finish()
      try file.publish()
    } catch {
      throw VaultError(error)
    }
  }
}

/// Heads that people kept, and what comparing with them came to.
enum HeadText {
  static func expected(_ text: String) throws -> ExpectedHead {
    do {
      if let words = try ExpectedHead.typed(text) { return words }
    } catch {
      throw fault(error)
    }
    do {
      return try ExpectedHead(
        file: FileSource(opening: text).readAll(limit: AddCheckpointRequest.maximumByteCount))
    } catch is LogError {
      throw UsageFault(
        "\(Message.shown(text)) is no head: neither a number and eight words, nor a file with a head",
        hint: "evidence head prints the one, and evidence head --output FILE makes the other")
    } catch {
      throw VaultError(error)
    }
  }

  private static func fault(_ fault: ExpectedHead.TypingFault) -> UsageFault {
    switch fault {
    case .unknownWord(let word, let nearest):
      UsageFault("\(Message.shown(word)) is no word of a head", hint: nearest.map { "did you mean \($0)?" })
    case .wordCount(let count): UsageFault("a head has eight words, and these are \(count)")
    }
  }

  /// One line for people.
  static func sentence(_ comparison: HeadComparison) -> Phrase {
    switch comparison {
    case .same: "as expected: the same head"
    case .grown: "as expected: the index has grown since, and holds all that the expected head covers"
    case .olderCopy: "OLDER COPY, or one that went on otherwise: the expected head covers entries that are not here"
    case .altered: "ALTERED: the first entries of this index are not those that the expected head covers"
    case .anotherVault: "ANOTHER VAULT: the expected head is not signed by this one"
    case .cannotTell(.emptyHead): "cannot tell: every vault had this head when it was empty"
    case .cannotTell(.moreEntriesInWords):
      "cannot tell: fewer entries than expected; an older copy, an altered one or another vault"
    case .cannotTell(.givenUp): "cannot tell: the head may be of entries that were given up when a copy was restored"
    case .cannotTell(.invalidSignature): "cannot tell: the file with the expected head was changed"
    case .cannotTell(.unreadableIndex): "cannot tell: the index cannot be read that far"
    }
  }

  /// The word in JSON.
  static func name(_ comparison: HeadComparison) -> String {
    switch comparison {
    case .same: "same"
    case .grown: "grown"
    case .olderCopy: "older_copy"
    case .altered: "altered"
    case .anotherVault: "another_vault"
    case .cannotTell: "cannot_tell"
    }
  }

  /// How the command ends.
  static func status(_ comparison: HeadComparison) -> ExitStatus {
    switch comparison {
    case .same, .grown: .done
    case .olderCopy: .rolledBack
    case .altered: .findings
    case .anotherVault: .unknownSigner
    case .cannotTell: .failure
    }
  }
}
