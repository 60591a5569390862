internal import EvidenceVault
internal import Synchronization
internal import Wording

/// What the library takes from the surroundings of the command line.
enum Surroundings {
  static var environment: VaultEnvironment {
    var environment = VaultEnvironment()
    environment.stateFolder = stateFolder
    environment.onForgotten = tellOfForgetting
    environment.onGivenUp = tellOfGivenUp
    environment.onCommit = { Output.noteEntered() }
    environment.onWait = { Message.note("another process is writing to the vault; waiting") }
    environment.onPlan = { Progress.current.expect($0, .bytes) }
    environment.onProgress = { Progress.current.advance($0, .bytes) }
    environment.onEntryPlan = { Progress.current.expect($0, .entries) }
    environment.onEntryProgress = { Progress.current.advance($0, .entries) }
    return environment
  }

  /// Where the last head of each vault is kept. Without `HOME`, as a task or a service may run, the account has one all
  /// the same: what was seen there must not be forgotten here.
  private static var stateFolder: String? {
    func folder(_ path: String?) -> String? { path.flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let state = folder(Environment.value("XDG_STATE_HOME")) { return "\(state)/evidence" }
    return (folder(Environment.value("HOME")) ?? folder(Environment.accountHome)).map { "\($0)/.local/state/evidence" }
  }

  private enum Note { case forgetting, givenUp }

  private static let told = Mutex<Set<Note>>([])

  /// Whether this is told for the first time.
  private static func isFirst(_ note: Note) -> Bool { told.withLock { $0.insert(note).inserted } }

  /// Says once that an older copy would not be noticed here.
  private static func tellOfForgetting() {
    guard isFirst(.forgetting) else { return }
    Message.note(
      """
      nothing on this machine remembers what it saw of this vault, so it cannot tell an older copy that was put in its \
      place: set XDG_STATE_HOME, or HOME, to a folder that can be written to
      """)
  }

  /// Says once that a restored copy came in the place of what was seen.
  private static func tellOfGivenUp(_ count: UInt64) {
    guard isFirst(.givenUp) else { return }
    Message.note(
      """
      ALARM: this vault went on from a restored copy, and \(Count.entries(count)) that were seen here before are gone; \
      if none of you restored it, whoever has its passphrase changed it: trust nothing in it
      """)
  }
}
