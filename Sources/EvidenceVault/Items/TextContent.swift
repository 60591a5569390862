internal import Streams
internal import Tar

extension VaultReader {
  /// The content of a file of text in an item: UTF-8, or UTF-16 with a byte order mark; what is neither is read byte by
  /// byte as Latin-1, so that names in ASCII are found all the same.
  ///
  /// - Throws: as `ObjectReader.read`; `StreamError` for a file larger than `NameCheck.maximumByteCount`.
  func text(of path: ArchivePath, in entry: Entry, _ record: Record) throws -> String {
    let receiver = MemoryReceiver()
    try readObject(entry, record, only: path, into: receiver)
    return Self.text(receiver.sink.bytes)
  }

  static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let units = stride(from: 0, to: bytes.count - 1, by: 2)
    let isLittleEndian = bytes.starts(with: [0xff, 0xfe])
    if isLittleEndian || bytes.starts(with: [0xfe, 0xff]) {
      let words = units.map { place in
        isLittleEndian
          ? UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8 : UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
      }
      if let text = String(validating: words, as: UTF16.self) { return text }
    }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}

/// Keeps one small file in memory.
private final class MemoryReceiver: ItemReceiver {
  let sink = MemorySink(limit: Int(NameCheck.maximumByteCount))

  func begin(_ file: FileRecord, path: ArchivePath) -> (any ByteSink)? { sink }
  func end(_ file: FileRecord, path: ArchivePath) {}
}
