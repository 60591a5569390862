internal import CSystem
internal import Glibc
public import Streams

/// A regular file, read from its start or at any place. Whoever reads it to the end can ask whether it stayed the same
/// meanwhile.
public final class FileSource: ByteSource, RandomAccessSource {
  /// The path as the caller named it.
  public let path: String
  /// The size when it was opened, in bytes.
  public let byteCount: UInt64
  /// The time of the last modification when it was opened, in seconds since 1970.
  public let modified: Int64

  let descriptor: Descriptor
  let status: stat
  private var position: UInt64 = 0

  /// Opens the file at `path`; links are followed, as the user wrote it.
  ///
  /// - Throws: `notAFile` for a directory, socket, pipe or device.
  public convenience init(opening path: String) throws(StoreError) {
    try requireName(path)
    try self.init(
      path: path, descriptor: Descriptor(try checked(path) { unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }))
  }

  init(path: String, descriptor: consuming Descriptor) throws(StoreError) {
    var status = stat()
    let number = descriptor.number
    _ = try checked(path) { unsafe fstat(number, &status) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw StoreError.notAFile(path: path) }
    self.path = path
    self.descriptor = descriptor
    self.status = status
    byteCount = UInt64(max(status.st_size, 0))
    modified = Int64(status.st_mtim.tv_sec)
    _ = posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// Reads the next bytes.
  public func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    let count = try read(at: position, into: &buffer)
    position += UInt64(count)
    return count
  }

  /// Reads the bytes that begin at `offset`.
  public func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) throws -> Int {
    // The system refuses what would end beyond the last number, and no file is that long.
    guard let offset = Int(exactly: offset), offset <= Int.max - buffer.count else { return 0 }
    while true {
      try requireNoInterrupt(path)
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe pread(descriptor.number, buffer.baseAddress, buffer.count, offset)
      }
      if count >= 0 { return count }
      if errno != EINTR { throw StoreError(path: path, code: errno) }
    }
  }

  /// Reads the whole of a small file.
  ///
  /// - Throws: `StoreError`, `tooLong` beyond `limit` bytes.
  public func contents(limit: Int) throws -> [UInt8] {
    // One byte of room more than there should be tells a file that has grown meanwhile.
    var bytes = [UInt8](repeating: 0, count: Int(min(byteCount, UInt64(limit))) + 1)
    var span = bytes.mutableSpan
    let count = try fill(&span)
    if count == bytes.count {
      guard count <= limit else { throw StoreError.tooLong(path: path) }
      do { bytes += try readAll(limit: limit - count) } catch StreamError.tooLong {
        throw StoreError.tooLong(path: path)
      }
      return bytes
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Whether the file system says that it is other than when it was opened.
  public func requireUnchanged() throws(StoreError) {
    var now = stat()
    _ = try checked(path) { unsafe fstat(descriptor.number, &now) }
    guard now.st_size == status.st_size, now.st_mtim.tv_sec == status.st_mtim.tv_sec,
      now.st_mtim.tv_nsec == status.st_mtim.tv_nsec, now.st_ctim.tv_sec == status.st_ctim.tv_sec,
      now.st_ctim.tv_nsec == status.st_ctim.tv_nsec
    else { throw .changed(path: path) }
  }
}

/// A new file being written. It has no final name before `finish`, and no reader before that.
public final class FileSink: ByteSink {
  private let path: String
  /// How far writing runs ahead of the disk, in bytes: what is beyond is on its way before `finish` waits for it.
  private static let flushByteCount = 8 << 20

  private let descriptor: Descriptor
  private let finalMode: UInt32
  private var unflushedByteCount = 0

  init(path: String, descriptor: consuming Descriptor, finalMode: UInt32) {
    self.path = path
    self.descriptor = descriptor
    self.finalMode = finalMode
  }

  /// Appends all of `bytes`.
  public func write(_ bytes: Span<UInt8>) throws {
    try writeAll(bytes, to: descriptor.number, path: path)
    unflushedByteCount += bytes.count
    if unflushedByteCount >= Self.flushByteCount { startFlushing() }
  }

  /// Lets the disk begin with what was written. Whether that works out is told by `finish`, whatever happens here.
  private func startFlushing() {
    unflushedByteCount = 0
    _ = csystem_start_flushing(descriptor.number)
  }

  /// Gives the file its final mode and waits until its bytes are on disk. A failure is final: it must not be tried
  /// again, because the kernel may have dropped the pages that it could not write.
  public func finish() throws(StoreError) {
    try finishUnsynced()
    _ = try checked(path) { fsync(descriptor.number) }
  }

  /// Gives the file its final mode. Its bytes are on disk only after `Directory.syncFiles`.
  public func finishUnsynced() throws(StoreError) {
    _ = try checked(path) { fchmod(descriptor.number, finalMode) }
  }
}

/// One of the process's own streams, or anything that can be opened: also a pipe or a device.
public final class DescriptorStream: ByteSource, ByteSink {
  private let number: Int32
  private let name: String
  private let owned: Descriptor?

  /// Opens `path` for reading, whatever it is. `/dev/fd/N` and `/dev/stdin` mean a descriptor that the process was
  /// started with: a process that is not dumpable cannot open those names itself.
  public convenience init(reading path: String) throws(StoreError) {
    try self.init(path, flags: O_RDONLY)
  }

  /// Opens an existing pipe or device for writing.
  public convenience init(writing path: String) throws(StoreError) {
    try self.init(path, flags: O_WRONLY)
  }

  private init(_ path: String, flags: Int32) throws(StoreError) {
    try requireName(path)
    name = path
    if let number = Self.inheritedDescriptor(path) {
      self.number = number
      owned = nil
      return
    }
    let descriptor = Descriptor(try checked(path) { unsafe open(path, flags | O_CLOEXEC) })
    var status = stat()
    _ = try checked(path) { unsafe fstat(descriptor.number, &status) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .notAFile(path: path) }
    number = descriptor.number
    owned = consume descriptor
    widenPipe(number)
  }

  private static func inheritedDescriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdin": return 0
    case "/dev/stdout": return 1
    default:
      for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
        return Int32(path.dropFirst(prefix.count)).flatMap { $0 >= 0 ? $0 : nil }
      }
      return nil
    }
  }

  /// Uses a descriptor that stays open: 0, 1 or 2, or one that the caller was started with.
  public init(_ number: Int32, name: String) {
    self.number = number
    self.name = name
    owned = nil
    widenPipe(number)
  }

  /// Reads the next bytes.
  public func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    while true {
      try waitUntilReady(number, for: POLLIN, path: name)
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
      }
      if count >= 0 { return count }
      if errno != EINTR, errno != EAGAIN { throw StoreError(path: name, code: errno) }
    }
  }

  /// Writes all of `bytes`.
  public func write(_ bytes: Span<UInt8>) throws { try writeAll(bytes, to: number, path: name) }
}

/// Lets a pipe hold 1 MiB instead of 64 KiB. Whatever is no pipe, or may not grow, stays as it is.
private func widenPipe(_ number: Int32) { _ = csystem_widen_pipe(number, 1 << 20) }

/// Waits until a pipe or terminal gives or takes something. A signal reaches the main thread alone, and this may be
/// another: what asks the process to end is looked for again and again.
private func waitUntilReady(_ number: Int32, for events: Int32, path: String) throws(StoreError) {
  var wait = pollfd(fd: number, events: Int16(truncatingIfNeeded: events), revents: 0)
  while true {
    try requireNoInterrupt(path)
    let count = unsafe poll(&wait, 1, 200)
    if count > 0 || count < 0 && errno != EINTR { return }
  }
}

private func writeAll(_ bytes: Span<UInt8>, to number: Int32, path: String) throws(StoreError) {
  try unsafe bytes.withUnsafeBytes { (bytes) throws(StoreError) in
    var written = 0
    while written < bytes.count {
      try requireNoInterrupt(path)
      guard let base = bytes.baseAddress else { return }
      let count = unsafe write(number, base + written, bytes.count - written)
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        try waitUntilReady(number, for: POLLOUT, path: path)
      } else if errno != EINTR {
        throw StoreError(path: path, code: errno)
      }
    }
  }
}
