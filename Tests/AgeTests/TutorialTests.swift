import Age
import Foundation
import Primitives
import Streams
import Testing

/// The code of the tutorial, as it stands there.
struct TutorialTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "tutorial-\(UUID().uuidString)")
  private let identity = Identity(generating: .x25519)

  /// A file in a folder that lasts as long as `body`.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func keys() throws {
    let identity = Identity(generating: .x25519)
    print(identity.recipient)
    let line = identity.recipient.description
    let recipient = try Recipient(line)
    #expect(recipient == identity.recipient)
  }

  @Test func inMemory() throws {
    let sealed = try Sealing.seal(Array("what was said".utf8), for: [identity.recipient])
    let opened = try SealedFile(sealed).open(with: [identity])
    print(String(decoding: opened, as: UTF8.self))
    #expect(opened == Array("what was said".utf8))
  }

  @Test func passphrases() throws {
    try withFolder { folder in
      let file = folder.appending(path: "passphrase")
      try Data("correct horse battery staple\r\nanother line".utf8).write(to: file)
      let input = try FileHandle(forReadingFrom: file)
      let text = try SecretBytes(reading: FileHandleSource(input), limit: 4096)
      guard let passphrase = Passphrase(firstLineOf: text) else { throw CocoaError(.formatting) }
      let sealed = try Sealing.seal(Array("what was said".utf8), with: passphrase)
      let opened = try SealedFile(sealed).open(with: passphrase)
      #expect(opened == Array("what was said".utf8))
      #expect(revealed(passphrase.bytes) == "correct horse battery staple")
    }
  }

  @Test(arguments: [0, 1, 65_536, 300_000]) func files(byteCount: Int) throws {
    try withFolder { folder in
      let plain = folder.appending(path: "plain")
      try Data(plaintext(byteCount)).write(to: plain)
      let sealed = folder.appending(path: "sealed.age")
      try seal(plain, to: sealed, for: identity.recipient)
      let opened = folder.appending(path: "opened")
      try open(sealed, to: opened, unfinished: folder.appending(path: "unfinished"))
      #expect(try Data(contentsOf: opened) == Data(contentsOf: plain))
    }
  }

  private func seal(_ plain: URL, to sealed: URL, for recipient: Recipient) throws {
    let source = try FileHandle(forReadingFrom: plain)
    try Data().write(to: sealed)
    let sink = try FileHandle(forWritingTo: sealed)
    try Sealing.seal(from: FileHandleSource(source), to: FileHandleSink(sink), for: [recipient])
    try sink.close()
  }

  private func open(_ sealed: URL, to opened: URL, unfinished: URL) throws {
    let source = try FileHandle(forReadingFrom: sealed)
    try Data().write(to: unfinished)
    let sink = try FileHandle(forWritingTo: unfinished)
    try SealedFile(reading: FileHandleSource(source)).open(with: [identity], to: FileHandleSink(sink))
    try sink.close()
    try FileManager.default.moveItem(at: unfinished, to: opened)
  }

  @Test func keyFiles() throws {
    try withFolder { folder in
      let keyFile = folder.appending(path: "key.age")
      try write(identity, to: keyFile, with: phrase("a pass phrase"))
      #expect(try read(keyFile).map(\.recipient) == [identity.recipient])
      let recipient = Lock.hybridIdentity.recipient
      try Data(revealed(Lock.hybridIdentity.encoded()).utf8).write(to: keyFile)
      #expect(try read(keyFile).map(\.recipient) == [recipient])
    }
  }

  private func write(_ identity: Identity, to keyFile: URL, with passphrase: consuming Passphrase) throws {
    let mode = [FileAttributeKey.posixPermissions: 0o600]
    guard FileManager.default.createFile(atPath: keyFile.path, contents: nil, attributes: mode) else {
      throw CocoaError(.fileWriteUnknown)
    }
    let sink = try FileHandle(forWritingTo: keyFile)
    try Sealing.seal(identity.encoded(), to: FileHandleSink(sink), with: passphrase)
    try sink.close()
  }

  private func read(_ keyFile: URL) throws -> [Identity] {
    func askForPassphrase() throws -> Passphrase { try phrase("a pass phrase") }
    let source = try FileHandle(forReadingFrom: keyFile)
    let identities = try KeyFile.identities(reading: FileHandleSource(source)) { try askForPassphrase() }
    return identities
  }

  @Test func parts() throws {
    let sealed = try Sealing.seal(plaintext(1_200_000), for: [identity.recipient])
    let file = try RandomAccessFile(MemorySource(sealed), with: [identity])
    let sink = MemorySink()
    try file.copy(1_000_000..<1_000_100, to: sink)
    #expect(sink.bytes == Array(plaintext(1_200_000)[1_000_000..<1_000_100]))
  }

  @Test func errors() throws {
    let sealed = try Sealing.seal(plaintext(70_000), for: [identity.recipient])
    #expect(try told(sealed, Identity(generating: .x25519)) == nil)
    #expect(try told(sealed.dropLast(), identity) == nil)
    #expect(try told([], identity) == nil)
    #expect(try told(sealed, identity) == plaintext(70_000))
  }

  private func told(_ sealed: [UInt8], _ identity: Identity) throws -> [UInt8]? {
    do {
      return try SealedFile(sealed).open(with: [identity])
    } catch AgeError.noMatch {
      print("this was sealed to somebody else")
    } catch AgeError.payload(let chunkIndex) {
      print("this was changed or cut after \(chunkIndex * 65_536) bytes")
    } catch let error as AgeError {
      print("this is not a sound age file: \(error)")
    }
    return nil
  }

  /// Whoever copies from the tutorial gets what is compiled and run here.
  @Test func theTutorialIsThisCode() throws {
    let here = URL(filePath: #filePath)
    let article = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Age/Age.docc/SealingAndOpening.md")
    let code = unindented(try String(contentsOf: here, encoding: .utf8))
    let blocks = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```swift\n").dropFirst()
      .map { unindented($0.components(separatedBy: "```")[0]) }
    #expect(blocks.count >= 10)
    for block in blocks { #expect(code.contains(block), "\(block)") }
  }

  private func unindented(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
  }
}

final class FileHandleSource: ByteSource {
  private let handle: FileHandle

  init(_ handle: FileHandle) { self.handle = handle }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    let data = try handle.read(upToCount: buffer.count) ?? Data()
    for (index, byte) in data.enumerated() { buffer[index] = byte }
    return data.count
  }
}

final class FileHandleSink: ByteSink {
  private let handle: FileHandle

  init(_ handle: FileHandle) { self.handle = handle }

  func write(_ bytes: Span<UInt8>) throws {
    var data = Data(capacity: bytes.count)
    for index in bytes.indices { data.append(bytes[index]) }
    try handle.write(contentsOf: data)
  }
}
