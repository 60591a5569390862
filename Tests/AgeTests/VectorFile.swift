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

  /// Our own vectors, and those that lie beside the project in some checkouts.
  private static let folders: [URL] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return [
      root.appending(path: "Vault/vectors/age"), root.deletingLastPathComponent().appending(path: "shared/vectors/age"),
    ]
  }()

  /// All vectors of both folders, each sorted by name.
  static let all: [VectorFile] = folders.flatMap { folder in
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { VectorFile(reading: folder.appending(path: $0)) }
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
