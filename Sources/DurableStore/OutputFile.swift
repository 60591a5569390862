public import Streams

/// A file being written for a user: it gets its name when it is whole, and leaves nothing behind if it never is.
public final class OutputFile: ByteSink {
  private let parent: Directory
  private let name: String
  private let temporaryName: String
  private let sink: FileSink
  private var isOpen = true

  /// Starts a file that is to become `path`.
  ///
  /// - Throws: `exists` if there is anything at `path`.
  public init(for path: String, nonce: String) throws(StoreError) {
    let (folder, name) = splitPath(path)
    parent = try Directory(opening: folder)
    guard !parent.contains(name) else { throw .exists(path: path) }
    self.name = name
    TemporaryName.removeAbandoned(of: name, in: parent)
    temporaryName = TemporaryName.make(for: name, nonce: nonce)
    sink = try parent.createFileAmongOthers(temporaryName, finalMode: 0o600)
  }

  /// Appends bytes.
  public func write(_ bytes: Span<UInt8>) throws { try sink.write(bytes) }

  /// Puts the bytes on disk; the file has no name yet.
  public func finish() throws(StoreError) { try sink.finish() }

  /// Gives the finished file its name.
  public func publish() throws(StoreError) {
    try parent.move(temporaryName, to: parent, as: name)
    isOpen = false
    try parent.sync()
  }

  deinit { if isOpen { try? parent.remove(temporaryName) } }
}
