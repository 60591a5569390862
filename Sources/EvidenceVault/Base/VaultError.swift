internal import Streams
public import Age
public import DurableStore
public import SecretSharing
internal import SelectiveDisclosure
public import StrictJSON
internal import TimeStamp
internal import TransparencyLog
public import Wording

/// Why the vault could not do what it was asked. Cases are what a caller can act on; the command line turns each into
/// one sentence and an exit status.
public enum VaultError: Error, Sendable {
  // What was asked for.
  /// There is no vault at this path.
  case noVault(path: String)
  /// A part without which nothing works is missing from the vault.
  case incompleteVault(part: String)
  /// The vault was written by a later version of this program.
  case newerFormat(found: String)
  /// No entry has this number.
  case noSuchItem(UInt64)
  /// The entry has this number but is not an item.
  case notAnItem(UInt64, kind: String)
  /// No recipient has this name.
  case noSuchRecipient(name: String, nearest: String?)
  /// The recipient was revoked.
  case revokedRecipient(name: String)
  /// A recipient of this name exists already, maybe with another key.
  case recipientExists(name: String, isOtherKey: Bool)
  /// The words or digits that were typed are not those of the keys.
  case otherKeys(name: String)
  /// Nobody compared the keys of the recipient with their owner.
  case uncheckedKeys(name: String)
  /// The item was withdrawn by this entry: what it held is gone.
  case withdrawn(UInt64, by: UInt64)
  /// The entry amends an item, which goes by the number of its first entry.
  case isAmendment(UInt64, of: UInt64)
  /// Another process added entries that matter for what was to be done.
  case grownMeanwhile
  /// Nothing was given to add, seal or export.
  case nothingToDo
  /// A folder from which items are to be salvaged has no sealed file.
  case nothingSealed(path: String)
  /// What was to amend the item leaves it as it is.
  case nothingChanges(UInt64)

  // Records.
  /// No such kind of record.
  case unknownKind(String, nearest: String?)
  /// No such field in this kind; with an empty name, in any kind.
  case unknownField(String, kind: String, nearest: String?)
  /// The record of this item has no such field.
  case unknownFieldOfItem(String, item: UInt64, nearest: String?)
  /// The program alone writes this field.
  case programField(String, kind: String)
  /// The value does not fit the field.
  case invalidValue(field: String, expected: Phrase)
  /// A field that this kind must have is missing.
  case missingField(String, kind: String)
  /// Words of a name also stand in a field that is shown, or in a file name.
  case nameInRecord(field: String, place: Phrase)
  /// Answers of a witness that cannot both be meant.
  case contradictoryConsent(fields: [String], reason: Phrase)
  /// A record file is not JSON, or not an object.
  case invalidRecord(JSONError?)

  // Files given by the user.
  /// Two files would get the same path inside the item.
  case duplicatePath(String)
  /// The name cannot be kept: not UTF-8, a control character, or too long.
  case unusableName(shown: String)
  /// More files or a longer record than an item can hold.
  case tooLarge(path: Phrase)
  /// The file system refused.
  case file(StoreError)
  /// The system gave no memory, or no thread.
  case outOfMemory

  // Keys.
  /// The passphrase does not open this key file, or the key file is damaged.
  case wrongPassphrase(keyFile: String)
  /// The passphrase does not open this bundle.
  case wrongBundlePassphrase
  /// A bundle was sealed to a passphrase, and keys were given; or the other way round.
  case sealedOtherwise(toPassphrase: Bool)
  /// None of the identities opens this.
  case wrongIdentity(what: Phrase)
  /// The vault keeps no reading identity, and none was given.
  case needsReadingKey(ReadingKeyLack)
  /// The identity is not that of a reader of this vault.
  case notAReader
  /// A key file holds something else than its key.
  case damagedKey(keyFile: String)
  /// A key, card or recipient cannot be read.
  case invalidKey(what: String)
  /// Words are no share, or shares do not combine.
  case shares(SharingError)
  /// Shares are whole, and the key that they give is not that of a reader of this vault.
  case sharesOfAnotherKey
  /// The vault has key files already.
  case keysExist
  /// What was to show that the reading identity can be had again is of another one.
  case removalNotShown
  /// Another reader was to open all that this reading identity does: files, or intake vaults in use, are older than the
  /// last change of the readers.
  case otherReaderOpensLess(fileCount: Int, intakes: [String])
  /// A copy of the reading key lies in the vault, or on its file system, and would go or be taken with it.
  case copyNotElsewhere(path: String, isInVault: Bool)
  /// Key files in `aside/` are under another passphrase or hold another key; the first of them.
  case otherKeysAside(path: String, count: Int)
  /// Classic and post-quantum recipients were named together.
  case mixedRecipients
  /// A signing key was not promised or replaced, or what it signed not taken.
  case signingKey(SigningKeyFault)
  /// Readers were not added or removed.
  case readers(ReadersFault)
  /// An SSH key was named as a reader of a vault; bundles alone are sealed to such keys.
  case sshReader(key: String)

  // Integrity.
  /// Something in the vault is not what was signed.
  case damaged(Finding)
  /// The vault is an older copy of one seen here before.
  case rolledBack(seenSize: UInt64, size: UInt64)
  /// The vault was seen here under a later origin: this copy is from before it was restored.
  case superseded
  /// The vault went on from a restored copy that had fewer entries than were seen here, and does not say that these
  /// were given up.
  case restoredWithLess(seenSize: UInt64, kept: UInt64)
  /// The copy that is here is not older than what is known of the vault: there is no restoration to accept.
  case notRolledBack
  /// A restoration was accepted, and the machine stopped before it was done.
  case unfinishedRestoration
  /// The vault went on under another origin as often as a note can tell.
  case originsUsedUp(count: Int)
  /// Another vault was seen at this path before.
  case replaced(path: String, fingerprint: String)
  /// A head was not countersigned, or a countersignature not kept.
  case witnessRefused(WitnessRefusal)
  /// What was given as a copy of this vault is a copy of another one.
  case anotherVault(path: String, fingerprint: String)
  /// The only valid checkpoint is that of the copy, and the vault has entries behind it, or under a later name, which a
  /// repair would take out.
  case olderCheckpoint(size: UInt64, entries: UInt64)
  /// A signing key that nobody here has vouched for.
  case unknownSigner(fingerprint: String)
  /// These keys are those of a recipient who was revoked.
  case keysOfRevoked(name: String)

  // Bundles.
  /// The file is no age file, or a damaged one.
  case sealedFile(AgeError)
  /// What was inside is not a bundle, or not as it was signed.
  case bundle(BundleFault)
  /// The parts of a sealed bundle are not what they must be, or cannot be made so.
  case parts(PartsFault)
  /// What witnesses did not agree to.
  case refusedByConsent([ConsentRefusal])
  /// Witnesses want to be asked again first.
  case askAgain([ConsentRefusal])
  /// The recipient has not got the item.
  case notSent(item: UInt64, recipient: String)
  /// The recipient has the item, and not what the witness of another one allows, which binds it.
  case conditionsNotSent(item: UInt64, of: UInt64, recipient: String)
  /// It is not by replaced records alone that an item goes back to one that is withdrawn.
  case notTiedByReplaced(UInt64, to: UInt64)
  /// Values of withheld identity fields also stand in fields, names or texts that would be disclosed.
  case identityWouldLeak([NameFinding])

  /// The bundle has fields of an item that was sent before, and not the item.
  case supplement
  /// A supplement is about this item, and the folder that it is to be merged with has none of that number.
  case notInFolder(item: UInt64)
  /// A file that is withheld unless it is named was named by a path that several items have.
  case fileOfSeveral(String, items: [UInt64])
  /// Consent to several items is to be overridden for one reason, which was given without naming them.
  case overrideOfSeveral([UInt64])
  /// A condition of consent binds whoever gets the item, and is not withheld from them.
  case conditionTravels(field: String)
  /// A bundle is of another history of its sender than what came before as item `here`: the first `size` entries
  /// differ.
  case otherHistory(here: UInt64, size: UInt64)
  /// The card of a sender has another first key or origin than the one with which item `here` came.
  case otherBeginning(here: UInt64)
  /// Another bundle of the same random name brought item `here`.
  case otherBundleOfName(here: UInt64)
  /// An item of a bundle does not say of what kind it is.
  case kindWithheld(item: UInt64)
  /// An answer to a bundle was not taken.
  case receipt(ReceiptFault)

  /// An intake vault was not made, found or collected.
  case intake(IntakeFault)

  // Trusted time.
  /// A time-stamp, or the certificate it is to be checked with, was refused.
  case timestamp(TimestampFault)

  /// A fault that should not be possible; the parts say where.
  case unexpected(String)
}

/// Why there is no reading identity.
public enum ReadingKeyLack: Sendable {
  /// Another vault made this one, to take in what that one reads.
  case intake
  /// The same, and something was to be entered about what was taken in.
  case entering
  /// None is there: it was removed or lost, or the vault was made for readers elsewhere.
  case absent
  /// A vault that is to be salvaged has lost it, too.
  case lost
}

extension VaultError {
  /// Translates what the modules below throw. Errors of this module pass unchanged.
  public init(_ error: any Error) {
    switch error {
    case let error as VaultError: self = error
    case let error as StoreError: self = .file(error)
    case let error as SharingError: self = .shares(error)
    case let error as AgeError: self = .sealedFile(error)
    case StreamError.noThread: self = .outOfMemory
    case is StreamError: self = .tooLarge(path: "the input")
    case let error as JSONError: self = .invalidRecord(error)
    case let error as ReadersFault: self = .readers(error)
    case let error as TimestampFault: self = .timestamp(error)
    case let error as TimeStampError: self = .timestamp(.refused(error))
    case let error as LogError:
      self = .damaged(Finding(.index, path: DamageText.path(error), error: error))
    case is SDJWTError: self = .damaged(Finding(.record, detail: "what a record discloses is not what was signed"))
    default: self = .unexpected("\(error)")
    }
  }
}
