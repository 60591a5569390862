internal import Age
internal import DurableStore
internal import StrictJSON
internal import Tar
internal import TimeStamp
internal import TransparencyLog
internal import Wording

/// What is wrong with a file, in words for people: what the modules below throw are values, whose names nobody has to
/// know.
enum DamageText {
  static func phrase(_ error: any Error) -> Phrase {
    switch error {
    case let error as LogError: phrase(error)
    case let error as StoreError: phrase(error)
    case let error as AgeError: phrase(error)
    case let error as TarError: phrase(error)
    case let error as TimeStampError: error.explanation
    case let error as TimestampFault: phrase(error)
    case let error as VaultError: phrase(error)
    case is JSONError: "it is no JSON, or not as it must be"
    default: "it is not as it must be"
    }
  }

  /// What is wrong with a folder that cannot be opened, or listed.
  static func folderPhrase(_ error: any Error) -> Phrase {
    isDenied(error)
      ? "the folder cannot be read: permission denied" : "the folder cannot be read: the disk or the system fails"
  }

  /// Whether an error tells of permissions alone: what it is about may be whole.
  static func isDenied(_ error: any Error) -> Bool {
    switch error {
    case StoreError.denied, VaultError.file(.denied): true
    case VaultError.damaged(let finding): finding.isDenied
    default: false
    }
  }

  /// The tile that an error is about.
  static func path(_ error: LogError) -> String? {
    switch error {
    case .missingTile(let tile), .unreadableTile(let tile), .damagedTile(let tile): tile.description
    default: nil
    }
  }

  private static func phrase(_ error: LogError) -> Phrase {
    switch error {
    case .malformed: "it does not have the form that it must have"
    case .beyondLimit: "it is larger than any such file can be"
    case .invalidSignature: "a signature in it is not that of the key that it names"
    case .notSigned: "it is not signed by the key that it must be signed by"
    case .ambiguousKeys: "two keys in it have the same name"
    case .otherOrigin: "it is of another vault, or of this one under another name"
    case .notProven: "its hashes do not lead to the signed head"
    case .beyondTree(let size): "it is about more than the \(size) entries of the signed head"
    case .missingTile: "the tile is missing"
    case .unreadableTile: "the tile cannot be read: permission denied, no regular file, or a failing disk"
    case .damagedTile: "the tile is damaged"
    case .tilesDisagree: "the tiles do not lead to the signed head"
    }
  }

  private static func phrase(_ error: StoreError) -> Phrase {
    switch error {
    case .notFound: "the file is missing"
    case .denied: "the file cannot be read: permission denied"
    case .symbolicLink: "a symbolic link stands in its place, and such links are not followed"
    case .notAFile, .notADirectory: "it is no regular file but a folder, pipe, socket or device"
    case .changed: "it changed while it was being read"
    case .tooLong: "it is larger than any such file can be"
    default: "the file cannot be read: the disk or the system fails"
    }
  }

  private static func phrase(_ error: AgeError) -> Phrase {
    switch error {
    case .noMatch: "none of the keys opens it"
    case .payload(let chunk): "it is cut short or changed from byte \(chunk * 65_536) of its content on"
    case .header(.notAnAgeFile): "it is no sealed (age) file"
    default: "the head of the sealed file is damaged"
    }
  }

  /// What was sealed is authentic: whoever sealed it made it so.
  private static func phrase(_ error: TarError) -> Phrase {
    switch error {
    case .truncated: "it ends too early"
    case .invalidPath, .duplicatePath, .pathThroughFile: "a path in it is one that no item has"
    case .tooLarge: "it is larger than any item can be"
    default: "it is no archive as this program makes them"
    }
  }

  private static func phrase(_ error: TimestampFault) -> Phrase {
    switch error {
    case .certificate(let error), .refused(let error): error.explanation
    case .notAskedFor: "it is on no checkpoint that this vault asked a stamp for"
    case .otherHead: "it is on a checkpoint that is not a head of this vault"
    case .exists: "there is another of the same authority for the same head"
    }
  }

  private static func phrase(_ error: VaultError) -> Phrase {
    switch error {
    case .damaged(let finding): finding.detail
    case .file(let error): phrase(error)
    case .sealedFile(let error): phrase(error)
    case .timestamp(let fault): phrase(fault)
    case .wrongIdentity: "none of the keys opens it"
    case .unknownKind(let kind, _): "there is no kind of record called \(kind)"
    case .unknownField(let name, _, _): "there is no field called \(name)"
    case .missingField(let name, _): "the field \(name) is missing"
    case .invalidValue(let name, _): "the value of \(name) does not fit"
    case .contradictoryConsent: "consent contradicts itself"
    default: "it is not as it must be"
    }
  }
}
