public import Wording

/// Something that a check found. Damage is data: checks go on and report all of it.
public struct Finding: Hashable, Sendable {
  /// What it is about.
  public enum Subject: String, Hashable, Sendable {
    /// `vault.note`.
    case note
    /// The checkpoint.
    case checkpoint
    /// The index: tiles and entry bundles.
    case index
    /// One entry of the index.
    case entry
    /// A sealed records file, or a record in it.
    case record
    /// A sealed object.
    case object
    /// A file under `keys/`.
    case key
    /// A key file that waits to take the place of another.
    case pendingKey = "pending_key"
    /// The reading key, which is not in the vault.
    case readingKey = "reading_key"
    /// What is no key file, where one of those can be that the vault keeps for a time.
    case strayKey = "stray_key"
    /// What is no regular file, in the place of one.
    case obstacle
    /// A catalog, a cache.
    case catalog
    /// A countersignature of somebody else.
    case cosignature
    /// A time-stamp, or what belongs to it.
    case timestamp
    /// A file whose content was withdrawn, and that should be gone.
    case withdrawn
    /// A file that the index does not know.
    case leftover
    /// What somebody laid into the folder of the vault, and no vault has.
    case foreign
    /// A folder of the vault that cannot be opened.
    case folder
    /// An earlier head of this vault, seen on this machine.
    case pin
    /// A file that is sealed to other readers than those who check.
    case readers
    /// Entries that a key signed which was seized.
    case untrusted
    /// The folder into which a repair moves what it takes out of the way.
    case aside
  }

  /// How much it matters.
  public enum Severity: String, Hashable, Sendable {
    /// Evidence or its proof is damaged.
    case damage
    /// Harmless, but worth knowing.
    case notice
  }

  /// What it is about.
  public let subject: Subject
  /// How much it matters.
  public let severity: Severity
  /// The number of the entry concerned, if one is.
  public let item: UInt64?
  /// The file concerned, relative to the vault.
  public let path: String?
  /// What is wrong, in the words of a log; facts only.
  public let detail: Phrase
  /// Whether permissions kept it from being read: it may be whole, whatever it is about.
  public let isDenied: Bool

  /// States a finding.
  public init(
    _ subject: Subject, severity: Severity = .damage, item: UInt64? = nil, path: String? = nil, detail: Phrase,
    isDenied: Bool = false
  ) {
    self.subject = subject
    self.severity = severity
    self.item = item
    self.path = path
    self.detail = detail
    self.isDenied = isDenied
  }

  /// States what an error says of a file.
  init(_ subject: Subject, item: UInt64? = nil, path: String? = nil, error: any Error) {
    self.init(
      subject, item: item, path: path, detail: DamageText.phrase(error), isDenied: DamageText.isDenied(error))
  }

  /// What to do about it.
  public var remedy: Phrase {
    if isDenied {
      return "it may be whole: have its owner on this machine let you read it (chown, chmod), and check again"
    }
    return switch subject {
    case .leftover: "harmless; left by an interrupted command: evidence repair moves it aside"
    case .foreign:
      """
      evidence repair does not touch it; move it to another place, or leave it: whoever has this folder has it as it is
      """
    case .folder:
      """
      what is in it may be whole: copy what can be read to another disk, and check it there; evidence repair --from \
      COPY restores from a copy of the vault what is lost
      """
    case .withdrawn: "evidence repair removes it for good"
    case .readers: "whoever has a key that opens it makes it readable for all readers: evidence reseal"
    case .untrusted: "whoever knows what is true of it adds it again; nothing of it is exported"
    case .aside: "harmless; look through it, and delete what you do not need"
    case .catalog: "evidence repair removes it, and the next list or search makes it again"
    case .key: "evidence repair --from COPY restores the signing key; copy any other key file from there yourself"
    case .pendingKey:
      """
      the next command that writes to the vault gives it its place; if nobody replaced a key, somebody laid it here: \
      move it away first
      """
    case .readingKey:
      """
      nothing, in an intake vault or if you took the key away on purpose; otherwise bring it back, from a copy or \
      shares: evidence key restore
      """
    case .strayKey: "evidence repair moves it aside; if a copy of the vault has a whole one, copy it from there"
    case .obstacle:
      "evidence repair moves it aside; with --from COPY it restores what belongs there, but for reading keys"
    case .cosignature:
      "ask the witness for it again; if it was changed, somebody had the vault in hand, so verify a kept head as well"
    case .timestamp:
      "restore the file from a copy of the vault, or move it away: the evidence is whole without, but its time unproven"
    case .pin:
      """
      two copies of this vault went on, or somebody forged one: keep both, and go on with the one that this machine \
      knows; evidence salvage makes a new vault of the other, from which what only that has can be sent
      """
    case .note, .checkpoint, .index, .entry:
      "evidence repair; with a copy of the vault, evidence repair --from COPY; without either, evidence salvage"
    case .record, .object: "evidence repair --from COPY restores it from a copy of the vault; without one it is lost"
    }
  }
}
