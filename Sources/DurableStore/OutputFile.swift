public import Streams

/// A file being written for a user: it gets its name when it is whole, and leaves nothing behind if it never is.
public final class OutputFile: ByteSink {
  private let place: BuildingPlace
  private let sink: FileSink
  private var isOpen = true

  /// Starts a file that is to become `path`.
  ///
  /// - Throws: `exists` if there is anything at `path`.
  public init(for path: String, nonce: String) throws(StoreError) {
    place = try BuildingPlace(for: path, nonce: nonce)
    sink = try place.parent.createFileAmongOthers(place.temporaryName, finalMode: 0o600)
  }

  /// Appends bytes.
  public func write(_ bytes: Span<UInt8>) throws { try sink.write(bytes) }

  /// Puts the bytes on disk; the file has no name yet.
  public func finish() throws(StoreError) { try sink.finish() }

  /// Gives the finished file its name.
  public func publish() throws(StoreError) {
    try place.takeName()
    isOpen = false
    try place.parent.sync()
  }

  deinit { if isOpen { try? place.parent.remove(place.temporaryName) } }
}
