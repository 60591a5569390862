import Foundation
import Primitives

/// Inputs that reached code which no seed reaches, or that broke a property once: a file of `Kept` for each target, and
/// in each line one input in base64. `tools/fuzz --keep` writes them, as few and as short as it can.
enum KeptInputs {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Kept")
  private static let ending = ".txt"

  /// The targets of which something is kept.
  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }
      .map { String($0.dropLast(ending.count)) }.sorted()
  }

  /// What is kept of a target, in the order of the file.
  static func of(_ target: String) throws -> [[UInt8]] {
    let file = folder.appending(path: target + ending)
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    let text = [UInt8](try Data(contentsOf: file))
    return try text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().map { line in
      guard let input = Base64.padded.decode(line) else {
        throw PropertyFailure(description: "\(file.lastPathComponent) has a line that is no base64")
      }
      return input
    }
  }
}
