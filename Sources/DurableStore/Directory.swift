internal import CSystem
internal import Glibc
internal import Streams

/// An open directory. All names are single components below it; symbolic links are never followed.
public final class Directory: Sendable {
  /// What a name in a directory stands for.
  public enum Kind: Sendable {
    /// A regular file.
    case file
    /// A directory.
    case directory
    /// A link, socket, pipe or device.
    case other
  }

  /// One name in a directory.
  public struct Entry: Sendable {
    /// The name, or `nil` if it is not valid UTF-8.
    public let name: String?
    /// The name as it can be shown.
    public let displayName: String
    /// What it stands for.
    public let kind: Kind
  }

  /// The path as the caller named it, for messages.
  public let path: String
  let descriptor: Descriptor

  /// Opens an existing directory; links in `path` are followed, as the user wrote it.
  public init(opening path: String) throws(StoreError) {
    try requireName(path)
    self.path = path
    descriptor = Descriptor(try checked(path) { unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
  }

  private init(path: String, descriptor: consuming Descriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Makes a new directory, readable by its owner alone, and opens it.
  ///
  /// - Throws: `exists` if there is anything at `path`.
  public static func create(_ path: String) throws(StoreError) -> Directory {
    try requireName(path)
    _ = try checked(path) { unsafe mkdir(path, 0o700) }
    return try Directory(opening: path)
  }

  /// Opens the directory `name`, making it (and syncing this one) if it is not there and `creating` is set.
  public func directory(_ name: String, creating: Bool = false) throws(StoreError) -> Directory {
    let path = creating ? try componentPath(name) : try childPath(name)
    if creating, unsafe mkdirat(descriptor.number, name, 0o700) == 0 { try sync() }
    return Directory(path: path, descriptor: try openBeneath(name, O_RDONLY | O_DIRECTORY))
  }

  /// Makes the new directory `name` and opens it.
  ///
  /// - Throws: `exists` if there is anything of that name.
  public func directory(_ name: String, makingNew: Bool) throws(StoreError) -> Directory {
    guard makingNew else { return try directory(name) }
    _ = try checked(try componentPath(name)) { unsafe mkdirat(descriptor.number, name, 0o700) }
    do { return try directory(name) } catch {
      try? removeDirectory(name)
      throw error
    }
  }

  /// The names in the directory, sorted by their bytes; without `.` and `..`.
  public func entries() throws(StoreError) -> [Entry] {
    let copy = try checked(path) { unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = unsafe fdopendir(copy) else { throw StoreError(path: path, code: errno) }
    defer { unsafe closedir(stream) }
    var found: [(bytes: [UInt8], type: UInt8)] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let bytes = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
          unsafe Array(UnsafeBufferPointer(start: name, count: strnlen(name, 256)))
        }
      }
      if bytes != Array(".".utf8), bytes != Array("..".utf8) { found.append((bytes, unsafe entry.pointee.d_type)) }
    }
    guard errno == 0 else { throw StoreError(path: path, code: errno) }
    found.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    return found.map { Entry(name: $0.bytes, kind: kind($0.type, name: $0.bytes)) }
  }

  /// Whether there is anything of that name, or may be: where the system cannot tell, whoever reads it hears why.
  public func contains(_ name: String) -> Bool {
    guard !name.utf8.contains(0) else { return false }
    return unsafe faccessat(descriptor.number, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
      || ![ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(errno)
  }

  /// Opens a regular file for reading.
  public func file(_ name: String) throws(StoreError) -> FileSource {
    try FileSource(
      path: "\(path)/\(name)", descriptor: try openBeneath(name, O_RDONLY | O_NONBLOCK))
  }

  /// Reads a whole small file.
  ///
  /// - Throws: `StoreError`, `tooLong` beyond `limit` bytes.
  public func contents(of name: String, limit: Int) throws -> [UInt8] { try file(name).contents(limit: limit) }

  /// Makes a new file as `createFile` does, while nobody removes abandoned files: between its making and its locking it
  /// would look like one.
  public func createFileAmongOthers(_ name: String, finalMode: UInt32 = 0o400) throws(StoreError) -> FileSink {
    let presence = try FileLock(on: self, shared: true, patience: 60)
    let file = try createFile(name, finalMode: finalMode)
    _ = consume presence
    return file
  }

  /// Makes a new file, which gets `finalMode` once it is finished. It is locked while it is being written, so that
  /// others can tell it from what a dead process left behind.
  public func createFile(_ name: String, finalMode: UInt32 = 0o400) throws(StoreError) -> FileSink {
    let new = try openBeneath(name, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    let number = new.number
    do { _ = try checked(path) { flock(number, LOCK_EX | LOCK_NB) } } catch {
      try? remove(name)
      throw error
    }
    return FileSink(path: "\(path)/\(name)", descriptor: new, finalMode: finalMode)
  }

  /// Gives a finished file its place, in this directory or another of the same file system. Never replaces anything.
  public func move(_ name: String, to directory: Directory, as newName: String) throws(StoreError) {
    _ = try componentPath(name)
    _ = try checkedCode(try directory.componentPath(newName)) {
      unsafe csystem_rename_new(descriptor.number, name, directory.descriptor.number, newName)
    }
  }

  /// Gives a finished file its place, replacing what was there in one step.
  public func replace(_ newName: String, in directory: Directory, with name: String) throws(StoreError) {
    _ = try componentPath(name)
    _ = try checked(try directory.componentPath(newName)) {
      unsafe renameat(descriptor.number, name, directory.descriptor.number, newName)
    }
  }

  /// Removes a file; `name` may be a relative path, on which no link is followed.
  public func remove(_ name: String) throws(StoreError) {
    let path = try childPath(name)
    let (folder, last) = splitPath(name)
    if folder == "." {
      _ = try checked(path) { unsafe unlinkat(descriptor.number, last, 0) }
    } else {
      let parent = try openBeneath(folder, O_RDONLY | O_DIRECTORY)
      _ = try checked(path) { unsafe unlinkat(parent.number, last, 0) }
    }
  }

  /// Removes an empty directory.
  public func removeDirectory(_ name: String) throws(StoreError) {
    _ = try checked(try componentPath(name)) { unsafe unlinkat(descriptor.number, name, AT_REMOVEDIR) }
  }

  /// The absolute path without links, as the system knows it.
  public func resolvedPath() throws(StoreError) -> String {
    guard let resolved = unsafe realpath(path, nil) else { throw StoreError(path: path, code: errno) }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// A child path that may have several components, for messages.
  public func displayPath(_ name: String) -> String { "\(path)/\(name)" }

  /// Waits until the names in the directory are on disk. A failure is final: it must not be tried again.
  public func sync() throws(StoreError) {
    _ = try checked(path) { fsync(descriptor.number) }
  }

  /// Waits until these files of the directory, and their names, are on disk: `syncfs`, then `fsync` of each. The first
  /// makes it fast, as the disk takes all in one go; the second makes it certain, since some file systems do nothing
  /// for `syncfs`, and older kernels do not report its failures. A failure is final.
  public func syncFiles(_ names: [String]) throws(StoreError) {
    _ = try checkedCode(path) { csystem_sync_file_system(descriptor.number) }
    for name in names { try syncFile(name) }
    try sync()
  }

  /// As `syncFiles`, for all files in the directory and the folders below it.
  func syncTree() throws(StoreError) {
    _ = try checkedCode(path) { csystem_sync_file_system(descriptor.number) }
    try syncEach()
  }

  private func syncEach() throws(StoreError) {
    for entry in try entries() {
      guard let name = entry.name else { continue }
      switch entry.kind {
      case .directory: try directory(name).syncEach()
      case .file: try syncFile(name)
      case .other: continue
      }
    }
    try sync()
  }

  private func syncFile(_ name: String) throws(StoreError) {
    let file = try openBeneath(name, O_RDONLY)
    let number = file.number
    _ = try checked(displayPath(name)) { fsync(number) }
  }

  /// Removes the folder `name` with all that is in it, unless a living process holds a lock on it.
  public func removeAbandonedFolder(_ name: String) {
    guard let folder = try? directory(name), let lock = try? FileLock(on: folder, patience: 0) else { return }
    folder.removeContents()
    try? removeDirectory(name)
    _ = consume lock
  }

  private func openBeneath(_ name: String, _ flags: Int32, mode: UInt32 = 0) throws(StoreError) -> Descriptor {
    let path = try childPath(name)
    return Descriptor(try checkedCode(path) { unsafe csystem_open_beneath(descriptor.number, name, flags, mode) })
  }

  /// The path of a name, for messages, once it is known that the kernel will see all of the name, and that it names
  /// nothing above this directory.
  private func childPath(_ name: String) throws(StoreError) -> String {
    let path = "\(path)/\(name)"
    try requireName(path)
    let components = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let refused = ["", ".", ".."].map { Array($0.utf8) }
    guard !components.contains(where: { refused.contains(Array($0)) }) else { throw .unreadableName(path: path) }
    return path
  }

  /// The path of a name that is a single component.
  private func componentPath(_ name: String) throws(StoreError) -> String {
    let path = try childPath(name)
    guard !name.utf8.contains(UInt8(ascii: "/")) else { throw .unreadableName(path: path) }
    return path
  }

  private func kind(_ type: UInt8, name: [UInt8]) -> Kind {
    switch Int(type) {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .directory
    case Int(DT_UNKNOWN):
      // Some file systems do not tell the type in the listing.
      guard let text = String(validating: name, as: UTF8.self) else { return .other }
      if (try? openBeneath(text, O_RDONLY | O_DIRECTORY)) != nil { return .directory }
      return (try? file(text)) != nil ? .file : .other
    default: return .other
    }
  }
}

extension Directory.Entry {
  fileprivate init(name: [UInt8], kind: Directory.Kind) {
    self.name = String(validating: name, as: UTF8.self)
    self.displayName = String(decoding: name, as: UTF8.self)
    self.kind = kind
  }
}

/// A NUL would silently cut the path that the kernel sees.
func requireName(_ path: String) throws(StoreError) {
  if path.utf8.contains(0) || path.isEmpty { throw .unreadableName(path: path) }
}
