internal import Age
internal import DurableStore
internal import Primitives

/// The files that hold reading identities beside `reading.age`, each under the digest of a recipient: what counts, the
/// readers of the note say, and no passphrase is needed to find out.
///
/// Source: FORMAT sections 1 and 2.
extension SealedKeyFile {
  private static let readingPrefix = "reading-"
  private static let earlierPrefix = "earlier-"

  /// The file of an identity that is to take the place of the one in `reading.age`.
  static func reading(of recipient: Recipient) -> String { readingPrefix + hex(recipient) + ending }

  /// The file of the identities that came before one.
  static func earlier(before recipient: Recipient) -> String { earlierPrefix + hex(recipient) + ending }

  /// Whether a file may hold a reading identity that is to follow, or those that came before one.
  static func isBesideReading(_ name: String) -> Bool { isNextReading(name) || isNamed(name, earlierPrefix) }

  /// Whether a file may hold a reading identity that is to follow.
  static func isNextReading(_ name: String) -> Bool { isNamed(name, readingPrefix) }

  private static func isNamed(_ name: String, _ prefix: String) -> Bool {
    name.hasPrefix(prefix) && name.hasSuffix(ending)
      && Digest(hex: name.dropFirst(prefix.count).dropLast(ending.count)) != nil
  }

  /// Whether a file is one that a passphrase opens: anybody who has the disk can put another in its place, and that
  /// must not take the place of a key.
  static func isSealed(_ name: String, in keys: Directory) -> Bool {
    guard let bytes = try? keys.contents(of: name, limit: maximumByteCount) else { return false }
    return (try? requireSealed(bytes)) != nil
  }

  private static func hex(_ recipient: Recipient) -> String {
    SHA256Hasher.digest(of: Array(recipient.description.utf8)).hex
  }
}

extension VaultNote {
  /// The names of files that hold the identity of a reader that has no final name yet.
  var nextReadingFiles: Set<String> { Set(readers.map(SealedKeyFile.reading)) }

  /// The names of files with the identities that came before those of readers.
  var earlierReadingFiles: Set<String> { Set(readers.map(SealedKeyFile.earlier)) }

  /// The file that holds the reading identity of the vault: one that has no final name yet goes first.
  func readingFile(in root: Directory) -> String {
    guard let keys = try? root.directory(SealedKeyFile.folder) else { return SealedKeyFile.reading }
    return nextReadingFiles.first { SealedKeyFile.isSealed($0, in: keys) } ?? SealedKeyFile.reading
  }
}

extension Vault {
  /// Gives a reading identity that came to count the name of the old one, and removes what belongs to no reader; by
  /// whoever holds the lock. What is replaced or removed is overwritten as far as the file system lets it be.
  ///
  /// `renameat` over `reading.age`, `unlinkat`, and `fsync` of the folder.
  func settleReadingKeys() throws {
    let keys = try root.directory(SealedKeyFile.folder)
    let (next, earlier) = (note.nextReadingFiles, note.earlierReadingFiles)
    var old: [FileSource] = []
    let files = try keys.entries().filter { $0.kind == .file }.compactMap(\.name)
    for name in files where SealedKeyFile.isBesideReading(name) {
      if next.contains(name) {
        guard SealedKeyFile.isSealed(name, in: keys) else { continue }
        if keys.contains(SealedKeyFile.reading) { old.append(try keys.file(SealedKeyFile.reading)) }
        try keys.replace(SealedKeyFile.reading, in: keys, with: name)
      } else if !earlier.contains(name) {
        old.append(try keys.file(name))
        try keys.remove(name)
      }
    }
    guard !old.isEmpty else { return }
    try keys.sync()
    for file in old { _ = file.overwriteOnceNameless() }
  }
}
