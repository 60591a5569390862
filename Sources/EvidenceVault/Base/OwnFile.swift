internal import DurableStore
internal import TransparencyLog
internal import Wording

extension Directory {
  /// Reads `vault.note` or `checkpoint` of a vault. Whatever else stands in the place of such a file is damage: a
  /// person whose own file is a link is told to copy what it points to, and here that would be what somebody put there.
  ///
  /// - Throws: `VaultError.damaged`, `StoreError`.
  func contents(ofOwn name: String, _ subject: Finding.Subject) throws -> [UInt8] {
    do { return try contents(of: name, limit: SignedNote.maximumByteCount) } catch let error as StoreError {
      switch error {
      case .symbolicLink, .notAFile, .notADirectory:
        throw VaultError.damaged(Finding(subject, path: name, detail: Finding.obstacle(name).detail))
      case .tooLong: throw VaultError.damaged(Finding(subject, path: name, error: error))
      default: throw error
      }
    }
  }
}
