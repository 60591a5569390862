import Foundation
import Primitives
import TestFolders
import Testing

/// Our own age vectors and the public ones, through a pipe and the program.
struct AgeVectorTests {
  @Test(arguments: Vector.all)
  func vectorThroughAPipeHasItsStatusAndItsPlaintext(vector: Vector) throws {
    let desk = try Desk()
    var words = ["unseal"]
    if let passphrase = vector.all("passphrase").first {
      words += ["--passphrase-file", try desk.folder.write("\(passphrase)\n".utf8, to: "vector-passphrase")]
    } else if !vector.all("identity").isEmpty {
      let lines = vector.all("identity").joined(separator: "\n")
      words += ["--identity", try desk.folder.write("\(lines)\n".utf8, to: "vector-identities")]
    }
    let body = try desk.folder.write(vector.body, to: "vector.age")
    // The status of the program, not that of the others; of what it puts out, the digest.
    let script = #"cat "$0" | "$@" | sha256sum; exit "${PIPESTATUS[1]}""#
    let command = ["-c", script, body, Program.path] + words
    let outcome = try desk.start(command.map { Array($0.utf8) }, program: "/bin/bash").wait()
    let status = try #require(outcome.status)
    #expect(vector.statuses.contains(status), "\(status): \(outcome.errors)")
    let payload = vector.all("payload").first ?? SHA256Hasher.digest(of: []).hex
    #expect(outcome.output.hasPrefix(payload), "what was put out")
  }

  /// As much of a vector as the program needs.
  struct Vector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fields: [(key: String, value: String)]
    let body: [UInt8]

    func all(_ key: String) -> [String] { fields.filter { $0.key == key }.map(\.value) }

    /// The statuses that fit what is expected, as the manual tells them.
    var statuses: [Int32] {
      switch all("expect").first {
      case "success": [0]
      case "no match": [12]
      // Other versions, and too much work, are failures and no findings.
      case "header failure": [20, 1]
      default: [20]
      }
    }

    /// Left out: those that are compressed, with several passphrases, or for which a person would be asked.
    static let all: [Vector] = {
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let folders = ["Vault/vectors/age", "../shared/vectors/age"].map { root.appending(path: $0) }
      return folders.flatMap { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
          .compactMap { Vector(folder.appending(path: $0)) }
      }
    }()

    private init?(_ file: URL) {
      guard let data = try? Data(contentsOf: file), let end = data.firstRange(of: Data("\n\n".utf8)) else { return nil }
      testDescription = file.lastPathComponent
      body = [UInt8](data[end.upperBound...])
      fields = String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: "\n").map { line in
        let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        return (parts[0], parts.count > 1 ? parts[1] : "")
      }
      guard all("compressed").isEmpty, all("passphrase").count <= 1 else { return nil }
      let asksAPerson = all("passphrase").isEmpty && body.firstRange(of: Data("\n-> scrypt ".utf8)) != nil
      guard !asksAPerson, !(all("passphrase") + all("identity")).isEmpty else { return nil }
    }
  }
}
