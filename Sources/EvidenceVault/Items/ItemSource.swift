internal import DurableStore
internal import Streams
public import Tar
internal import Wording

/// One file on its way into an item.
public struct ItemSource: Sendable {
  /// Where the file gets its bytes from.
  enum Origin: Sendable {
    /// A path as the user wrote it.
    case path(String)
    /// A file below a folder that the user named; links are not followed.
    case below(Directory, String)
    /// What came through a pipe, waiting in an encrypted spool.
    case spool(Spool)
    /// A file of an object that was sealed before.
    case sealed(SealedPart)
    /// A document made by the program.
    case memory([UInt8])
  }

  let origin: Origin
  /// Where the file will stand inside the item.
  public let path: ArchivePath
  /// The path as the user knows it.
  public let displayPath: String
  /// Its size when it was found, in bytes.
  public let byteCount: UInt64

  /// The most files in one item: each takes three disclosures.
  static let maximumCount = 60_000

  /// Finds the files that `paths` name: each file itself, each folder with all below it, in the order of names.
  ///
  /// - Throws: `VaultError.file` for a link, socket, pipe or device inside a folder, `.unusableName`, `.duplicatePath`,
  ///   `.nothingToDo` for a folder without files, `.tooLarge`.
  public static func find(_ paths: [String]) throws(VaultError) -> [ItemSource] {
    do {
      var sources: [ItemSource] = []
      for path in paths { try append(path, to: &sources) }
      guard sources.count <= maximumCount else { throw VaultError.tooLarge(path: Phrase(verbatim: paths.first ?? "")) }
      try requireDistinct(sources)
      return sources
    } catch {
      throw VaultError(error)
    }
  }

  /// Checks that an object of these files can be read again: no path is there twice, or a file and a folder at once.
  static func requireDistinct(_ sources: [ItemSource]) throws(VaultError) {
    do {
      try TarReader.Limits.default.check(sources.map(\.path))
    } catch {
      switch error {
      case .duplicatePath(let path), .pathThroughFile(let path): throw .duplicatePath(path.text)
      default: throw .tooLarge(path: Phrase(verbatim: sources.first?.displayPath ?? ""))
      }
    }
  }

  private static func append(_ path: String, to sources: inout [ItemSource]) throws {
    do {
      let directory = try Directory(opening: path)
      let name = try folderName(path)
      let count = sources.count
      try walk(directory, below: directory, relative: "", name: name, depth: 1, to: &sources)
      guard sources.count > count else { throw VaultError.nothingToDo }
    } catch StoreError.notADirectory {
      let file = try FileSource(opening: path)
      sources.append(
        ItemSource(
          origin: .path(path), path: try archivePath(splitPath(path).name), displayPath: path,
          byteCount: file.byteCount))
    }
  }

  /// A folder given as `.` or `..` has no name of its own to keep.
  private static func folderName(_ path: String) throws -> String {
    let name = splitPath(path).name
    return [".", "..", "/", ""].contains(name) ? "folder" : name
  }

  private static func walk(
    _ directory: Directory, below root: Directory, relative: String, name: String, depth: Int,
    to sources: inout [ItemSource]
  ) throws {
    guard depth <= ArchivePath.maximumDepth - 2 else {
      throw VaultError.tooLarge(path: Phrase(verbatim: directory.path))
    }
    for entry in try directory.entries() {
      let shown = directory.displayPath(entry.displayName)
      guard let child = entry.name else { throw VaultError.unusableName(shown: shown) }
      let childRelative = relative.isEmpty ? child : "\(relative)/\(child)"
      switch entry.kind {
      case .directory:
        try walk(
          directory.directory(child), below: root, relative: childRelative, name: name, depth: depth + 1, to: &sources)
      case .file:
        // Opened once now, so that a file that cannot be read is told before anything is sealed.
        let file = try directory.file(child)
        sources.append(
          ItemSource(
            origin: .below(root, childRelative), path: try archivePath("\(name)/\(childRelative)"),
            displayPath: shown, byteCount: file.byteCount))
      case .other:
        _ = try directory.file(child)
        throw StoreError.notAFile(path: shown)
      }
    }
  }

  static func archivePath(_ text: String) throws(VaultError) -> ArchivePath {
    do {
      _ = try ArchivePath("\(ObjectSealer.filesFolder)/\(text)")
      return try ArchivePath(text)
    } catch {
      throw .unusableName(shown: text)
    }
  }
}
