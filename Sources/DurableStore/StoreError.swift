internal import CSystem
internal import Glibc

/// Why the file system refused, with the path as the caller named it.
public enum StoreError: Error, Equatable, Sendable {
  /// Nothing is there.
  case notFound(path: String)
  /// Something is there already.
  case exists(path: String)
  /// Permissions forbid it.
  case denied(path: String)
  /// A symbolic link where none is followed.
  case symbolicLink(path: String)
  /// A directory, socket, pipe or device where a regular file is needed.
  case notAFile(path: String)
  /// A file where a directory is needed.
  case notADirectory(path: String)
  /// No space, quota or file size left.
  case full(path: String)
  /// Another process holds the lock.
  case busy(path: String)
  /// The file became shorter, longer or other while it was read.
  case changed(path: String)
  /// The name is not valid UTF-8, or has a NUL; shown with replacement characters.
  case unreadableName(path: String)
  /// The file system takes no such name, or does not tell it from one that is there, as where letters count as the
  /// same in either case.
  case unfitName(path: String)
  /// The file is larger than any such file can be.
  case tooLong(path: String)
  /// The process was asked to end.
  case interrupted(path: String)
  /// Any other refusal, as an errno value.
  case system(path: String, code: Int32)

  /// Translates an errno value.
  init(path: String, code: Int32) {
    self =
      switch code {
      case ENOENT: .notFound(path: path)
      case EEXIST, ENOTEMPTY: .exists(path: path)
      case EACCES, EPERM, EROFS: .denied(path: path)
      case ELOOP: .symbolicLink(path: path)
      case EISDIR, ENXIO: .notAFile(path: path)
      case ENOTDIR: .notADirectory(path: path)
      case ENOSPC, EDQUOT, EFBIG: .full(path: path)
      case EWOULDBLOCK: .busy(path: path)
      default: .system(path: path, code: code)
      }
  }

  /// The path that the caller named.
  public var path: String {
    switch self {
    case .notFound(let path), .exists(let path), .denied(let path), .symbolicLink(let path), .notAFile(let path),
      .notADirectory(let path), .full(let path), .busy(let path), .changed(let path), .unreadableName(let path),
      .unfitName(let path), .tooLong(let path), .interrupted(let path), .system(let path, _):
      path
    }
  }
}

extension StoreError {
  /// Whether this tells of the process or the machine as it is now, and nothing of what is at the path.
  public var isCircumstance: Bool {
    switch self {
    case .interrupted, .denied, .busy, .full: true
    case .system(_, let code): [EMFILE, ENFILE, ENOMEM, ENOLCK].contains(code)
    default: false
    }
  }
}

/// Ends work in progress when the process was asked to end, so that temporary files are removed on the way out.
func requireNoInterrupt(_ path: String) throws(StoreError) {
  if csystem_interrupt() != 0 { throw .interrupted(path: path) }
}

/// Repeats a call that a signal interrupted which does not ask the process to end, and turns its failure into an error.
func checked(_ path: String, _ call: () -> Int32) throws(StoreError) -> Int32 {
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw StoreError(path: path, code: errno) }
    try requireNoInterrupt(path)
  }
}

/// As `checked`, for the calls of CSystem, which return a negative errno value.
func checkedCode(_ path: String, _ call: () -> Int32) throws(StoreError) -> Int32 {
  while true {
    let result = call()
    if result >= 0 { return result }
    if result != -EINTR { throw StoreError(path: path, code: -result) }
    try requireNoInterrupt(path)
  }
}
