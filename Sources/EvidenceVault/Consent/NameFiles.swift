internal import Streams
internal import Tar

extension VaultReader {
  /// Hands over the content of each file that is disclosed of an item, as far as it may be text; of others `nil`.
  ///
  /// - Throws: as `ObjectReader.read`, and what `body` throws.
  func forEachText(
    of item: ExportPlan.Item, _ body: @escaping (_ path: ArchivePath, _ content: [UInt8]?) throws -> Void
  ) throws {
    let files = zip(item.record.files, item.objectPaths).compactMap { file, path in path.map { (file, $0) } }
    var wanted: Set<ArchivePath> = []
    for (file, path) in files {
      if file.byteCount <= NameCheck.maximumByteCount { wanted.insert(path) } else { try body(path, nil) }
    }
    guard !wanted.isEmpty else { return }
    // Each file that is read by itself opens the object anew; one of others that is read to the end takes its time.
    guard wanted.count <= Self.singleFileCount else {
      return try readObject(item.entry, item.whole, into: TextReceiver(wanted, isStopping: false, body))
    }
    for path in wanted.sorted(by: { $0.text < $1.text }) {
      do {
        try readObject(item.entry, item.whole, only: path, into: TextReceiver([path], isStopping: true, body))
      } catch is NoText {
        try body(path, nil)
      }
    }
  }

  private static let singleFileCount = 64
}

/// The file that is being read is no text.
private struct NoText: Error {}

/// Takes files of text as they come out of an object.
private final class TextReceiver: ItemReceiver {
  private let wanted: Set<ArchivePath>
  private let isStopping: Bool
  private let body: (ArchivePath, [UInt8]?) throws -> Void
  private var sink: TextSink?

  init(_ wanted: Set<ArchivePath>, isStopping: Bool, _ body: @escaping (ArchivePath, [UInt8]?) throws -> Void) {
    (self.wanted, self.isStopping, self.body) = (wanted, isStopping, body)
  }

  func begin(_ file: FileRecord, path: ArchivePath) -> (any ByteSink)? {
    sink = wanted.contains(path) ? TextSink(isText: MediaType.isText(file.mediaType), isStopping: isStopping) : nil
    return sink
  }

  func end(_ file: FileRecord, path: ArchivePath) throws {
    guard let sink else { return }
    try body(path, sink.text)
    self.sink = nil
  }
}

/// Keeps a file in memory while it may be text.
private final class TextSink: ByteSink {
  private let isText: Bool
  private let isStopping: Bool
  private var bytes: [UInt8] = []
  private var isNoText = false

  /// With `isText`, the file is text whatever is in it.
  init(isText: Bool, isStopping: Bool) { (self.isText, self.isStopping) = (isText, isStopping) }

  func write(_ new: Span<UInt8>) throws {
    guard !isNoText else { return }
    let wasUndecided = bytes.count < TextContent.sampleByteCount
    bytes.append(new)
    guard wasUndecided, bytes.count >= TextContent.sampleByteCount, !mayBeText else { return }
    if isStopping { throw NoText() }
    isNoText = true
    bytes = []
  }

  /// The text of a PDF file is packed, whatever its name says.
  private var mayBeText: Bool {
    !bytes.starts(with: "%PDF".utf8) && (isText || TextContent.mayBeText(bytes.prefix(TextContent.sampleByteCount)))
  }

  var text: [UInt8]? { isNoText || !mayBeText ? nil : bytes }
}
