internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Tar
internal import TransparencyLog
internal import Wording

struct Form: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Ask for a record field by field, and add it."),
    discussion: say(
      """
      The answers go into the vault without touching the disk in the open. With --draft they are kept meanwhile, sealed
      to the readers of the vault, after every answer; on an intake vault, which could not read them back, with a
      passphrase asked for at the start, and when you leave. --resume goes on from there. With --required or --template
      only what the record cannot do without is asked; and ! as an answer says that this is all.

      It needs a vault also with --output: entries to which the record points are looked up in it, and a draft is sealed
      to its readers.

      Example: evidence form testimony --add statement.pdf --draft interview.draft
      """))

  @Argument(help: about("The kind of record: \(Schema.itemKinds.joined(separator: ", "))."))
  var kind: String

  @Flag(help: about("Add the record to the vault, with FILES if there are any."))
  var add = false

  @Argument(help: about("Files and folders of the item."))
  var files: [String] = []

  @Option(help: about("Write the record to this file instead, in the open.", valueName: "file"))
  var output: String?

  @Flag(help: about("Ask only for what the kind of record requires."))
  var required = false

  @Option(
    help: about(
      "Ask only for that, and for what this questionnaire needs: \(SubmissionReport.names).", valueName: "name"))
  var template: String?

  @Option(help: about("The language of the questions.", valueName: "language"))
  var language: Language?

  @Option(help: about("Keep the answers meanwhile in this new file, sealed.", valueName: "file"))
  var draft: String?

  @Option(help: about("Go on from the answers kept in this file.", valueName: "file"))
  var resume: String?

  @OptionGroup var options: VaultOptions

  func run() throws {
    let schema = try Schema.named(kind)
    guard schema.isItem else { throw VaultError.unknownKind(kind, nearest: nil) }
    let language = language ?? .current
    try requireOnePurpose(schema)
    let asked = try fieldsToAsk(schema)
    let sources = try ItemSource.find(files)
    let vault = try options.open()
    let terminal = try Terminal(for: "a form needs a terminal to ask at")
    let start = try prepare(vault)
    let keeper = start.keeper
    if keeper == nil {
      let loss: Phrase = "the answers are lost if you leave, or the terminal is closed: --draft FILE keeps them, sealed"
      Message.note(Phrase(verbatim: loss.text(in: language)))
    }
    let dialogue = FormDialogue(
      start.draft, schema: schema, fields: asked, paths: sources.map(\.path.text), kinds: start.kinds,
      language: language, terminal: terminal
    ) { try keeper?.save($0, isLeaving: false) }
    let end: FormDialogue.End
    do { end = try dialogue.run() } catch {
      // The terminal was closed, or the machine goes down.
      try? leave(dialogue.draft, keeper, language)
      throw error
    }
    guard end == .confirmed else {
      try leave(dialogue.draft, keeper, language)
      throw ExitStatus.partial
    }
    try untilAnswersAreKept(dialogue, keeper) {
      try finish(schema.validated(dialogue.draft.fields), sources, vault, start.signer)
    }
    keeper?.remove()
  }

  /// Does the last step. If it fails and nothing else has the answers, it can be done again once the reason is gone.
  private func untilAnswersAreKept(_ dialogue: FormDialogue, _ keeper: DraftFile?, _ step: () throws -> Void) throws {
    while true {
      do { return try step() } catch {
        if let keeper, (try? keeper.save(dialogue.draft, isLeaving: true)) != nil { throw error }
        let explanation = Explanation(VaultError(error))
        Message.error(explanation.sentence, hint: explanation.hint)
        guard try dialogue.wantsAnotherTry() else { throw explanation.status }
      }
    }
  }

  /// Keeps the answers, and says where.
  private func leave(_ draft: FormDraft, _ keeper: DraftFile?, _ language: Language) throws {
    try keeper?.save(draft, isLeaving: true)
    let end: Phrase =
      keeper.map { "nothing was added; the answers are kept, sealed, in \($0.shownPath)" } ?? "nothing was added"
    Message.note(Phrase(verbatim: end.text(in: language)))
  }

  /// The fields that the record cannot do without; `nil` for all.
  private func fieldsToAsk(_ schema: Schema) throws -> Set<String>? {
    let chosen = try SubmissionOptions.chosen(template)
    guard required || chosen != nil else { return nil }
    var names = Set(schema.required + (chosen.flatMap { schema.neededFor[$0.name] } ?? []))
    // Without a recording, the words of a witness are all that there is.
    if files.isEmpty, schema.field("account") != nil { names.insert("account") }
    return names
  }

  private func requireOnePurpose(_ schema: Schema) throws {
    guard add != (output != nil) else {
      throw UsageFault("say what is to become of the record", hint: "either --add, with files, or --output FILE")
    }
    guard add || files.isEmpty else { throw UsageFault("files go with --add alone") }
    guard !add || !files.isEmpty || schema.kind != "document" else { throw VaultError.nothingToDo }
    guard draft == nil || resume == nil else { throw UsageFault("--resume names the draft already") }
    if let draft { try DraftFile.requireNew(draft) }
    if let output { try DraftFile.requireNew(output) }
  }

  /// What a form begins with.
  private struct Start {
    var draft: FormDraft
    /// Where the answers are kept.
    var keeper: DraftFile?
    var signer: VaultSigner?
    /// What numbers lead to, where the vault can be read.
    var kinds: EntryKinds?
  }

  /// Does all that needs a passphrase, before the first question. The key for reading does not stay in memory during
  /// an interview.
  private func prepare(_ vault: Vault) throws -> Start {
    // Before anybody says anything: a draft would be sealed to whoever is in the vault's card.
    let readers = try add || draft != nil || resume != nil ? CheckedReaders(of: vault) : nil
    let sealed = try resume.map(DraftFile.contents)
    let needsPassphrase = try sealed.map(FormDraft.needsPassphrase) ?? false
    var start = Start(draft: FormDraft(kind: kind))
    var draftPassphrase: Passphrase?
    if let sealed, needsPassphrase {
      let passphrase = try PassphrasePrompt.passphrase(nil, asking: "Passphrase of the draft")
      start.draft = try FormDraft(sealed, with: passphrase)
      draftPassphrase = consume passphrase
    } else if let sealed {
      let (identities, signer) = try options.unlock(vault, signing: add)
      start.draft = try FormDraft(sealed, with: identities)
      start.signer = signer
      start.kinds = Self.kinds(in: vault, identities)
    } else if draft != nil, !vault.hasReadingIdentity, options.identity.isEmpty {
      draftPassphrase = try PassphrasePrompt.newPassphrase(nil, opening: "A new passphrase for the draft.")
    }
    guard start.draft.kind.utf8.elementsEqual(kind.utf8) else {
      throw UsageFault("the draft is for a \(Message.shown(start.draft.kind))", hint: "name that kind")
    }
    if add, start.signer == nil {
      let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
      start.signer = try vault.signer(passphrase)
      if let own = try? vault.readingIdentity(passphrase) {
        start.kinds = Self.kinds(in: vault, vault.includingEarlier([own]))
      }
    }
    if let path = draft ?? resume, let readers {
      start.keeper = DraftFile(path, readers: readers, passphrase: consume draftPassphrase)
    }
    return start
  }

  /// Damage to other entries, or to the key, keeps nobody from writing down what is told.
  private static func kinds(in vault: Vault, _ identities: [Identity]) -> EntryKinds? {
    Progress.current.begin("reading")
    return (try? VaultReader(vault, identities: identities)).flatMap { try? EntryKinds($0) }
  }

  private func finish(
    _ fields: JSONObject, _ sources: [ItemSource], _ vault: Vault, _ signer: VaultSigner?
  ) throws {
    if let output {
      let file = try OutputFile(for: output, nonce: Hex.encode(SystemRandomness().bytes(8)))
      try file.write(fields.serialized(pretty: true) + Array("\n".utf8))
      try file.finish()
      try file.publish()
      return Message.note("\(Message.shown(output)) is not sealed: whoever finds it can read it")
    }
    guard let signer else { throw VaultError.unexpected("a form without a key") }
    let receipt = try vault.add(sources, kind: kind, fields: fields, signer: signer)
    Output.line("item \(receipt.index): \(Count.files(receipt.fileCount)), head \(receipt.head.words)")
  }
}
