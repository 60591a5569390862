@testable import EvidenceVault
import Primitives
import StrictJSON
import Tar
import Testing

/// What a record says of a file, whoever wrote the record.
@Suite struct FileRecordTests {
  private let sound: JSONObject = [
    "bytes": 3, "media_type": "text/plain", "sha256": .string(SHA256Hasher.digest(of: [1]).hex), "path": "a/b.txt",
    "modified": "2026-11-23T15:48:12Z",
  ]

  private func read(_ changes: (String, JSON?)...) -> FileRecord? {
    var json = sound
    for (name, value) in changes { json[name] = value }
    return FileRecord(.object(json))
  }

  @Test func pathAndTimeMayBeWithheld() {
    #expect(read()?.path?.text == "a/b.txt" && read()?.modified == "2026-11-23T15:48:12Z")
    let closed = read(("path", nil), ("modified", nil))
    #expect(closed?.byteCount == 3 && closed?.path == nil && closed?.modified == nil)
  }

  @Test func whatIsNoPathIsRefused() {
    for path: JSON in ["", "/a", "../a", "a/../b", "a//b", "a\\b", "a\n", ".", 1, .null, ["a"]] {
      #expect(read(("path", path)) == nil, "\(path)")
    }
  }

  /// A time of another type is not the same as none.
  @Test func whatIsNoTimeIsRefused() {
    let long = String(repeating: "1", count: 128)
    for time: JSON in ["2026 11", "2026\n", "\u{202e}", .string(long), 1, .null, true, [:]] {
      #expect(read(("modified", time)) == nil, "\(time)")
    }
    #expect(read(("modified", .string(String(long.dropLast())))) != nil)
  }

  @Test func sizeDigestAndTypeAreThereAndOfTheirKind() {
    let wrong: [(String, [JSON?])] = [
      ("bytes", [nil, -1, "3", .null]), ("sha256", [nil, "", "00", 1]),
      ("media_type", [nil, 1, "text plain", "text/plain\n", "т/п"]),
    ]
    for (name, values) in wrong {
      for value in values { #expect(read((name, value)) == nil, "\(name)") }
    }
    for other: JSON in [[], "a", .null] { #expect(FileRecord(other) == nil) }
  }
}
