import DurableStore
import Foundation
import Streams
import Testing

struct QuarantineTests {
  private static func fill(_ quarantine: Quarantine) throws {
    for components in [["a"], ["folder", "b"], ["folder", "deep", "c"]] {
      let file = try quarantine.createFile(components)
      try file.write(Array(components.joined().utf8))
      try file.finish()
    }
    try quarantine.folder(["empty"])
  }

  private static let content = ["a", "empty", "folder", "folder/b", "folder/deep", "folder/deep/c"]

  @Test func folderIsPublishedWhole() throws {
    let bench = try Workbench()
    let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
    try Self.fill(quarantine)
    #expect(!bench.directory.contains("result"), "not before it is whole")
    try quarantine.publish()
    #expect(try bench.names() == ["result"] + Self.content.map { "result/\($0)" })
    #expect(try bench.text(of: "result/folder/deep/c") == "folderdeepc")
    #expect(try bench.mode(of: "result") == 0o700)
    #expect(try bench.mode(of: "result/a") == 0o600)
    quarantine.discard()
    #expect(bench.directory.contains("result"), "what is published stays")
  }

  @Test func oneFolderInItCanBePublishedAlone() throws {
    let bench = try Workbench()
    let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
    try Self.fill(quarantine)
    try quarantine.publish(only: "folder")
    #expect(try bench.names() == ["result", "result/b", "result/deep", "result/deep/c"])
    quarantine.discard()
    #expect(bench.directory.contains("result"), "what is published stays")
  }

  @Test func folderThatIsDiscardedVanishes() throws {
    let bench = try Workbench()
    let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
    try Self.fill(quarantine)
    _ = try quarantine.createFile(["unfinished"])
    quarantine.discard()
    #expect(try bench.names().isEmpty)
    quarantine.discard()
  }

  @Test func folderVanishesWithItsOwner() throws {
    let bench = try Workbench()
    do {
      let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
      try Self.fill(quarantine)
      #expect(try bench.names().count == Self.content.count + 1)
    }
    #expect(try bench.names().isEmpty)
  }

  @Test func discardingDoesNotFollowLinks() throws {
    let bench = try Workbench()
    try bench.makeFolder("outside")
    try bench.write("content", to: "outside/file")
    let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
    try bench.link(".result.partial-n/link", to: "../outside")
    quarantine.discard()
    #expect(try bench.names() == ["outside", "outside/file"])
  }

  @Test func whatExistsIsRefused() throws {
    let bench = try Workbench()
    try bench.write("old", to: "file")
    try bench.makeFolder("folder")
    try bench.link("link", to: "nowhere")
    for name in ["file", "folder", "link"] {
      #expect(throws: StoreError.exists(path: bench.path(name))) {
        try Quarantine(for: bench.path(name), nonce: "n")
      }
    }
    #expect(refusal { _ = try Quarantine(for: bench.path("none/result"), nonce: "n") } == "notFound")
    #expect(try bench.names() == ["file", "folder", "link"])
  }

  @Test func whatAppearedMeanwhileIsNotReplaced() throws {
    let bench = try Workbench()
    do {
      let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
      try Self.fill(quarantine)
      try bench.write("theirs", to: "result")
      #expect(throws: StoreError.exists(path: bench.path("result"))) { try quarantine.publish() }
      #expect(try bench.text(of: "result") == "theirs")
    }
    #expect(try bench.names() == ["result"], "and the unpublished folder vanishes")
  }

  @Test func twoOfTheSameNonceAreRefused() throws {
    let bench = try Workbench()
    let first = try Quarantine(for: bench.path("result"), nonce: "n")
    #expect(refusal { _ = try Quarantine(for: bench.path("result"), nonce: "n") } == "exists")
    try Self.fill(first)
    try first.publish()
    #expect(try bench.text(of: "result/a") == "a")
  }

  @Test(arguments: [[], ["a", "a"], [".."], ["..", "x"], ["folder", "..", "..", "x"], ["/x"], [""], ["a\0b"]])
  func pathThatIsTakenOrLeadsOutIsRefused(components: [String]) throws {
    let bench = try Workbench()
    let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
    _ = try quarantine.createFile(["a"])
    #expect(refusal { _ = try quarantine.createFile(components) } != nil)
    quarantine.discard()
    #expect(try bench.names().isEmpty)
  }

  /// On a disk where letters count as the same in either case, another name is there already.
  @Test func nameThatTheDiskTakesForAnotherIsTold() throws {
    let bench = try Workbench()
    let quarantine = try Quarantine(for: bench.path("result"), nonce: "n")
    _ = try quarantine.createFile(["folder", "a"])
    #expect(throws: StoreError.unfitName(path: "folder/a")) { _ = try quarantine.createFile(["folder", "a"]) }
    quarantine.discard()
    #expect(try bench.names().isEmpty)
  }

  @Test(arguments: [
    ("a", ".", "a"), ("a/", ".", "a"), ("/a", "/", "a"), ("/a/b", "/a", "b"), ("a/b//", "a", "b"), ("./a", ".", "a"),
    ("/", "/", ""), ("", ".", ""),
  ])
  func pathIsSplitIntoFolderAndName(path: String, folder: String, name: String) {
    let parts = splitPath(path)
    #expect(parts.folder == folder)
    #expect(parts.name == name)
  }
}
