internal import Foundation

/// All that lies below a folder, in memory: to compare before with after, and to make copies.
public struct Tree: Equatable, Sendable {
  /// What stands at one path.
  public enum Node: Equatable, Sendable {
    /// A folder.
    case folder
    /// A regular file with these bytes.
    case file([UInt8])
    /// A link, socket, pipe or device.
    case other
  }

  /// Every path below the folder, relative to it.
  public private(set) var nodes: [String: Node] = [:]

  /// Reads a folder; one that is not there has nothing in it.
  public init(of folder: String) throws {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let type = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")[.type] as? FileAttributeType
      switch type {
      case .typeDirectory: nodes[path] = .folder
      case .typeRegular: nodes[path] = .file(Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)"))))
      default: nodes[path] = .other
      }
    }
  }

  /// The paths of all files, sorted.
  public var files: [String] { nodes.keys.filter { self[$0] != nil }.sorted() }

  /// The bytes of a file; `nil` for what is none, or to remove it.
  public subscript(path: String) -> [UInt8]? {
    get {
      guard case .file(let bytes)? = nodes[path] else { return nil }
      return bytes
    }
    set { nodes[path] = newValue.map { .file($0) } }
  }

  /// Makes a folder that holds the same; what was there before is removed.
  public func write(to folder: String) throws {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (path, node) in nodes.sorted(by: { $0.key < $1.key }) {
      switch node {
      case .folder:
        try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
      case .file(let bytes):
        let parent = URL(filePath: "\(folder)/\(path)").deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Self.replace("\(folder)/\(path)", with: bytes)
      case .other: throw CocoaError(.fileWriteUnsupportedScheme)
      }
    }
  }

  /// Puts other bytes in the place of a file, also of one that is read-only.
  public static func replace(_ path: String, with bytes: [UInt8]) throws {
    try? FileManager.default.removeItem(atPath: path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
