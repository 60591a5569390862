import DurableStore
import Foundation
import Streams
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FileTests {
  @Test func finishedFileHasItsBytesAndItsMode() throws {
    let bench = try Workbench()
    let file = try bench.directory.createFile("new")
    try file.write(Array("one ".utf8))
    try file.write([])
    try file.write(Array("two".utf8))
    #expect(try bench.mode(of: "new") == 0o600, "before it is finished")
    try file.finish()
    #expect(try bench.mode(of: "new") == 0o400)
    #expect(try bench.text(of: "new") == "one two")
    try bench.directory.createFile("other", finalMode: 0o600).finish()
    #expect(try bench.mode(of: "other") == 0o600)
  }

  @Test func createFileRefusesWhatExists() throws {
    let bench = try Workbench()
    try bench.write("old", to: "file")
    try bench.makeFolder("folder")
    try bench.link("link", to: "nowhere")
    for name in ["file", "folder", "link"] {
      #expect(throws: StoreError.exists(path: bench.path(name))) { try bench.directory.createFile(name) }
    }
    #expect(try bench.text(of: "file") == "old")
    #expect(try bench.names() == ["file", "folder", "link"])
  }

  @Test func moveGivesAFileItsPlace() throws {
    let bench = try Workbench()
    try bench.write("content", to: "incoming")
    let folder = try bench.directory.directory("objects", creating: true)
    try bench.directory.move("incoming", to: folder, as: "object")
    #expect(try bench.names() == ["objects", "objects/object"])
    #expect(try bench.text(of: "objects/object") == "content")
  }

  @Test func moveNeverReplaces() throws {
    let bench = try Workbench()
    try bench.write("new", to: "incoming")
    try bench.write("old", to: "object")
    try bench.makeFolder("empty")
    try bench.link("link", to: "object")
    for name in ["object", "empty", "link"] {
      #expect(throws: StoreError.exists(path: bench.path(name))) {
        try bench.directory.move("incoming", to: bench.directory, as: name)
      }
    }
    #expect(try bench.text(of: "incoming") == "new")
    #expect(try bench.text(of: "object") == "old")
    #expect(refusal { try bench.directory.move("missing", to: bench.directory, as: "x") } == "notFound")
  }

  @Test func replaceTakesTheOldPlaceInOneStep() throws {
    let bench = try Workbench()
    try bench.write("old", to: "state")
    try bench.write("new", to: "incoming")
    let before = try bench.directory.file("state")
    try bench.directory.replace("state", in: bench.directory, with: "incoming")
    #expect(try bench.text(of: "state") == "new")
    #expect(try bench.names() == ["state"])
    #expect(try before.readAll(limit: 10) == Array("old".utf8), "whoever had it open reads the old one")
  }

  @Test func fileIsReadFromItsStartWithItsSize() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    let file = try bench.directory.file("file")
    #expect(file.byteCount == 7)
    #expect(file.modified > 1_700_000_000)
    #expect(file.path == bench.path("file"))
    #expect(try file.readAll(limit: 7) == Array("content".utf8))
    #expect(try bench.directory.contents(of: "file", limit: 7) == Array("content".utf8))
    #expect(throws: StoreError.tooLong(path: bench.path("file"))) {
      try bench.directory.contents(of: "file", limit: 6)
    }
    #expect(throws: StoreError.notFound(path: bench.path("none"))) { try bench.directory.file("none") }
  }

  @Test func whatIsNoRegularFileIsRefusedWithoutWaiting() throws {
    let bench = try Workbench()
    try bench.makeFolder("folder")
    #expect(bench.makePipe("pipe"))
    for name in ["folder", "pipe"] {
      let path = bench.path(name)
      #expect(throws: StoreError.notAFile(path: path)) { try bench.directory.file(name) }
      #expect(throws: StoreError.notAFile(path: path)) { try FileSource(opening: path) }
    }
    #expect(throws: StoreError.notAFile(path: "/dev/null")) { try FileSource(opening: "/dev/null") }
  }

  @Test func unchangedFileIsUnchanged() throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    let file = try bench.directory.file("file")
    try file.requireUnchanged()
    #expect(try file.readAll(limit: 7) == Array("content".utf8))
    try file.requireUnchanged()
  }

  enum Change: CaseIterable {
    case append, truncate, rewrite, rewriteUnderTheOldTime, mode
  }

  @Test(arguments: Change.allCases)
  func changeWhileReadingIsFound(change: Change) throws {
    let bench = try Workbench()
    try bench.write("content", to: "file")
    let file = try bench.directory.file("file")
    let handle = try FileHandle(forWritingTo: bench.url.appending(path: "file"))
    defer { try? handle.close() }
    // File systems count time in steps of some milliseconds.
    Thread.sleep(forTimeInterval: 0.05)
    switch change {
    case .append: try bench.append("!", to: "file")
    case .truncate: try handle.truncate(atOffset: 6)
    case .rewrite: try handle.write(contentsOf: Data("CONTENT".utf8))
    case .rewriteUnderTheOldTime:
      try handle.write(contentsOf: Data("CONTENT".utf8))
      let old = Date(timeIntervalSince1970: TimeInterval(file.modified))
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: bench.path("file"))
    case .mode: try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: bench.path("file"))
    }
    #expect(throws: StoreError.changed(path: bench.path("file"))) { try file.requireUnchanged() }
  }

  @Test func descriptorStreamReadsAndWritesAndLeavesItsDescriptorOpen() throws {
    let pipe = Pipe()
    let input = DescriptorStream(pipe.fileHandleForReading.fileDescriptor, name: "in")
    let output = DescriptorStream(pipe.fileHandleForWriting.fileDescriptor, name: "out")
    try output.write([1, 2, 3])
    try pipe.fileHandleForWriting.close()
    #expect(try input.readAll(limit: 3) == [1, 2, 3])
    #expect(refusal { try DescriptorStream(-1, name: "none").write([1]) } == "system")
  }

  @Test func fullDiskIsFull() throws {
    let full = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
    let stream = DescriptorStream(full.fileDescriptor, name: "full")
    #expect(throws: StoreError.full(path: "full")) { try stream.write([1]) }
  }
}

/// Pipes, devices, and descriptors that a process is started with.
@Suite(.timeLimit(.minutes(1)))
struct DescriptorStreamTests {
  @Test func aPipeThatSomebodyMadeNotWaitIsWaitedFor() throws {
    let pipe = Pipe()
    let (reader, writer) = (pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor)
    for number in [reader, writer] { #expect(fcntl(number, F_SETFL, O_NONBLOCK) == 0) }
    let bytes = (0..<4 << 20).map { UInt8(truncatingIfNeeded: $0) }
    let giving = Thread {
      // Whoever reads finds nothing at first, and whoever writes finds the pipe full.
      usleep(100_000)
      try? DescriptorStream(writer, name: "out").write(bytes)
      try? pipe.fileHandleForWriting.close()
    }
    giving.start()
    #expect(try DescriptorStream(reader, name: "in").readAll(limit: 8 << 20) == bytes)
  }

  @Test func aDeviceIsReadAndWrittenAndAFolderIsNot() throws {
    let bench = try Workbench()
    #expect(try DescriptorStream(reading: "/dev/null").readAll(limit: 1).isEmpty)
    try DescriptorStream(writing: "/dev/null").write([1, 2])
    #expect(throws: StoreError.full(path: "/dev/full")) { try DescriptorStream(writing: "/dev/full").write([1]) }
    #expect(throws: StoreError.notAFile(path: bench.url.path)) { try DescriptorStream(reading: bench.url.path) }
    #expect(throws: StoreError.notAFile(path: bench.url.path)) { try DescriptorStream(writing: bench.url.path) }
    #expect(throws: StoreError.notFound(path: bench.path("none"))) { try DescriptorStream(writing: bench.path("none")) }
    #expect(throws: StoreError.unreadableName(path: "")) { try DescriptorStream(reading: "") }
  }

  @Test func aDescriptorIsMeantByItsName() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data([1, 2]))
    try pipe.fileHandleForWriting.close()
    let number = pipe.fileHandleForReading.fileDescriptor
    #expect(try DescriptorStream(reading: "/dev/fd/\(number)").readAll(limit: 2) == [1, 2])
    for name in ["/dev/fd/-1", "/dev/fd/x", "/dev/fd/99999999999"] {
      #expect(throws: StoreError.notFound(path: name)) { try DescriptorStream(reading: name) }
    }
    let closed = try DescriptorStream(reading: "/dev/fd/2147483647")
    #expect(throws: StoreError.system(path: "/dev/fd/2147483647", code: EBADF)) { try closed.readAll(limit: 1) }
  }

  @Test func theStandardStreamsHaveTheirNames() throws {
    // Nothing is read or written: the streams of the program that runs the tests stay as they are.
    for name in ["/dev/stdin", "/dev/stdout"] { _ = try DescriptorStream(reading: name) }
  }
}
