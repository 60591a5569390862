@testable import DurableStore
import Foundation
import Glibc
import Streams
import Testing

/// What the system refuses, and what lies in folders that is neither file nor folder.
@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
  @Test func nameOfOneComponentHasNoSlash() throws {
    let bench = try Workbench()
    try bench.makeFolder("folder")
    try bench.write("content", to: "file")
    let expected = StoreError.unreadableName(path: bench.path("folder/new"))
    let directory = bench.directory
    #expect(throws: expected) { try directory.directory("folder/new", creating: true) }
    #expect(throws: expected) { try directory.directory("folder/new", makingNew: true) }
    #expect(throws: expected) { try directory.move("file", to: directory, as: "folder/new") }
    #expect(throws: expected) { try directory.replace("folder/new", in: directory, with: "file") }
    #expect(throws: expected) { try directory.removeDirectory("folder/new") }
    #expect(try bench.names() == ["file", "folder"])
  }

  @Test func folderThatIsGoneHasNoPath() throws {
    let bench = try Workbench()
    try bench.makeFolder("folder")
    let folder = try bench.directory.directory("folder")
    #expect(try folder.resolvedPath().hasSuffix("/folder"))
    try bench.directory.removeDirectory("folder")
    #expect(throws: StoreError.notFound(path: bench.path("folder"))) { try folder.resolvedPath() }
    #expect(throws: StoreError.notFound(path: bench.path("folder/new"))) { try folder.createFile("new") }
    #expect(try folder.entries().isEmpty)
  }

  @Test func syncingAFolderPassesOverWhatIsNoFile() throws {
    let bench = try Workbench()
    let quarantine = try Quarantine(for: bench.path("out"), nonce: "0123456789abcdef")
    let inside = ".out.partial-0123456789abcdef"
    try quarantine.createFile(["sub", "file"]).finishUnsynced()
    #expect(bench.makePipe("\(inside)/pipe"))
    #expect(bench.makeFile(named: Array("\(inside)/a".utf8) + [0xff]))
    try bench.link("\(inside)/link", to: "nowhere")
    try quarantine.syncFiles()
    try quarantine.publish()
    #expect(try bench.directory.directory("out").entries().map(\.kind) == [.file, .other, .other, .directory])
  }

  @Test func abandonedFolderGoesWithAllThatIsInItButNamesThatAreNoText() throws {
    let bench = try Workbench()
    let left = ".out.partial-\(String(repeating: "1a", count: 8))"
    for name in [left, ".out.partial-\(String(repeating: "1b", count: 8))"] {
      try bench.makeFolder("\(name)/sub")
      try bench.write("half", to: "\(name)/sub/file")
      #expect(bench.makePipe("\(name)/pipe"))
    }
    #expect(bench.makeFile(named: Array("\(left)/sub/a".utf8) + [0xff]))
    // A pipe and a link of such a name are nobody's output.
    let pipe = ".out.partial-\(String(repeating: "1c", count: 8))"
    #expect(bench.makePipe(pipe))
    try Quarantine(for: bench.path("out"), nonce: String(repeating: "2b", count: 8)).discard()
    let names = try bench.directory.entries().compactMap(\.name)
    #expect(names == [left, pipe])
    #expect(try bench.directory.directory("\(left)/sub").entries().map(\.name) == [nil])
  }

  @Test func placeBeyondAllFilesHasNoBytes() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    let file = try bench.directory.file("file")
    var bytes = [UInt8](repeating: 0, count: 4)
    var span = bytes.mutableSpan
    #expect(try file.read(at: .max, into: &span) == 0)
    #expect(try file.read(at: UInt64(Int64.max), into: &span) == 0)
    #expect(try file.read(at: 5, into: &span) == 2)
  }

  @Test func fileThatGrewIsReadToItsEndOrRefused() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    let (file, same) = (try bench.directory.file("file"), try bench.directory.file("file"))
    try bench.append(" and more", to: "file")
    #expect(try file.contents(limit: 16) == Array("content and more".utf8))
    #expect(throws: StoreError.tooLong(path: bench.path("file"))) { try same.contents(limit: 15) }
  }

  @Test func codesOfTheSystemHaveTheirMeaning() {
    let meanings: [(Int32, StoreError)] = [
      (ENOENT, .notFound(path: "p")), (EEXIST, .exists(path: "p")), (EACCES, .denied(path: "p")),
      (EPERM, .denied(path: "p")), (EROFS, .denied(path: "p")), (ELOOP, .symbolicLink(path: "p")),
      (EISDIR, .notAFile(path: "p")), (ENXIO, .notAFile(path: "p")), (ENOTDIR, .notADirectory(path: "p")),
      (ENOSPC, .full(path: "p")), (EDQUOT, .full(path: "p")), (EFBIG, .full(path: "p")),
      (EWOULDBLOCK, .busy(path: "p")), (EIO, .system(path: "p", code: EIO)),
    ]
    for (code, error) in meanings { #expect(StoreError(path: "p", code: code) == error && error.path == "p") }
    let passing = meanings.map(\.1).filter(\.isCircumstance).map { name(of: $0) }
    #expect(passing == ["denied", "denied", "denied", "full", "full", "full", "busy"])
    #expect([EMFILE, ENFILE, ENOMEM, ENOLCK].allSatisfy { StoreError.system(path: "p", code: $0).isCircumstance })
    #expect(StoreError.interrupted(path: "p").isCircumstance && !StoreError.changed(path: "p").isCircumstance)
  }
}
