internal import Glibc
public import Streams

/// A file being written that is to take the place of another one, in one step. It leaves nothing behind if it never
/// does.
public final class ReplacementFile: ByteSink {
  /// What it is to replace.
  public let old: FileSource
  private let parent: Directory
  private let name: String
  private let temporaryName: String
  private let sink: FileSink
  private var isOpen = true

  /// Starts a file that is to replace the one at `path`, which is no link.
  ///
  /// - Throws: `notFound`, `notAFile`, `symbolicLink`.
  public init(for path: String, nonce: String) throws(StoreError) {
    let (folder, name) = splitPath(path)
    self.name = name
    parent = try Directory(opening: folder)
    old = try parent.file(name)
    TemporaryName.removeAbandoned(of: name, in: parent)
    temporaryName = TemporaryName.make(for: name, nonce: nonce)
    sink = try parent.createFileAmongOthers(temporaryName, finalMode: 0o600)
  }

  /// Appends bytes.
  public func write(_ bytes: Span<UInt8>) throws { try sink.write(bytes) }

  /// Puts the bytes on disk; the old file still has its name.
  public func finish() throws(StoreError) { try sink.finish() }

  /// Puts the finished file in the place of the old one.
  public func publish() throws(StoreError) {
    try parent.replace(name, in: parent, with: temporaryName)
    isOpen = false
    try parent.sync()
  }

  deinit { if isOpen { try? parent.remove(temporaryName) } }
}

extension FileSource {
  /// Whether another file lies on the same file system.
  public func isOnFileSystem(of other: FileSource) -> Bool { status.st_dev == other.status.st_dev }

  /// What came of overwriting.
  public enum Overwriting: Sendable {
    /// The file system was given other bytes for it; what the storage did with those, nobody can tell.
    case done
    /// The file has another name still, so that it is somebody's copy, and was left alone.
    case hasOtherName
    /// The system refused.
    case refused
  }

  /// Overwrites the bytes of a file that was unlinked or replaced, and waits until that is on disk. Best effort: flash
  /// storage, journals and file systems that copy on write keep old blocks all the same.
  public func overwriteOnceNameless() -> Overwriting {
    var now = stat()
    guard unsafe fstat(descriptor.number, &now) == 0 else { return .refused }
    guard now.st_nlink == 0 else { return .hasOtherName }
    guard fchmod(descriptor.number, 0o600) == 0 else { return .refused }
    // Opened for reading, and without a name: the system's own name for it is the way to write.
    let number = unsafe open("/proc/self/fd/\(descriptor.number)", O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return .refused }
    let writer = Descriptor(number)
    let zeros = [UInt8](repeating: 0, count: 4_096)
    var place = 0
    while place < Int(now.st_size) {
      let count = min(zeros.count, Int(now.st_size) - place)
      let written = unsafe zeros.withUnsafeBytes { unsafe pwrite(writer.number, $0.baseAddress, count, place) }
      guard written > 0 else { return .refused }
      place += written
    }
    return fsync(writer.number) == 0 ? .done : .refused
  }
}
