internal import Glibc

/// A folder being filled under a temporary name beside its final one: nobody sees it under the final name before it is
/// whole, and it vanishes if it never becomes so.
public final class Quarantine {
  private let place: BuildingPlace
  /// The folder being filled.
  public let root: Directory
  private let lock: FileLock
  private var isOpen = true
  private var isPublished = false

  /// Starts a folder that is to become `path`.
  ///
  /// - Throws: `exists` if there is anything at `path`; `notFound` if its parent is not there.
  public init(for path: String, nonce: String) throws(StoreError) {
    place = try BuildingPlace(for: path, nonce: nonce)
    let presence = try TemporaryName.presence(in: place.parent)
    root = try place.parent.directory(place.temporaryName, makingNew: true)
    do { lock = try FileLock(on: root, patience: 0) } catch {
      try? place.parent.removeDirectory(place.temporaryName)
      throw error
    }
    _ = consume presence
  }

  /// Makes a new file at a relative path, with the folders above it.
  ///
  /// - Throws: `unfitName` where the folder is on a disk that cannot have a file of this name beside the others.
  public func createFile(_ components: [String]) throws(StoreError) -> FileSink {
    guard let last = components.last else { throw .unreadableName(path: "") }
    let folder = try folder(components.dropLast())
    return try fitting(components) { () throws(StoreError) in try folder.createFile(last, finalMode: 0o600) }
  }

  /// Makes the folders of a relative path.
  ///
  /// - Throws: as `createFile`.
  @discardableResult
  public func folder(_ components: some Collection<String>) throws(StoreError) -> Directory {
    try fitting(components) { () throws(StoreError) in
      var folder = root
      for component in components { folder = try folder.directory(component, creating: true) }
      return folder
    }
  }

  /// Nobody else puts anything here, and what is above a file is made before it: a name that is there already, or
  /// nowhere, is one that the disk has not as it was given.
  private func fitting<Value>(
    _ components: some Collection<String>, _ make: () throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    do { return try make() } catch {
      switch error {
      case .exists, .notFound, .system(_, EINVAL): throw .unfitName(path: components.joined(separator: "/"))
      default: throw error
      }
    }
  }

  /// Waits until every file in it, and its name, is on disk: for files that were finished unsynced. A failure is final.
  public func syncFiles() throws(StoreError) { try root.syncTree() }

  /// Gives the folder its final name.
  public func publish() throws(StoreError) {
    try root.sync()
    try place.takeName()
    (isOpen, isPublished) = (false, true)
    try place.parent.sync()
  }

  /// Takes the final name away again, if `publish` gave it, and removes all: for a folder that must not be there when
  /// something after it failed.
  public func retract() {
    if isPublished, (try? place.giveNameBack()) != nil { (isOpen, isPublished) = (true, false) }
    discard()
  }

  /// Gives the folder called `name` in this one the final name, and removes the rest.
  public func publish(only name: String) throws(StoreError) {
    try place.takeName(for: name, in: root)
    discard()
    try place.parent.sync()
  }

  /// Removes all that was written. Called by `deinit` too, unless the folder was published.
  public func discard() {
    guard isOpen else { return }
    isOpen = false
    root.removeContents()
    try? place.parent.removeDirectory(place.temporaryName)
  }

  deinit { discard() }
}

/// The folder and the last component of a path; trailing slashes do not count.
public func splitPath(_ path: String) -> (folder: String, name: String) {
  var bytes = Array(path.utf8)
  while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
  guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", String(decoding: bytes, as: UTF8.self)) }
  let folder = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  return (folder, String(decoding: bytes[(slash + 1)...], as: UTF8.self))
}
