import Foundation
import Primitives
import Testing

/// One age vector, in the format of CCTV: a text header, an empty line, an age file.
struct VectorFile: Sendable, CustomTestStringConvertible {
  let name: String
  let fields: [(key: String, value: String)]
  let body: [UInt8]

  var testDescription: String { name }
  var expectation: String { first("expect") ?? "" }
  var isArmored: Bool { first("armored") == "yes" }

  func first(_ key: String) -> String? { fields.first { $0.key == key }?.value }
  func all(_ key: String) -> [String] { fields.filter { $0.key == key }.map(\.value) }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let ownFolder = root.appending(path: "Vault/vectors/age")
  /// The published ones lie beside the project in some checkouts.
  static let publishedFolder = root.deletingLastPathComponent().appending(path: "shared/vectors/age")
  static var arePublishedPresent: Bool { FileManager.default.fileExists(atPath: publishedFolder.path) }

  static let own = vectors(in: ownFolder)
  static let published = vectors(in: publishedFolder)
  static let all = own + published

  static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  private static func vectors(in folder: URL) -> [VectorFile] {
    names(in: folder).compactMap { VectorFile(reading: folder.appending(path: $0)) }
  }

  init?(reading file: URL) {
    guard let data = try? Data(contentsOf: file) else { return nil }
    let separator = Data("\n\n".utf8)
    guard let end = data.range(of: separator) else { return nil }
    name = "\(file.lastPathComponent)"
    fields = String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: "\n").map { line in
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    var body = Data(data[end.upperBound...])
    if fields.contains(where: { $0.key == "compressed" }) {
      guard let inflated = try? Self.inflate(body) else { return nil }
      body = inflated
    }
    self.body = [UInt8](body)
  }

  private static func inflate(_ data: Data) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sys,zlib;sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))",
    ]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(data)
    try input.fileHandleForWriting.close()
    let result = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return result
  }
}

func secret(_ text: String) -> SecretBytes {
  let bytes = Array(text.utf8)
  return SecretBytes(count: bytes.count) { span in
    for index in bytes.indices { span[index] = bytes[index] }
  }
}
