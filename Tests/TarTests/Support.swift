import Foundation
import Streams
import Tar

/// Keeps all that an archive holds.
final class CollectingHandler: TarHandler {
  private(set) var entries: [Entry] = []
  private(set) var endedCount = 0

  struct Entry: Equatable {
    let header: TarHeader
    var content: [UInt8] = []
  }

  func entryBegins(_ header: TarHeader) { entries.append(Entry(header: header)) }

  func entryBytes(_ bytes: Span<UInt8>) {
    for index in bytes.indices { entries[entries.count - 1].content.append(bytes[index]) }
  }

  func entryEnds() { endedCount += 1 }
}

/// Reads an archive in pieces of the given size.
func read(
  _ archive: [UInt8], pieceByteCount: Int = 10_000, limits: TarReader.Limits = .default
) throws -> [CollectingHandler.Entry] {
  let handler = CollectingHandler()
  let reader = TarReader(handler: handler, limits: limits)
  for start in stride(from: 0, to: archive.count, by: pieceByteCount) {
    try reader.write(Array(archive[start..<min(start + pieceByteCount, archive.count)]))
  }
  try reader.finish()
  guard handler.endedCount == handler.entries.count else { throw TarError.outOfOrder }
  return handler.entries
}

func compose(_ files: [(String, [UInt8])], paddedTo total: UInt64 = 0) throws -> [UInt8] {
  let sink = MemorySink()
  let writer = TarWriter(to: sink)
  for (path, content) in files {
    try writer.begin(TarHeader(path: ArchivePath(path), byteCount: UInt64(content.count)))
    try writer.write(content)
  }
  try writer.finish(paddedTo: total)
  return sink.bytes
}

/// A header block by hand, with a checksum that fits, so that one field at a time can be wrong.
struct RawHeader {
  var name = Array("file".utf8)
  var size = Array("00000000000".utf8)
  var type = UInt8(ascii: "0")
  var magic = Array("ustar\u{0}00".utf8)
  var prefix: [UInt8] = []
  var linkName: [UInt8] = []
  var mode = Array("0000644".utf8)
  var time = Array("00000000000".utf8)

  var block: [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    for (start, field) in [
      (0, name), (100, mode), (108, Array("0000000".utf8)), (116, Array("0000000".utf8)), (124, size), (136, time),
      (148, [UInt8](repeating: 0x20, count: 8)), (156, [type]), (157, linkName), (257, magic), (345, prefix),
    ] {
      block.replaceSubrange(start..<start + field.count, with: field)
    }
    let digits = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    let checksum = String(repeating: "0", count: 6 - digits.count) + digits
    block.replaceSubrange(148..<156, with: Array(checksum.utf8) + [0, 0x20])
    return block
  }

  /// An archive of this entry alone.
  var archive: [UInt8] { block + RawHeader.end }

  static let end = [UInt8](repeating: 0, count: 1024)

  /// An extended header with these records, then an empty file.
  static func extended(_ records: String) -> [UInt8] {
    let size = String(records.utf8.count, radix: 8)
    let header = RawHeader(
      size: Array((String(repeating: "0", count: 11 - size.count) + size).utf8), type: UInt8(ascii: "x"))
    let padding = [UInt8](repeating: 0, count: (512 - records.utf8.count % 512) % 512)
    return header.block + Array(records.utf8) + padding + RawHeader().archive
  }
}

/// A directory that goes when its owner does.
final class TemporaryDirectory {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("TarTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], to path: String) throws {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func contents(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appendingPathComponent(path))) }

  func writeHoles(_ count: UInt64, to path: String) throws {
    try write([], to: path)
    let file = try FileHandle(forWritingTo: url.appendingPathComponent(path))
    try file.truncate(atOffset: count)
    try file.close()
  }

  func link(_ target: String, hard: Bool, as path: String) throws {
    let link = url.appendingPathComponent(path)
    if hard {
      try FileManager.default.linkItem(at: url.appendingPathComponent(target), to: link)
    } else {
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
    }
  }

  func tar(_ arguments: String...) throws -> String? { try tar(arguments, []) }

  /// Runs the system's `tar` in this directory and returns its output; `nil` if it fails.
  func tar(_ options: [String], _ files: [String]) throws -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tar"] + options + files
    process.currentDirectoryURL = url
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}

func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) } }
