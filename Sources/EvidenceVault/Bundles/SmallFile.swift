internal import Primitives

/// A file of a bundle that is not evidence: its size and digest, and its bytes, which of the large ones are made again
/// when they are written. All of them at once would take as much memory as a bundle of many files has names.
struct SmallFile {
  let path: BagPath
  let byteCount: UInt64
  let digest: Digest
  /// The same bytes each time.
  let bytes: () -> [UInt8]

  init(_ path: BagPath, _ bytes: [UInt8]) { self.init(path, made: { bytes }) }

  init(_ path: BagPath, made bytes: @escaping () -> [UInt8]) {
    let made = bytes()
    self.path = path
    self.bytes = bytes
    byteCount = UInt64(made.count)
    digest = SHA256Hasher.digest(of: made)
  }
}
