import Age
import Foundation
import Primitives
import Streams
import Testing

/// The `age` programs of the system, in a directory that goes when its owner does.
final class StockAge {
  static let isPresent = ["age", "age-keygen"].allSatisfy(isOnPath)

  static func isOnPath(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "AgeTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: url.appending(path: name)) }

  func contents(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appending(path: name))) }

  /// Runs a program in the directory; returns its output, or `nil` if it fails.
  func run(_ arguments: String...) throws -> String? { try run(arguments) }

  func run(_ arguments: [String]) throws -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = url
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}

@Suite(.enabled(if: StockAge.isPresent, "age and age-keygen are not on PATH"))
struct StockAgeTests {
  private static let sizes = [0, 1, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 1]

  @Test(arguments: sizes, [true, false])
  func stockAgeOpensWhatIsSealed(byteCount: Int, isArmored: Bool) throws {
    let age = try StockAge()
    let sealed = try Lock.x25519.seal(plaintext(byteCount), options: SealingOptions(isArmored: isArmored))
    try age.write(Array(revealed(Lock.x25519Identity.encoded()).utf8), to: "key.txt")
    try age.write(sealed, to: "sealed.age")
    #expect(try age.run("age", "-d", "-i", "key.txt", "-o", "opened", "sealed.age") != nil)
    // age 1.1.1 makes no file of no bytes.
    let opened = byteCount == 0 ? [] : try age.contents(of: "opened")
    #expect(opened == plaintext(byteCount))
  }

  @Test(arguments: sizes, [true, false])
  func whatStockAgeSealsOpens(byteCount: Int, isArmored: Bool) throws {
    let age = try StockAge()
    try age.write(plaintext(byteCount), to: "plain")
    let recipient = Lock.x25519Identity.recipient.description
    let form = isArmored ? ["-a"] : []
    let isSealed = try age.run(["age"] + form + ["-r", recipient, "-o", "sealed.age", "plain"]) != nil
    #expect(isSealed)
    #expect(try Lock.x25519.open(try age.contents(of: "sealed.age")) == plaintext(byteCount))
  }

  @Test func everyOneOfManyRecipientsIsKnownToStockAge() throws {
    let age = try StockAge()
    let identities = (0..<5).map { _ in Identity(generating: .x25519) }
    let sink = MemorySink()
    try Sealing.seal(from: MemorySource(plaintext(100)), to: sink, for: identities.map(\.recipient))
    try age.write(sink.bytes, to: "sealed.age")
    for (index, identity) in identities.enumerated() {
      try age.write(Array(revealed(identity.encoded()).utf8), to: "key.txt")
      _ = try #require(try age.run("age", "-d", "-i", "key.txt", "-o", "opened\(index)", "sealed.age"))
      #expect(try age.contents(of: "opened\(index)") == plaintext(100), "recipient \(index)")
    }
  }

  @Test func keyFileOfStockAgeIsReadAndHasTheSameRecipient() throws {
    let age = try StockAge()
    #expect(try age.run("age-keygen", "-o", "key.txt") != nil)
    let text = String(decoding: try age.contents(of: "key.txt"), as: UTF8.self)
    let identity = try #require(try KeyFile.identities(in: secret(text)).first)
    #expect(try age.run("age-keygen", "-y", "key.txt") == "\(identity.recipient)\n")
    #expect(text.contains("# public key: \(identity.recipient)\n"))
  }

  @Test func recipientOfAKeyOfOursIsTheOneThatStockAgeFinds() throws {
    let age = try StockAge()
    let identity = Identity(generating: .x25519)
    try age.write(Array(revealed(identity.encoded()).utf8), to: "key.txt")
    #expect(try age.run("age-keygen", "-y", "key.txt") == "\(identity.recipient)\n")
  }
}
