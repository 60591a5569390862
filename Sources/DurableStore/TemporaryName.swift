/// The names under which things are built beside their final name. They are hidden, and tell whose they are, so that
/// the next one to build the same thing removes what a process that died left behind.
enum TemporaryName {
  static func make(for name: String, nonce: String) -> String { "\(prefix(name))\(nonce)" }

  /// Removes what was left behind under such a name. A living process holds a lock on its own.
  static func removeAbandoned(of name: String, in parent: Directory) {
    for entry in (try? parent.entries()) ?? [] {
      guard let found = entry.name, found.utf8.starts(with: prefix(name).utf8) else { continue }
      switch entry.kind {
      case .file where !FileLock.isHeld(found, in: parent): try? parent.remove(found)
      case .directory: removeTree(found, in: parent)
      default: continue
      }
    }
  }

  private static func removeTree(_ name: String, in parent: Directory) {
    guard let tree = try? parent.directory(name), let lock = try? FileLock(on: tree, patience: 0) else { return }
    tree.removeContents()
    try? parent.removeDirectory(name)
    _ = consume lock
  }

  /// Short enough that the whole name fits into 255 bytes.
  private static func prefix(_ name: String) -> String {
    ".\(String(decoding: name.utf8.prefix(120), as: UTF8.self)).partial-"
  }
}

extension Directory {
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
