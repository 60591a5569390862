import Foundation
import Primitives
import SSHSignature
import TestFolders
import Testing

@Suite struct SSHSignatureTests {
  static let message = Array("what is signed".utf8)

  static func key(_ number: UInt8 = 7) -> SigningKey { SigningKey(seed: SecretBytes(count: 32) { $0[0] = number }) }

  static func made() -> SSHSignature { SSHSignature(signing: message, for: "evidence-bundle", with: key()) }

  @Test func aSignatureIsOfItsMessageNamespaceAndKeyAlone() throws {
    let read = try SSHSignature(Self.made().file)
    #expect(read == Self.made())
    #expect(read.namespace == "evidence-bundle")
    #expect(read.key == SSHPublicKey(Self.key().verifyingKey))
    #expect(read.isValid(for: Self.message))
    #expect(!read.isValid(for: Self.message + [0]))
    #expect(Self.made() == SSHSignature(signing: Self.message, for: "evidence-bundle", with: Self.key()))
    #expect(Self.made() != SSHSignature(signing: Self.message, for: "evidence-bundle", with: Self.key(8)))
  }

  /// The namespace and the key stand in the file; whoever changes them there gains nothing.
  @Test func aSignatureUnderAnotherNamespaceIsNotValid() throws {
    let text = Self.made().file.filter { $0 != UInt8(ascii: "\n") }.dropFirst(29).dropLast(27)
    var blob = try #require(Base64.padded.decode(text))
    let name = try #require(blob.firstRange(of: Array("evidence-bundle".utf8)))
    blob.replaceSubrange(name, with: Array("evidence-bundlf".utf8))
    let armored = Data(blob).base64EncodedString()
    var lines = "-----BEGIN SSH SIGNATURE-----\n"
    for start in stride(from: 0, to: armored.count, by: 70) { lines += armored.dropFirst(start).prefix(70) + "\n" }
    let other = try SSHSignature(Array((lines + "-----END SSH SIGNATURE-----\n").utf8))
    #expect(other.namespace == "evidence-bundlf")
    #expect(!other.isValid(for: Self.message))
  }

  @Test func noByteOfAFileCanBeChangedLeftOutOrAdded() throws {
    let file = Self.made().file
    for place in file.indices {
      for bit in [UInt8(1), 0x20] {
        var changed = file
        changed[place] ^= bit
        #expect((try? SSHSignature(changed))?.isValid(for: Self.message) != true, "byte \(place)")
      }
      var shorter = file
      shorter.remove(at: place)
      #expect((try? SSHSignature(shorter))?.isValid(for: Self.message) != true, "without byte \(place)")
      var longer = file
      longer.insert(UInt8(ascii: "\n"), at: place)
      #expect((try? SSHSignature(longer))?.isValid(for: Self.message) != true, "a line feed at \(place)")
    }
  }
}

/// What is in the armor, cut off and otherwise.
@Suite struct SSHSignatureBlobTests {
  private func file(_ blob: some Collection<UInt8>) -> [UInt8] {
    let text = Array(Base64.padded.encode(Array(blob)).utf8)
    var file = "-----BEGIN SSH SIGNATURE-----\n"
    for start in stride(from: 0, to: text.count, by: 70) {
      file += String(decoding: text[start..<min(start + 70, text.count)], as: UTF8.self) + "\n"
    }
    return Array((file + "-----END SSH SIGNATURE-----\n").utf8)
  }

  @Test func aBlobThatEndsBeforeItsLastFieldIsMalformed() throws {
    let whole = SSHSignatureTests.made().file.filter { $0 != UInt8(ascii: "\n") }.dropFirst(29).dropLast(27)
    let blob = try #require(Base64.padded.decode(whole))
    #expect(try SSHSignature(file(blob)) == SSHSignatureTests.made())
    for count in blob.indices {
      #expect(throws: SSHSignatureError.malformed, "\(count) bytes") { try SSHSignature(file(blob.prefix(count))) }
    }
    #expect(throws: SSHSignatureError.malformed) { try SSHSignature(file(blob + [0])) }
  }
}

/// One case a file, as `tools/make-sshsig-vectors` writes them.
@Suite struct SSHSignatureVectorTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Vault/vectors/sshsig")

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  @Test func theVectorsAreThere() { #expect(Self.names.count >= 20) }

  @Test(arguments: names)
  func vectorIsDecidedAsItSays(name: String) throws {
    let data = try Data(contentsOf: Self.folder.appending(path: name))
    let end = try #require(data.range(of: Data("\n\n".utf8)))
    var fields: [Substring: Substring] = [:]
    for line in String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0]] = parts.count > 1 ? parts[1].dropFirst() : ""
    }
    let signature = try? SSHSignature(Array(data[end.upperBound...]))
    let message = try #require(Hex.decode(Array((fields["message"] ?? "").utf8)))
    let key = try #require(SSHPublicKey(line: Array((fields["key"] ?? "").utf8)))
    switch fields["expect"] {
    case "success":
      let signature = try #require(signature)
      #expect(signature.isValid(for: message) && signature.key == key && signature.namespace == fields["namespace"]!)
    case "wrong signature":
      let signature = try #require(signature)
      #expect(!(signature.isValid(for: message) && signature.key == key && signature.namespace == fields["namespace"]!))
    case "refused": #expect(signature == nil)
    default: Issue.record("\(name) expects nothing")
    }
  }
}

@Suite(.enabled(if: StockSSHKeygen.isPresent, "ssh-keygen is not on PATH (Debian: openssh-client)"))
struct StockSSHKeygenTests {
  @Test func sshKeygenAcceptsWhatWeSignAndNothingElse() throws {
    let keygen = try StockSSHKeygen()
    let key = SSHSignatureTests.key()
    let line = SSHPublicKey(key.verifyingKey).line
    try keygen.folder.write("sender namespaces=\"evidence-bundle\" \(line)\n".utf8, to: "allowed_signers")
    try keygen.folder.write(SSHSignatureTests.made().file, to: "signature")
    #expect(try keygen.accepts(SSHSignatureTests.message))
    #expect(try !keygen.accepts(SSHSignatureTests.message + [0]))
    #expect(try !keygen.accepts(SSHSignatureTests.message, namespace: "file"))
    let other = SSHSignature(signing: SSHSignatureTests.message, for: "file", with: key)
    try keygen.folder.write(other.file, to: "signature")
    #expect(try !keygen.accepts(SSHSignatureTests.message))
    #expect(try !keygen.accepts(SSHSignatureTests.message, namespace: "file"), "the key is for bundles alone")
  }

  @Test func whatSSHKeygenSignsIsReadAndSpelledTheSame() throws {
    let keygen = try StockSSHKeygen()
    #expect(try keygen.run(["-q", "-t", "ed25519", "-N", "", "-C", "a desk", "-f", "key"]))
    let line = try Data(contentsOf: URL(filePath: keygen.folder["key.pub"]))
    let key = try #require(SSHPublicKey(line: Array(line.dropLast())))
    for message in [[], SSHSignatureTests.message, [UInt8](repeating: 0xff, count: 100_000)] {
      try keygen.folder.write(message, to: "message")
      #expect(try keygen.run(["-q", "-Y", "sign", "-f", "key", "-n", "evidence-bundle", "message"]))
      let file = Array(try Data(contentsOf: URL(filePath: keygen.folder["message.sig"])))
      let signature = try SSHSignature(file)
      #expect(signature.isValid(for: message) && signature.key == key && signature.namespace == "evidence-bundle")
      #expect(signature.file == file)
      try TemporaryFolder.remove(keygen.folder["message.sig"])
    }
  }
}

/// The program of the system, in a folder that goes when its owner does.
final class StockSSHKeygen {
  static let isPresent = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/ssh-keygen")
  }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func accepts(_ message: [UInt8], namespace: String = "evidence-bundle") throws -> Bool {
    try run(
      ["-Y", "verify", "-f", "allowed_signers", "-I", "sender", "-n", namespace, "-s", "signature"], input: message)
  }

  func run(_ arguments: [String], input: [UInt8] = []) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ssh-keygen"] + arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    try folder.write(input, to: "input")
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: folder["input"]))
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
