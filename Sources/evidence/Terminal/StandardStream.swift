internal import Glibc

/// Standard output and error. What is said there is said also when the program was asked to end.
enum StandardStream {
  /// Writes all of `text`; returns 0, or why it could not.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
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
