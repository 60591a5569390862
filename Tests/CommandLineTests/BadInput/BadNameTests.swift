import Foundation
import Glibc
import TestFolders
import Testing

/// Names that no item can keep.
@Suite struct BadNameTests {
  private static let rawName: [UInt8] = [0x66, 0xff, 0xfe, 0x2e, 0x74, 0x78, 0x74]
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  /// Makes a file whose name is these bytes, and returns its path.
  private func makeFile(named name: [UInt8]) throws -> [UInt8] {
    try FileManager.default.createDirectory(atPath: desk["names"], withIntermediateDirectories: true)
    let path = Array(desk["names/"].utf8) + name
    let descriptor = unsafe open(path.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    return path
  }

  private func add(_ path: [UInt8]) throws -> Outcome {
    let rest = Desk.document + ["--passphrase-file", desk["passphrase"]]
    return try desk.start([Array("add".utf8), path] + rest.map { Array($0.utf8) }).wait()
  }

  @Test func aNameThatIsNotUTF8IsRefusedAsAnArgument() throws {
    let path = try makeFile(named: Self.rawName)
    try expectRefusal(64, at: desk) { try add(path) }
  }

  @Test func aNameThatIsNotUTF8IsRefusedInsideAFolder() throws {
    _ = try makeFile(named: Self.rawName)
    try expectRefusal(64, at: desk) { try add(Array(desk["names"].utf8)) }
  }

  @Test(arguments: ["line\nbreak.txt", "escape\u{1b}[2J.txt", "back\\slash.txt", "delete\u{7f}.txt", "next\u{85}line"])
  func aNameWithAControlCharacterIsRefusedAndShownEscaped(name: String) throws {
    let path = try makeFile(named: Array(name.utf8))
    try expectRefusal(64, at: desk) { try add(path) }
    try expectRefusal(64, at: desk) { try add(Array(desk["names"].utf8)) }
  }

  @Test func aNameThatChangesTheDirectionOfTextIsKeptAndShownEscaped() throws {
    let path = try makeFile(named: Array("photo\u{202e}gpj.exe".utf8))
    #expect(try add(path).status == 0)
    let shown = try desk.unlocked("show", "7").output
    #expect(shown.contains("photo\\u{202e}gpj.exe"))
    #expect(!shown.contains("\u{202e}"))
  }

  @Test func aTitleCannotMoveTheCursorOrTurnTheText() throws {
    let title = "red\u{1b}[31m turn\u{202e} break\nfeed"
    let path = desk["material/minutes.txt"]
    let added = try desk.unlocked(
      "add", path, "--kind", "document", "--title", title, "--set", "document.kind=note")
    #expect(added.status == 0, "\(added.errors)")
    for output in [try desk.unlocked("list").output, try desk.unlocked("show", "7").output] {
      #expect(output.contains("red\\u{1b}[31m turn\\u{202e} break\\u{a}feed"))
      #expect(!output.contains("\u{1b}"))
      #expect(!output.contains("\u{202e}"))
    }
  }

  @Test func whatIsTypedIsShownEscapedInErrors() throws {
    try expectRefusal(64, at: desk) { try desk.run("fro\u{1b}[31mb") }
    try expectRefusal(64, at: desk) { try desk.run("add", "--fro\u{1b}[31mb", "x") }
    try expectRefusal(10, at: desk) { try desk.run("list", "--vault", "no\u{1b}[31m\n\u{202e}vault") }
    try expectRefusal(1, at: desk) { try desk.unlocked("export", "0", "--to", "de\u{1b}sk", "--output", "x") }
  }
}
