internal import Glibc

/// An exclusive lock on a directory, held by this process; the kernel lets it go when the process dies, however it
/// dies.
///
/// Source: flock(2). It does not work across machines: NFS and SMB are not supported.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Takes the lock, waiting up to `patience` seconds. `onWait` is called once if another process has it.
  ///
  /// A `shared` lock is held by several at once, but not beside an exclusive one.
  ///
  /// - Throws: `busy` when the patience is at its end.
  public init(
    on directory: Directory, shared: Bool = false, patience: Double, onWait: () -> Void = {}
  ) throws(StoreError) {
    let path = directory.path
    let number = try checked(path) {
      unsafe openat(directory.descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    let descriptor = Descriptor(number)
    var waited = 0.0
    while flock(number, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw StoreError(path: path, code: errno) }
      try requireNoInterrupt(path)
      guard waited < patience else { throw .busy(path: path) }
      if waited == 0 { onWait() }
      usleep(10_000)
      waited += 0.01
    }
    self.descriptor = descriptor
  }

  /// Whether a file is still being written by a living process; so it is taken if it cannot be opened, as one of
  /// another user.
  public static func isHeld(_ name: String, in directory: Directory) -> Bool {
    let number = unsafe openat(directory.descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { return errno != ENOENT && errno != ELOOP }
    let file = Descriptor(number)
    return flock(file.number, LOCK_EX | LOCK_NB) != 0
  }
}
