@testable import DurableStore
import Testing

/// Outputs that a dead process left behind go; what only looks alike stays.
@Suite struct TemporaryNameTests {
  private let nonce = String(repeating: "0f", count: 8)

  @Test func whatADeadProcessLeftIsRemovedByTheNextOne() throws {
    let bench = try Workbench()
    try bench.makeFolder(".out.partial-\(nonce)/sub")
    try bench.write("half", to: ".out.partial-\(nonce)/sub/file")
    try bench.write("half", to: ".out.partial-\(String(repeating: "1a", count: 8))")
    let quarantine = try Quarantine(for: bench.path("out"), nonce: String(repeating: "2b", count: 8))
    #expect(try bench.names() == [".out.partial-\(String(repeating: "2b", count: 8))"])
    quarantine.discard()
  }

  @Test func foldersThatOnlyLookAlikeStay() throws {
    let bench = try Workbench()
    let names = [
      ".out.partial-draft", ".out.partial-\(nonce)0", ".out.partial-\(nonce.uppercased())", ".other.partial-\(nonce)",
    ]
    for name in names {
      try bench.makeFolder(name)
      try bench.write("precious", to: "\(name)/notes")
    }
    try Quarantine(for: bench.path("out"), nonce: nonce).discard()
    for name in names { #expect(try bench.directory.contents(of: "\(name)/notes", limit: 100).count == 8, "\(name)") }
  }

  @Test func whatALivingProcessBuildsStays() throws {
    let bench = try Workbench()
    let first = try Quarantine(for: bench.path("out"), nonce: nonce)
    try first.createFile(["file"]).finish()
    let second = try OutputFile(for: bench.path("out"), nonce: String(repeating: "1a", count: 8))
    #expect(first.root.contains("file"))
    withExtendedLifetime(second) {}
    try first.publish()
    #expect(bench.directory.contains("out"))
  }
}
