import DurableStore
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DirectoryTests {
  @Test func newDirectoryIsItsOwnersAloneAndIsNotMadeTwice() throws {
    let bench = try Workbench()
    _ = try Directory.create(bench.path("vault"))
    #expect(try bench.mode(of: "vault") == 0o700)
    #expect(throws: StoreError.exists(path: bench.path("vault"))) { try Directory.create(bench.path("vault")) }
    #expect(refusal { _ = try Directory.create(bench.path("none/vault")) } == "notFound")
  }

  @Test func directoryIsMadeOnlyWhenAsked() throws {
    let bench = try Workbench()
    #expect(throws: StoreError.notFound(path: bench.path("sub"))) { try bench.directory.directory("sub") }
    #expect(try bench.directory.directory("sub", creating: true).entries().isEmpty)
    #expect(try bench.directory.directory("sub", creating: true).path == bench.path("sub"))
    #expect(throws: StoreError.exists(path: bench.path("sub"))) {
      try bench.directory.directory("sub", makingNew: true)
    }
    #expect(try bench.directory.directory("new", makingNew: true).path == bench.path("new"))
    #expect(try bench.mode(of: "sub") == 0o700)
  }

  @Test func fileIsNoDirectory() throws {
    let bench = try Workbench()
    try bench.write("", to: "file")
    let expected = StoreError.notADirectory(path: bench.path("file"))
    #expect(throws: expected) { try bench.directory.directory("file") }
    #expect(throws: expected) { try bench.directory.directory("file", creating: true) }
    #expect(throws: expected) { try Directory(opening: bench.path("file")) }
    #expect(refusal { try bench.directory.removeDirectory("file") } == "notADirectory")
  }

  @Test func entriesAreSortedByBytesAndKnowTheirKind() throws {
    let bench = try Workbench()
    for name in ["b", "é", "a", "Z", ".hidden", "e\u{301}"] { try bench.write("", to: name) }
    try bench.makeFolder("folder")
    try bench.link("link", to: "a")
    #expect(bench.makePipe("pipe"))
    let entries = try bench.directory.entries()
    let names = [".hidden", "Z", "a", "b", "e\u{301}", "folder", "link", "pipe", "é"]
    #expect(entries.map { $0.name.map { Array($0.utf8) } } == names.map { Array($0.utf8) })
    let files = entries.filter { $0.kind == .file }.count
    #expect(files == 6)
    #expect(entries.filter { $0.kind == .directory }.map(\.name) == ["folder"])
    #expect(entries.filter { $0.kind == .other }.map(\.name) == ["link", "pipe"])
    #expect(try bench.directory.entries().count == 9, "a second look starts from the beginning")
  }

  @Test func nameThatIsNoTextIsListedWithoutAName() throws {
    let bench = try Workbench()
    #expect(bench.makeFile(named: [0x61, 0xff]))
    #expect(bench.makeFile(named: [0x61, 0xfe]))
    let entries = try bench.directory.entries()
    #expect(entries.map(\.name) == [nil, nil])
    #expect(entries.map(\.displayName) == ["a\u{fffd}", "a\u{fffd}"])
    #expect(entries.map(\.kind) == [.file, .file])
  }

  @Test func symbolicLinkIsNotFollowed() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    try bench.makeFolder("folder/sub")
    try bench.write("content", to: "folder/sub/file")
    try bench.link("to-file", to: "file")
    try bench.link("to-folder", to: "folder")
    try bench.link("folder/to-sub", to: "sub")
    let directory = bench.directory
    for name in ["to-file", "to-folder/sub/file", "folder/to-sub/file"] {
      #expect(throws: StoreError.symbolicLink(path: bench.path(name))) { try directory.file(name) }
      #expect(throws: StoreError.symbolicLink(path: bench.path(name))) {
        try directory.contents(of: name, limit: 100)
      }
    }
    #expect(try directory.contents(of: "folder/sub/file", limit: 100) == Array("content".utf8))
    for name in ["to-folder", "to-folder/sub", "folder/to-sub"] {
      let error = refusal { _ = try directory.directory(name) }
      #expect(error == "symbolicLink" || error == "notADirectory", "\(name)")
    }
    #expect(refusal { _ = try directory.directory("to-folder", creating: true) } != nil)
    #expect(throws: StoreError.symbolicLink(path: bench.path("to-folder/new"))) {
      try directory.createFile("to-folder/new")
    }
    #expect(try bench.names().contains("folder/new") == false)
  }

  @Test(arguments: ["..", "../file", "folder/../../file", "/etc/hostname"])
  func nothingOutsideTheDirectoryIsOpened(name: String) throws {
    let bench = try Workbench()
    try bench.write("outside", to: "file")
    let inside = try bench.directory.directory("inside", creating: true)
    try bench.makeFolder("inside/folder")
    #expect(refusal { _ = try inside.file(name) } != nil)
    #expect(refusal { _ = try inside.directory(name) } != nil)
    #expect(refusal { _ = try inside.createFile(name == ".." ? "../new" : "\(name)-new") } != nil)
    #expect(try bench.names() == ["file", "inside", "inside/folder"])
  }

  @Test(arguments: [".", "..", "./file", "folder/.", "folder/..", "folder/../file", "folder//file", "/file", "file/"])
  func nameHasOneSpelling(name: String) throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    try bench.makeFolder("folder")
    let expected = StoreError.unreadableName(path: bench.path(name))
    #expect(throws: expected) { try bench.directory.file(name) }
    #expect(throws: expected) { try bench.directory.directory(name) }
    #expect(throws: expected) { try bench.directory.createFile(name) }
    #expect(throws: expected) { try bench.directory.remove(name) }
    #expect(try bench.names() == ["file", "folder"])
  }

  @Test func removingALinkLeavesItsTarget() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    try bench.link("link", to: "file")
    #expect(bench.directory.contains("link"))
    try bench.directory.remove("link")
    #expect(!bench.directory.contains("link"))
    #expect(try bench.names() == ["file"])
  }

  @Test func danglingLinkIsThere() throws {
    let bench = try Workbench()
    try bench.link("link", to: "nowhere")
    #expect(bench.directory.contains("link"))
    #expect(!bench.directory.contains("nowhere"))
  }

  @Test func directoryThatIsNotEmptyIsNotRemoved() throws {
    let bench = try Workbench()
    try bench.makeFolder("folder")
    try bench.write("", to: "folder/file")
    #expect(refusal { try bench.directory.removeDirectory("folder") } == "exists")
    #expect(refusal { try bench.directory.remove("folder") } == "notAFile")
    try bench.directory.directory("folder").remove("file")
    try bench.directory.removeDirectory("folder")
    #expect(try bench.names().isEmpty)
    #expect(throws: StoreError.notFound(path: bench.path("folder"))) { try bench.directory.remove("folder") }
  }

  /// The kernel would see the part before the NUL, which is another name.
  @Test func nameWithANULIsRefusedEverywhere() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    try bench.makeFolder("folder")
    let directory = bench.directory
    let attempts: [(String, () throws -> Void)] = [
      ("file", { _ = try directory.file("file\0x") }),
      ("createFile", { _ = try directory.createFile("new\0x") }),
      ("directory", { _ = try directory.directory("folder\0x") }),
      ("directory creating", { _ = try directory.directory("new\0x", creating: true) }),
      ("directory makingNew", { _ = try directory.directory("new\0x", makingNew: true) }),
      ("move", { try directory.move("file\0x", to: directory, as: "moved") }),
      ("move as", { try directory.move("file", to: directory, as: "moved\0x") }),
      ("replace", { try directory.replace("moved\0x", in: directory, with: "file") }),
      ("replace with", { try directory.replace("moved", in: directory, with: "file\0x") }),
      ("remove", { try directory.remove("file\0x") }),
      ("removeDirectory", { try directory.removeDirectory("folder\0x") }),
      ("opening", { _ = try Directory(opening: bench.url.path + "\0x") }),
      ("create", { _ = try Directory.create(bench.path("new\0x")) }),
      ("FileSource", { _ = try FileSource(opening: bench.path("file\0x")) }),
      ("Quarantine", { _ = try Quarantine(for: bench.path("new\0x"), nonce: "n") }),
    ]
    for (what, attempt) in attempts {
      #expect(refusal(attempt) == "unreadableName", "\(what)")
      #expect(try bench.names() == ["file", "folder"], "\(what)")
    }
    #expect(!directory.contains("file\0x"))
    #expect(refusal { _ = try Directory(opening: "") } == "unreadableName")
  }
}

/// What is to be on disk, and cannot be brought there.
@Suite(.timeLimit(.minutes(1)))
struct SyncTests {
  @Test func filesAndTheirNamesAreSynced() throws {
    let bench = try Workbench()
    let names = (0..<20).map { "file \($0)" }
    for name in names { try bench.write("text", to: name) }
    try bench.directory.syncFiles(names)
    try bench.directory.syncFiles([])
  }

  @Test func oneOfManyThatCannotBeSyncedIsTold() throws {
    let bench = try Workbench()
    let names = (0..<200).map { "file \($0)" }
    for name in names { try bench.write("text", to: name) }
    for missing in ["file 0", "file 77", "file 199"] {
      try bench.directory.remove(missing)
      #expect(throws: StoreError.notFound(path: bench.path(missing))) { try bench.directory.syncFiles(names) }
      try bench.write("text", to: missing)
    }
  }

  @Test func allThatCannotBeSyncedAreToldOnceAndNeverTrap() throws {
    let bench = try Workbench()
    let names = (0..<500).map { "nothing of this name \($0)" }
    for _ in 0..<20 {
      #expect(throws: StoreError.notFound(path: bench.path(names[0]))) { try bench.directory.syncFiles(names) }
    }
  }
}
