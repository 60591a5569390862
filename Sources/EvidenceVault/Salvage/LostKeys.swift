public import Age
internal import DurableStore
internal import Wording

extension Vault {
  /// Opens the reading keys that lie in a vault which may have lost its note: the present one, and one that waits for
  /// its place.
  ///
  /// - Throws: `VaultError.noVault`, `.needsReadingKey` if there is none; if none opens, `.wrongPassphrase` or
  ///   `.damagedKey`, of the first.
  public static func lostReadingIdentities(
    in path: String, _ passphrase: borrowing Passphrase
  ) throws(VaultError) -> [Identity] {
    do {
      return try LostKeys(root: openFolder(path)).readingIdentities(passphrase)
    } catch {
      throw VaultError(error)
    }
  }
}

/// The reading keys in a vault whose note may be lost: nothing says which counts, so each counts that opens.
///
/// Source: FORMAT sections 2 and 5.
struct LostKeys {
  let root: Directory

  /// What the passphrase opens.
  func readingIdentities(_ passphrase: borrowing Passphrase) throws -> [Identity] {
    guard let keys = try ifUndamaged({ try root.directory(SealedKeyFile.folder) }) else {
      throw VaultError.needsReadingKey(.lost)
    }
    let waiting = try keys.entries().compactMap(\.name).filter(SealedKeyFile.isNextReading)
    var identities: [Identity] = []
    var failure: VaultError?
    for name in [SealedKeyFile.reading] + waiting where keys.contains(name) {
      do {
        let text = try SealedKeyFile.open(name, in: root, passphrase: passphrase)
        guard let identity = try? KeyFile.identities(in: text).first else {
          throw VaultError.damagedKey(keyFile: "\(SealedKeyFile.folder)/\(name)")
        }
        identities.append(identity)
      } catch {
        failure = failure ?? VaultError(error)
      }
    }
    guard !identities.isEmpty else { throw failure ?? .needsReadingKey(.lost) }
    return identities
  }

  /// `identities`, and behind them those that came before each; and the files of these that do not open. Anybody can
  /// make such a file, and lay an object of his own beside it: of what is salvaged, nothing is proven anyway.
  func includingEarlier(
    _ identities: [Identity]
  ) throws -> (identities: [Identity], troubles: [SalvageReport.Trouble]) {
    var all: [Identity] = []
    var troubles: [SalvageReport.Trouble] = []
    for identity in identities where !all.contains(where: { $0.recipient == identity.recipient }) {
      all.append(identity)
    }
    var place = 0
    while place < all.count {
      if let found = try ifUndamaged({ try SealedKeyFile.earlierIdentities(of: all[place], in: root) }) {
        all += found.filter { earlier in !all.contains { $0.recipient == earlier.recipient } }
      } else {
        let path = "\(SealedKeyFile.folder)/\(SealedKeyFile.earlier(before: all[place].recipient))"
        let detail: Phrase = "it is damaged: earlier reading keys cannot be read"
        troubles.append(SalvageReport.Trouble(path: path, detail: detail, isRecovered: false))
      }
      place += 1
    }
    return (all, troubles)
  }
}
