/// The names under which things are built beside their final name. They are hidden, and tell whose they are, so that
/// the next one to build the same thing removes what a process that died left behind.
enum TemporaryName {
  private static let nonceLength = 16

  /// The name for `name`; `nonce` is 16 hexadecimal digits.
  static func make(for name: String, nonce: String) -> String { "\(prefix(name))\(nonce)" }

  /// Takes part in the use of a folder: while this is held, nothing new is taken for abandoned.
  static func presence(in parent: Directory) throws(StoreError) -> FileLock {
    try FileLock(on: parent, shared: true, patience: 60)
  }

  /// Removes what was left behind under such a name. A living process holds a lock on its own.
  static func removeAbandoned(of name: String, in parent: Directory) {
    guard let lock = try? FileLock(on: parent, patience: 0) else { return }
    for entry in (try? parent.entries()) ?? [] {
      guard let found = entry.name, isOne(found, for: name) else { continue }
      switch entry.kind {
      case .file where !FileLock.isHeld(found, in: parent): try? parent.remove(found)
      case .directory: parent.removeAbandonedFolder(found)
      default: continue
      }
    }
    _ = consume lock
  }

  private static func isOne(_ found: String, for name: String) -> Bool {
    let prefix = prefix(name)
    let nonce = found.utf8.dropFirst(prefix.utf8.count)
    return found.utf8.starts(with: prefix.utf8) && nonce.count == nonceLength
      && nonce.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// Short enough that the whole name fits into 255 bytes.
  private static func prefix(_ name: String) -> String {
    ".\(String(decoding: name.utf8.prefix(120), as: UTF8.self)).partial-"
  }
}

/// The place beside a final name where something is built.
struct BuildingPlace: Sendable {
  let parent: Directory
  let temporaryName: String
  private let name: String

  /// Finds the place for what is to become `path`, and clears it of what dead processes left.
  ///
  /// - Throws: `exists` if there is anything at `path`; `notFound` if its parent is not there.
  init(for path: String, nonce: String) throws(StoreError) {
    let (folder, name) = splitPath(path)
    parent = try Directory(opening: folder)
    guard !parent.contains(name) else { throw .exists(path: path) }
    self.name = name
    TemporaryName.removeAbandoned(of: name, in: parent)
    temporaryName = TemporaryName.make(for: name, nonce: nonce)
  }

  /// Gives what was built its final name, which is on disk only once the parent was synced.
  func takeName() throws(StoreError) { try takeName(for: temporaryName, in: parent) }

  /// Takes the final name away again.
  func giveNameBack() throws(StoreError) { try parent.move(name, to: parent, as: temporaryName) }

  /// Gives what was built under another name elsewhere the final name here.
  func takeName(for built: String, in folder: Directory) throws(StoreError) {
    try folder.move(built, to: parent, as: name)
  }
}

extension Directory {
  /// Removes what processes that died left beside a file here, which they were to make or replace.
  public func removeAbandoned(of name: String) { TemporaryName.removeAbandoned(of: name, in: self) }

  /// Removes all that is in the directory.
  func removeContents() {
    for entry in (try? entries()) ?? [] {
      guard let name = entry.name else { continue }
      if entry.kind == .directory {
        (try? directory(name))?.removeContents()
        try? removeDirectory(name)
      } else {
        try? remove(name)
      }
    }
  }
}
