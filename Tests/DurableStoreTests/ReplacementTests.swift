import DurableStore
import Foundation
import Streams
import Testing

struct ReplacementTests {
  private let nonce = "0123456789abcdef"

  @Test func aFileWithoutANameIsOverwrittenAndOneWithANameIsLeft() throws {
    let bench = try Workbench()
    try bench.write("a secret", to: "file")
    // As evidence and key files are: for nobody to write.
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: bench.path("file"))
    let file = try FileSource(opening: bench.path("file"))
    #expect(file.overwriteOnceNameless() == .hasOtherName)
    #expect(try bench.text(of: "file") == "a secret")
    try bench.directory.remove("file")
    #expect(file.overwriteOnceNameless() == .done)
    #expect(try file.contents(limit: 100) == [UInt8](repeating: 0, count: 8))
  }

  @Test func aReplacementTakesThePlaceOrLeavesNothing() throws {
    let bench = try Workbench()
    try bench.write("old", to: "file")
    do {
      let file = try ReplacementFile(for: bench.path("file"), nonce: nonce)
      try file.write(Array("new".utf8))
    }
    #expect(try bench.names() == ["file"])
    #expect(try bench.text(of: "file") == "old")
    let file = try ReplacementFile(for: bench.path("file"), nonce: nonce)
    try file.write(Array("new".utf8))
    try file.finish()
    try file.publish()
    #expect(try bench.names() == ["file"])
    #expect(try bench.text(of: "file") == "new")
    #expect(try file.old.contents(limit: 100) == Array("old".utf8))
    #expect(throws: StoreError.self) { try ReplacementFile(for: bench.path("none"), nonce: nonce) }
    try bench.link("link", to: "file")
    #expect(throws: StoreError.self) { try ReplacementFile(for: bench.path("link"), nonce: nonce) }
  }
}
