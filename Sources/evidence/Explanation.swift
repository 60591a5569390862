internal import Age
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// A failure in one sentence: what happened, to what; and what to do.
struct Explanation {
  let sentence: Phrase
  let hint: Phrase?
  let status: ExitStatus

  init(_ status: ExitStatus, _ sentence: Phrase, _ hint: Phrase? = nil) {
    self.sentence = sentence
    self.hint = hint
    self.status = status
  }

  init(_ error: VaultError) {
    func shown(_ text: String) -> String { Message.shown(text) }
    func shown(_ phrase: Phrase) -> Phrase { Message.shown(phrase) }
    func meant(_ name: String?) -> Phrase? { name.map { "did you mean \(shown($0))?" } }
    self =
      switch error {
      case .noVault(let path):
        Explanation(
          .noVault, "there is no vault at \(shown(path))", "name it with --vault, or make one: evidence init PATH")
      case .incompleteVault(let part):
        Explanation(.findings, "the vault is incomplete: \(part) is missing", mend)
      case .newerFormat(let found):
        Explanation(
          .failure, "the vault was written by a later version: \(shown(found))", "use that version or a newer one")
      case .noSuchItem(let index):
        Explanation(.failure, "there is no item \(index) in this vault", "evidence list shows the items")
      case .notAnItem(let index, let kind):
        Explanation(.failure, "entry \(index) is no item but a note of the vault itself (\(shown(kind)))")
      case .withdrawn(let index, let entry):
        Explanation(
          .refused, "item \(index) was withdrawn by entry \(entry): what it held is gone",
          "evidence history \(index) shows what happened to it")
      case .isAmendment(let index, let first):
        Explanation(.usage, "entry \(index) amends item \(first)", "name item \(first)")
      case .grownMeanwhile:
        Explanation(.busy, "other processes go on adding entries", "try again")
      case .noSuchRecipient(let name, let nearest):
        Explanation(
          .failure, "no recipient is called \(shown(name))", meant(nearest) ?? "evidence recipient list shows them")
      case .revokedRecipient(let name):
        Explanation(.failure, "the recipient \(shown(name)) was revoked", "nothing is sealed to a revoked recipient")
      case .recipientExists(let name, isOtherKey: false):
        Explanation(
          .failure, "there is a recipient called \(shown(name)) already, with these keys",
          "to enter that the keys were compared: evidence recipient check")
      case .recipientExists(let name, isOtherKey: true):
        Explanation(
          .unknownSigner, "alarm: \(shown(name)) is known here with other keys than these",
          "call them by a number that you knew before; only if they did change their key: evidence recipient revoke")
      case .otherKeys(let name):
        Explanation(
          .unknownSigner, "these are not the words of the keys that are to be those of \(shown(name))",
          "seal nothing to these keys; ask for the card again, another way, and find out who sent this one")
      case .keysOfRevoked(let name):
        Explanation(
          .unknownSigner, "alarm: these are keys of \(shown(name)), who was revoked",
          "ask for new keys, another way; if it was a mistake, or for other keys, say --although-revoked")
      case .uncheckedKeys(let name):
        Explanation(
          .unknownSigner, "nobody has compared the keys of \(shown(name)) with their owner",
          "ask them for their words by voice: evidence recipient check NAME --words \"…\"; or say --unchecked-keys")
      case .nothingToDo:
        Explanation(.usage, "nothing was given to work on", "name a file, or a folder with files in it")
      case .nothingSealed(let path):
        Explanation(
          .failure, "no sealed file is in \(shown(path)): there is nothing to salvage",
          "look for the folders objects and records, or another copy of the vault")
      case .nothingChanges(let item):
        Explanation(
          .usage, "that changes nothing of item \(item), and nothing was entered",
          "evidence show \(item) shows its record")
      case .unknownKind(let kind, let nearest):
        Explanation(
          .usage, "there is no kind of record called \(shown(kind))",
          meant(nearest) ?? "the kinds are \(Schema.itemKinds.joined(separator: ", "))")
      case .unknownField(let name, "", let nearest):
        Explanation(
          .usage, "no kind of record has a field called \(shown(name))",
          meant(nearest) ?? "evidence schema KIND shows the fields of a kind")
      case .unknownField(let name, let kind, let nearest):
        Explanation(
          .usage, "\(kind) has no field called \(shown(name))",
          meant(nearest) ?? "evidence schema \(kind) shows the fields")
      case .unknownFieldOfItem(let name, let item, let nearest):
        Explanation(
          .usage, "the record of item \(item) has no field called \(shown(name))",
          meant(nearest) ?? "evidence show \(item) shows the fields")
      case .programField(let name, let kind):
        Explanation(.usage, "the field \(name) of a \(kind) is written by the program alone")
      case .invalidValue(let field, let expected):
        Explanation(.usage, "the value of \(field) does not fit: expected \(expected)")
      case .missingField(let name, let kind):
        Explanation(.usage, "a \(kind) needs the field \(name)", "add --set \(name)=VALUE")
      case .nameInRecord(let field, let place):
        Explanation(
          .usage, "words of \(field) also stand in \(shown(place))",
          "write a code instead, or say --names-checked when you have looked and it gives nobody away")
      case .contradictoryConsent(let fields, let reason):
        Explanation(
          .usage, "consent contradicts itself: \(shown(reason)) (\(shown(fields.joined(separator: ", "))))",
          "ask the witness which is meant")
      case .invalidRecord(let fault):
        Explanation(
          .usage,
          fault.map { "the record file is not a JSON object: \(shown($0.explanation))" }
            ?? "the record file is not a JSON object",
          "it is one object with a member for each field")
      default: Explanation(fileOrKey: error)
      }
  }

  private init(fileOrKey error: VaultError) {
    func shown(_ text: String) -> String { Message.shown(text) }
    func shown(_ phrase: Phrase) -> Phrase { Message.shown(phrase) }
    self =
      switch error {
      case .duplicatePath(let path):
        Explanation(
          .usage, "two files, or a file and a folder, would meet at \(shown(path)) inside the item",
          "rename one, or add them as two items")
      case .unusableName(let name):
        Explanation(
          .usage, "the name \(shown(name)) cannot be kept: it is not UTF-8, too long, or has a control character",
          "rename the file and add it again")
      case .tooLarge(let path): Explanation(.failure, "\(shown(path)) is more than one item or bundle can hold")
      case .file(let error): Explanation(error)
      case .outOfMemory:
        Explanation(
          .failure, "this machine has no memory left for what was to be done",
          "close other programs, then run the command again")
      case .wrongPassphrase(let file):
        Explanation(
          .wrongKey, "the passphrase does not open \(shown(file))",
          """
          try again, with --key-file if a key file goes with it; if you are sure of both, that file was changed where \
          nothing else shows it: restore it from a copy of the vault
          """)
      case .wrongBundlePassphrase: .wrongBundlePassphrase
      case .sealedOtherwise(let isToPassphrase): .sealedOtherwise(toPassphrase: isToPassphrase)
      case .wrongIdentity(let what):
        Explanation(.wrongKey, "none of the keys opens \(shown(what))", wrongKeyHint)
      case .needsReadingKey(let lack): Explanation(lack)
      case .notAReader: Explanation(.wrongKey, "the identity is not that of a reader of this vault")
      case .damagedKey(let file):
        Explanation(
          .findings, "\(shown(file)) is damaged or not the key of this vault",
          "copy that file from a copy of the vault")
      case .shares(let error): Explanation(error)
      case .sharesOfAnotherKey:
        Explanation(
          .wrongKey, "the shares are whole, but the key that they give is not that of a reader of this vault",
          "they were made for another vault or key; evidence key combine --output FILE writes the key all the same")
      case .keysExist:
        Explanation(
          .failure, "the vault has a reading key already",
          "if its passphrase is lost: evidence key combine --replace; the old files are kept in aside/")
      case .removalNotShown: .removalNotShown
      case .otherReaderOpensLess(let count, let intakes): .otherReaderOpensLess(count, intakes)
      case .copyNotElsewhere(let path, let isInVault): .copyNotElsewhere(path, isInVault)
      case .otherKeysAside(let path, let count): .otherKeysAside(path, count)
      case .invalidKey(let what): Explanation(.usage, "\(shown(what)) is not a key or card that can be used")
      case .mixedRecipients:
        Explanation(
          .usage, "post-quantum and classic keys cannot be mixed: the weaker would undo the stronger",
          "make two bundles, or ask for an age1pq key")
      case .sshReader(let key):
        Explanation(.usage, "\(shown(key)) is an SSH key, and a vault is not sealed to those", makeIdentity)
      case .timestamp(let fault): Explanation(fault)
      case .receipt(let fault): Explanation(fault)
      case .intake(let fault): Explanation(fault)
      case .readers(let fault): Explanation(fault)
      case .signingKey(let fault): Explanation(fault)
      case .supplement: .supplement
      case .notInFolder(let item): .notInFolder(item)
      case .conditionTravels(let field): .conditionTravels(field)
      case .fileOfSeveral(let name, let items): .fileOfSeveral(name, items)
      case .overrideOfSeveral(let items): .overrideOfSeveral(items)
      case .otherHistory(let here, let size): .otherHistory(here, size)
      case .otherBeginning(let here): .otherBeginning(here)
      case .otherBundleOfName(let here): .otherBundleOfName(here)
      case .kindWithheld(let item): .kindWithheld(item)
      case .damaged(let finding):
        Explanation(.findings, Message.sentence(finding), finding.remedy)
      case .replaced(let path, let fingerprint):
        Explanation(
          .unknownSigner, "this is not the vault that was seen at \(shown(path)) before; its key is \(fingerprint)",
          "find out who put it there; if you did, move it to another path and name it there")
      case .witnessRefused(let refusal): Explanation(refusal)
      case .anotherVault(let path, let fingerprint):
        Explanation(
          .unknownSigner, "\(shown(path)) is not a copy of this vault but of another one; its key is \(fingerprint)",
          "nothing was changed; name a copy of this vault with --from")
      case .unknownSigner:
        Explanation(
          .unknownSigner, "signed by a key that is not known here, or not by the one that was named",
          "ask the sender for the eight words of their key over another channel, and give those with --sender")
      default: Explanation(history: error)
      }
  }

  init(bundle error: VaultError) {
    func shown(_ text: String) -> String { Message.shown(text) }
    func shown(_ phrase: Phrase) -> Phrase { Message.shown(phrase) }
    self =
      switch error {
      case .sealedFile(let error): Explanation(error)
      case .refusedByConsent(let refusals): Explanation(refused: refusals, ofOneItem: false)
      case .askAgain(let refusals):
        Explanation(
          .refused, Self.sentences(refusals), "ask, and say --asked \"who asked, when, and the answer\"")
      case .notSent(let item, let recipient):
        Explanation(
          .failure, "\(shown(recipient)) was not sent item \(item) as it stands now",
          "send it first: evidence export \(item) --to NAME --output FILE")
      case .conditionsNotSent(let item, let testimony, let recipient):
        Explanation(
          .failure,
          """
          \(shown(recipient)) has item \(item) without what the witness of item \(testimony) allows now, which binds it
          """,
          "send it again, with the fields: evidence export \(item) --to NAME --disclose FIELD --output FILE")
      case .notTiedByReplaced(let item, let withdrawn):
        Explanation(
          .usage, "item \(item) does not go back to item \(withdrawn) by replaced records alone",
          "a link that is wrong is taken out first: evidence amend NUMBER --unset FIELD --reason TEXT")
      case .identityWouldLeak(let findings): Explanation(leaking: findings, ofOneItem: false)
      case .parts(let fault): Explanation(fault)
      case .bundle(.notABundle): Explanation(.findings, "this is no evidence bundle, or a damaged one")
      case .bundle(.newerFormat(let found)):
        Explanation(
          .failure, "the bundle was made by a later version: \(shown(found))", "use that version or a newer one")
      case .bundle(.missingFile(let path)): Explanation(.findings, "the bundle lacks \(shown(path))", askAgain)
      case .bundle(.unexpectedFile(let path)) where FileManagers.leave(path): .leftByFileManager(path)
      case .bundle(.forbiddenFile(let path)) where FileManagers.leave(path): .leftByFileManager(path)
      case .bundle(.unexpectedFile(let path)):
        Explanation(.findings, "the bundle has a file that nobody signed: \(shown(path))", askAgain)
      case .bundle(.forbiddenFile(let path)):
        Explanation(.findings, "the bundle has a file that no bundle may have: \(shown(path))", askAgain)
      case .bundle(.changedFile(let path)): Explanation(.findings, "\(shown(path)) is not as it was signed", askAgain)
      case .bundle(.malformedFile(let path)):
        Explanation(.findings, "\(shown(path)) cannot be read as it must be", askAgain)
      case .bundle(.badSignature(let path)):
        Explanation(.findings, "the signature in \(shown(path)) does not fit", askAgain)
      case .bundle(.notAddressedToYou):
        Explanation(
          .findings, "the bundle opens with your key but was signed for somebody else",
          "it was passed on or wrapped again; ask the sender for one of your own")
      case .bundle(.itemDoesNotFit(let item, let path)):
        Explanation(.findings, "item \(item): \(shown(path)) does not fit what was signed", askAgain)
      case .bundle(.otherValue(let item, let field)): .otherValue(item, field)
      case .bundle(.unknownCondition(let item, let field)): .unknownCondition(item, field)
      default:
        Explanation(
          .failure, "something unexpected happened: \(shown("\(error)" as String))", "please report it; see SECURITY.md"
        )
      }
  }

  private init(_ error: StoreError) {
    let path = Message.shown(error.path)
    self =
      switch error {
      case .notFound: Explanation(.failure, "\(path) is not there")
      case .exists: Explanation(.failure, "\(path) exists already", "nothing is ever overwritten; choose another name")
      case .denied: Explanation(.failure, "\(path) cannot be used: permission denied, or a read-only disk")
      case .symbolicLink:
        Explanation(
          .failure, "\(path) is a symbolic link", "links inside a folder are not followed; copy what it points to")
      case .notAFile: Explanation(.failure, "\(path) is no regular file but a folder, pipe, socket or device")
      case .notADirectory: Explanation(.failure, "\(path) is not a folder")
      case .full: Explanation(.failure, "no space left for \(path)", "free some space; nothing was lost")
      case .busy:
        Explanation(.busy, "another process is writing to \(path)", "wait until it has ended, then try again")
      case .changed where error.path.hasSuffix("/vault.note"):
        Explanation(
          .busy, "another process has just changed who this vault is or who reads it (vault.note)", "run it again")
      case .changed: Explanation(.failure, "\(path) changed while it was being read", "add it again when it is at rest")
      case .tooLong: Explanation(.findings, "\(path) is larger than any such file can be")
      case .unreadableName where error.path.isEmpty: Explanation(.usage, "the name of a file or folder is empty")
      case .unreadableName: Explanation(.usage, "the name \(path) cannot be used")
      case .unfitName:
        Explanation(
          .failure, "this disk cannot have a file named \(path), or not beside another that differs in case alone",
          "write to another disk; nothing was left on this one")
      case .interrupted: Explanation(.interrupted, "interrupted; nothing was left half-done")
      case .system(_, let code): Explanation(.failure, "\(path): \(Message.systemText(code))")
      }
  }

  private init(_ error: AgeError) {
    self =
      switch error {
      case .noMatch:
        Explanation(
          .wrongKey, "none of the keys opens this file",
          "it was sealed to another key or passphrase, or its passphrase goes with a key file (--key-file)")
      case .header(.notAnAgeFile): Explanation(.findings, "this is not a sealed (age) file")
      case .header(.unknownVersion): Explanation(.failure, "this is an age file of a later version")
      case .header(.workFactorTooHigh):
        Explanation(.failure, "the file asks for more work to try its passphrase than is allowed")
      case .header, .headerMAC:
        Explanation(.findings, "the head of the sealed file is damaged", "get another copy of it")
      case .payload(let chunk):
        Explanation(
          .findings, "the sealed file is cut short or changed from byte \(chunk * 65_536) of its content on",
          "get another copy of it")
      case .armor(let line):
        Explanation(.findings, "the text armor is damaged in line \(line)", "copy the whole text, from BEGIN to END")
      case .invalidRecipient(let line):
        Explanation(
          .usage,
          line.map { "line \($0) of the recipients is misspelled or of an unknown kind" }
            ?? "a recipient is misspelled or of an unknown kind")
      case .invalidIdentity(let line):
        Explanation(
          .usage, "line \(line) of the identity file is no identity",
          "it must hold AGE-SECRET-KEY-… lines, or an OpenSSH key whole and alone")
      case .unsupportedSSHKey(let line):
        Explanation(
          .usage,
          line.map { "line \($0) is an SSH key of an unsupported kind; only ssh-ed25519 is supported" }
            ?? "this is an SSH key of an unsupported kind; only ssh-ed25519 is supported",
          makeIdentity)
      case .encryptedSSHKey:
        Explanation(.usage, "the SSH key is under a passphrase, and such keys are not supported", makeIdentity)
      case .unsuitableRecipients:
        Explanation(
          .usage, "no recipient, too many, or post-quantum and classic ones together", "seal once for each sort of key")
      case .noRandomAccess: Explanation(.usage, "the text form of a sealed file can only be opened from its start")
      }
  }
}

private let makeIdentity: Phrase =
  "make an age identity with evidence key generate, and give its age1 line to whoever seals to you"
private let mend: Phrase =
  "evidence repair --from COPY restores it from a copy of the vault; without one, evidence salvage saves what opens"
private let wrongKeyHint: Phrase =
  """
  it was sealed to somebody else's key; in a vault of yours, perhaps before this one was a reader's: evidence reseal \
  opens its files to all readers
  """
private let askAgain: Phrase = "do not rely on it; ask the sender to send it again"
