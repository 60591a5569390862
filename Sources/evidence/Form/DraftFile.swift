internal import Age
internal import CSystem
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import Streams

/// The file that keeps the answers of a form while it is not done: sealed to the readers of the vault, after every
/// answer; or, on a vault that could not read it back, with a passphrase, and then only on leaving, since each sealing
/// costs a second.
final class DraftFile {
  private let path: String
  private let readers: CheckedReaders
  private let passphrase: Passphrase?

  init(_ path: String, readers: CheckedReaders, passphrase: consuming Passphrase?) {
    self.path = path
    self.readers = readers
    self.passphrase = passphrase
  }

  /// Where it is, for people.
  var shownPath: String { Message.shown(path) }

  /// Keeps a draft in the place of the one before; on leaving also when the process was asked to end.
  func save(_ draft: FormDraft, isLeaving: Bool) throws {
    if isLeaving { csystem_forget_interrupt() }
    let bytes: [UInt8]
    switch passphrase {
    case .some(let passphrase):
      guard isLeaving else { return }
      bytes = try draft.sealed(with: passphrase)
    case .none: bytes = try draft.sealed(for: readers)
    }
    let (folder, name) = splitPath(path)
    do {
      let directory = try Directory(opening: folder)
      let temporary = ".\(name.prefix(60)).\(Hex.encode(SystemRandomness().bytes(8)))"
      let file = try directory.createFile(temporary, finalMode: 0o600)
      do {
        try file.write(bytes)
        try file.finish()
        try directory.replace(name, in: directory, with: temporary)
      } catch {
        try? directory.remove(temporary)
        throw error
      }
      try directory.sync()
    } catch { throw VaultError(error) }
  }

  /// Removes it once the record is where it belongs.
  func remove() {
    let (folder, name) = splitPath(path)
    try? Directory(opening: folder).remove(name)
  }

  /// The sealed bytes of a draft that was kept.
  static func contents(_ path: String) throws -> [UInt8] {
    do { return try FileSource(opening: path).contents(limit: 32 << 20) } catch { throw VaultError(error) }
  }

  /// Requires that nothing would be replaced.
  static func requireNew(_ path: String) throws {
    let (folder, name) = splitPath(path)
    do {
      guard try !Directory(opening: folder).contains(name) else { throw StoreError.exists(path: path) }
    } catch { throw VaultError(error) }
  }
}
