internal import Foundation

/// A folder of its own for one test, removed with all in it when the test lets it go.
public final class TemporaryFolder: Sendable {
  /// Its absolute path, without links.
  public let path: String

  /// Makes an empty one.
  public init() throws {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    path = "\(parent)/evidence-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Removes a file or folder.
  public static func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  /// The path of something in it.
  public subscript(name: String) -> String { "\(path)/\(name)" }

  /// Writes a file into it, with the folders above, and returns its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let url = URL(fileURLWithPath: self[name])
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
}
