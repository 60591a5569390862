import Foundation
import Glibc
import TestFolders
import Testing

/// Files that cannot be added as they are.
@Suite struct BadFileTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func add(_ paths: String...) throws -> Outcome {
    try desk.unlocked(["add"] + paths + Desk.document)
  }

  @Test func aMissingFileIsRefused() throws {
    try expectRefusal(1, at: desk) { try add(desk["missing"]) }
    try expectRefusal(1, at: desk) { try add(desk["material/minutes.txt"], desk["missing"]) }
  }

  /// Root reads everything, so the program is started without that privilege.
  @Test(.enabled(if: getuid() != 0 || FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
  func anUnreadableFileIsRefused() throws {
    let path = try desk.folder.write([1], to: "closed.txt")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    try expectRefusal(1, at: desk) {
      guard getuid() == 0 else { return try add(path) }
      let words =
        ["--bounding-set=-dac_override,-dac_read_search", Program.path, "add", path, "--passphrase-file"]
        + [desk["passphrase"]] + Desk.document
      return try desk.start(words.map { Array($0.utf8) }, program: "/usr/bin/setpriv").wait()
    }
  }

  @Test func aFolderThatContainsItselfByALinkIsRefused() throws {
    try desk.folder.write([1], to: "loop/file.txt")
    try FileManager.default.createSymbolicLink(atPath: desk["loop/again"], withDestinationPath: "../loop")
    try expectRefusal(1, at: desk) { try add(desk["loop"]) }
    try FileManager.default.createSymbolicLink(atPath: desk["ring"], withDestinationPath: "ring")
    try expectRefusal(1, at: desk) { try add(desk["ring"]) }
  }

  @Test func aLinkInsideAFolderIsNotFollowed() throws {
    try FileManager.default.createDirectory(atPath: desk["links"], withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: desk["links/out"], withDestinationPath: desk["passphrase"])
    try expectRefusal(1, at: desk) { try add(desk["links"]) }
  }

  @Test func aSocketIsRefused() throws {
    let parent = desk["sockets"]
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try makeSocket(at: "\(parent)/s")
    try expectRefusal(1, at: desk) { try add("\(parent)/s") }
    try expectRefusal(1, at: desk) { try add(parent) }
  }

  @Test func aPipeIsRefusedAtOnce() throws {
    try FileManager.default.createDirectory(atPath: desk["pipes"], withIntermediateDirectories: true)
    let code = unsafe mkfifo(desk["pipes/p"], 0o600)
    try #require(code == 0)
    try expectRefusal(1, at: desk) { try add(desk["pipes/p"]) }
    try expectRefusal(1, at: desk) { try add(desk["pipes"]) }
  }

  @Test(arguments: ["/dev/null", "/dev/zero"]) func aDeviceIsRefused(path: String) throws {
    try expectRefusal(1, at: desk) { try add(path) }
  }

  @Test(arguments: ["grows", "shrinks", "is written over"])
  func aFileThatChangesWhileItIsReadIsRefused(how: String) throws {
    let path = try desk.folder.write([], to: "changing.bin")
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    var byteCount: UInt64 = 32 << 20
    try file.truncate(atOffset: byteCount)
    try expectRefusal(1, at: desk) {
      let words = ["add", path, "--passphrase-file", desk["passphrase"]] + Desk.document
      return try desk.start(words.map { Array($0.utf8) }).wait {
        switch how {
        case "grows": try file.seekToEnd()
        case "shrinks":
          byteCount -= 1
          return try file.truncate(atOffset: byteCount)
        default: try file.seek(toOffset: 0)
        }
        try file.write(contentsOf: Data([1]))
      }
    }
  }

  @Test func anEmptyFileIsKept() throws {
    let added = try add(try desk.folder.write([], to: "empty.txt"))
    #expect(added.status == 0, "\(added.errors)")
    try desk.unlocked("get", "7", "--output", desk["out"])
    #expect(try Tree(of: desk["out"])["empty.txt"] == [])
  }

  @Test func nothingToAddIsAMistake() throws {
    try FileManager.default.createDirectory(atPath: desk["empty/inner"], withIntermediateDirectories: true)
    try expectRefusal(64, at: desk) { try add() }
    try expectRefusal(64, at: desk) { try add(desk["empty"]) }
  }

  @Test func twoFilesOfOneNameAreRefused() throws {
    let other = try desk.folder.write([1], to: "elsewhere/minutes.txt")
    try expectRefusal(64, at: desk) { try add(desk["material/minutes.txt"], other) }
  }

  @Test func standardInputNeedsAName() throws {
    try expectRefusal(64, at: desk) { try desk.unlocked(["add", "-"] + Desk.document, input: [1]) }
    try expectRefusal(64, at: desk) { try desk.unlocked(["add", "-", "--name", "a/../b"] + Desk.document, input: [1]) }
    try expectRefusal(64, at: desk) {
      try desk.unlocked(
        ["add", "-", desk["material/minutes.txt"], "--name", "minutes.txt"] + Desk.document, input: [1])
    }
  }

  private func makeSocket(at path: String) throws {
    let name = Array(path.utf8)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    try #require(name.count < capacity, "the temporary folder has too long a path for a socket")
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let code = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, length) }
    }
    try #require(code == 0)
  }
}
