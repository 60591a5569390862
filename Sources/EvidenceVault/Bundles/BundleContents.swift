internal import Primitives
internal import Streams
internal import Tar
internal import Wording

extension VaultReader {
  /// The bytes of a file that a planned item discloses, read from the object and held against the record.
  ///
  /// - Parameter position: Which of the disclosed files it is, from 0.
  /// - Throws: `VaultError.damaged`, `.wrongIdentity`; `.tooLarge` beyond `limit` bytes.
  public func content(
    ofFileAt position: Int, in item: ExportPlan.Item, limit: UInt64
  ) throws(VaultError) -> [UInt8] {
    let file = item.whole.files[item.filePositions[position]]
    // The owner of the vault sees its name in the error, whether or not it is disclosed.
    guard file.byteCount <= limit, let path = file.path else {
      throw .tooLarge(path: Phrase(verbatim: file.path?.text ?? file.digest.hex))
    }
    do {
      let receiver = MemoryReceiver(limit: Int(limit))
      try readObject(item.entry, item.whole, only: path, into: receiver)
      return receiver.sink.bytes
    } catch {
      throw VaultError(error)
    }
  }
}

/// Keeps one small file in memory.
private final class MemoryReceiver: ItemReceiver {
  let sink: MemorySink

  init(limit: Int) { sink = MemorySink(limit: limit) }

  func begin(_ file: FileRecord, path: ArchivePath) -> (any ByteSink)? { sink }
  func end(_ file: FileRecord, path: ArchivePath) {}
}
