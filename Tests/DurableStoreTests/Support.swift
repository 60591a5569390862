import DurableStore
import Foundation
import Glibc
import Streams

/// A directory that goes when its owner does.
final class Workbench {
  let url: URL
  let directory: Directory

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "DurableStoreTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = try Directory(opening: url.path)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// By hand, because `URL` leaves out a NUL.
  func path(_ name: String) -> String { "\(url.path)/\(name)" }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url.appending(path: name)) }

  func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  func append(_ text: String, to name: String) throws {
    let file = try FileHandle(forWritingTo: url.appending(path: name))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(at: url.appending(path: name), withIntermediateDirectories: true)
  }

  func makePipe(_ name: String) -> Bool { unsafe mkfifo(path(name), 0o600) == 0 }

  /// Makes a file whose name need not be text.
  func makeFile(named name: [UInt8]) -> Bool {
    let bytes = (Array(path("").utf8) + name + [0]).map { CChar(bitPattern: $0) }
    let descriptor = unsafe open(bytes, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    return descriptor >= 0 && close(descriptor) == 0
  }

  /// Every name below the directory, sorted.
  func names() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted() }

  func mode(of name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }
}

/// A program that runs beside the test.
final class Companion {
  private let process = Process()

  init(_ arguments: String...) throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { kill() }

  /// Ends the program as a power cut would: it has no say in it.
  func kill() {
    guard process.isRunning else { return }
    _ = Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func status() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  static let hasFlock = FileManager.default.isExecutableFile(atPath: "/usr/bin/flock")
}

/// The name of a case of `StoreError`, for tests that are about many paths.
func name(of error: StoreError) -> String { String("\(error)".prefix { $0 != "(" }) }

/// The case of the error that `body` throws; `nil` if it does not throw.
func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let error as StoreError {
    return name(of: error)
  } catch {
    return "\(error)"
  }
}
