public import CEmbedded

extension EmbeddedFile {
  /// The file, copied: whoever needs it often keeps it.
  public var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: byte_count)) }
}
