internal import DurableStore
internal import Primitives
internal import Streams

/// Where a repair moves what it takes out of the way, and key files are kept that new ones replace:
/// `aside/<moment>-<random>/` and the path that it had. Nothing is removed from there but copies of keys under a
/// passphrase that was given up.
///
/// Source: FORMAT section 1.
final class AsideFolder {
  static let name = "aside"

  /// Whether the folder at `path`, relative to the vault, holds what had its place in `keys/`.
  static func isForKeys(_ path: String) -> Bool {
    let components = path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    return components.count == 3 && components[0] == Array(name.utf8)
      && components[2] == Array(SealedKeyFile.folder.utf8)
  }

  private static let waiting = "\(name)-"

  /// Whether something of that name in the vault's folder had that of the folder for all repairs, and is to go there.
  static func isWaiting(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { Array($0) }
    return parts.count == 3 && "\(String(decoding: parts[0], as: UTF8.self))-" == waiting
      && parts[1].count == momentByteCount && parts[2].count == 8
  }

  private static let momentByteCount = "20260101T000000Z".utf8.count

  /// The folder of this repair, relative to the vault.
  let path: String
  private let root: Directory
  private let ownName: String
  private var isMade = false

  /// Names the folder; it is made when the first file goes there.
  init(in root: Directory, environment: VaultEnvironment) {
    self.root = root
    let moment = environment.now().description.filter { $0 != ":" && $0 != "-" }
    ownName = "\(moment)-\(Hex.encode(environment.randomness.bytes(4)))"
    path = "\(Self.name)/\(ownName)"
  }

  /// Moves what is called `name` in `folder`, and stands at `path` in the vault. It is on disk when this returns.
  func take(_ name: String, in folder: Directory, path: String) throws {
    let place = try place(of: path)
    // What has the name of the folder itself is there already.
    guard path != Self.name else { return }
    try folder.move(name, to: place, as: name)
    try place.sync()
    try folder.sync()
  }

  /// Keeps a copy of what is called `name` in `folder`, and is about to be replaced. It is on disk when this returns.
  func keep(_ name: String, in folder: Directory, path: String, limit: Int) throws {
    let bytes = try folder.contents(of: name, limit: limit)
    let place = try place(of: path)
    let file = try place.createFile(name)
    try file.write(bytes)
    try file.finish()
    try place.sync()
  }

  private func place(of path: String) throws -> Directory {
    var place = try folder()
    place = isMade ? try place.directory(ownName) : try make(in: place)
    for component in path.split(separator: "/").dropLast() {
      place = try place.directory(String(component), creating: true)
    }
    return place
  }

  /// The folder for all repairs. What else has its name goes into it.
  private func folder() throws -> Directory {
    do { return try root.directory(Self.name, creating: true) } catch {
      switch error {
      case .notADirectory, .symbolicLink: break
      default: throw error
      }
    }
    let other = Self.waiting + ownName
    try root.move(Self.name, to: root, as: other)
    let folder = try root.directory(Self.name, creating: true)
    let place = try make(in: folder)
    try root.move(other, to: place, as: Self.name)
    try place.sync()
    try root.sync()
    return folder
  }

  private func make(in place: Directory) throws -> Directory {
    let made = try place.directory(ownName, makingNew: true)
    try place.sync()
    isMade = true
    return made
  }
}
