/// A new folder for many files, whose lock stands for one on each of them: a process can have fewer descriptors than a
/// folder has files.
public final class HeldFolder: Sendable {
  /// Where the files go.
  public let directory: Directory

  private let name: String
  private let parent: Directory
  private let lock: FileLock

  /// Makes the folder, while nobody removes abandoned ones: between its making and its locking it would look like one.
  public init(_ name: String, in parent: Directory) throws(StoreError) {
    self.name = name
    self.parent = parent
    let presence = try FileLock(on: parent, shared: true, patience: 60)
    directory = try parent.directory(name, makingNew: true)
    lock = try FileLock(on: directory, patience: 0)
    _ = consume presence
  }

  /// Removes the folder with all that is left in it.
  public func discard() {
    directory.removeContents()
    try? parent.removeDirectory(name)
  }
}
