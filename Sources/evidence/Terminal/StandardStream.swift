internal import Glibc

/// Standard output and error. What is said there is said also when the program was asked to end.
enum StandardStream {
  /// Writes all of `text`; returns 0, or why it could not.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    write(Array(text.utf8), to: descriptor)
  }

  /// Writes all of `bytes`; returns 0, or why it could not.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var written = 0
      while written < bytes.count {
        guard let start = bytes.baseAddress else { break }
        let count = unsafe Glibc.write(descriptor, start + written, bytes.count - written)
        if count >= 0 { written += count } else if errno != EINTR { return errno }
      }
      return 0
    }
  }
}
