/// Why an archive, or a path, is not accepted.
public enum TarError: Error, Hashable, Sendable {
  /// A path breaks one of the rules of `ArchivePath`.
  case invalidPath(PathFault)
  /// Two entries have the same path.
  case duplicatePath(ArchivePath)
  /// A path goes through something that is a file in the same archive.
  case pathThroughFile(ArchivePath)
  /// A header whose magic is neither that of POSIX nor that of GNU tar.
  case unknownFormat
  /// The checksum of a header does not fit its bytes.
  case badChecksum
  /// A number in a header is not plain octal, or one in an extended header not plain decimal.
  case malformedNumber
  /// A header field that must be empty is not, or text goes on behind a zero byte.
  case malformedHeader
  /// An entry that is neither a file nor a directory.
  case unsupportedType(EntryType)
  /// An extended header that is not a list of records, or has no entry behind it.
  case malformedExtendedHeader
  /// An extended header keyword that could change what the entry is.
  case unsupportedKeyword([UInt8])
  /// Bytes between entries or behind the archive that are not zero.
  case nonzeroPadding
  /// The archive ends before its two zero blocks, or not at the end of a block.
  case truncated
  /// More entries, bytes, or bytes of paths than the limits.
  case tooLarge
  /// The caller goes on after an error, or out of order.
  case outOfOrder

  /// The rule of `ArchivePath` that a path breaks.
  public enum PathFault: Hashable, Sendable {
    /// No byte at all.
    case empty
    /// It begins with a slash.
    case absolute
    /// Two slashes in a row, or one at the end.
    case emptyComponent
    /// `.` or `..`.
    case dotComponent
    /// A byte that could deceive on a terminal or end the path early: a control character, U+0080 to U+009F included.
    case controlCharacter
    /// A backslash, which separates components on other systems.
    case backslash
    /// Not UTF-8.
    case invalidUTF8
    /// More bytes or components than `ArchivePath` allows.
    case tooLong
  }

  /// Kinds of entries that are refused.
  public enum EntryType: Hashable, Sendable {
    /// Another name of a file in the archive.
    case hardLink
    /// A symbolic link.
    case symbolicLink
    /// A character or block device.
    case device
    /// A named pipe.
    case fifo
    /// A file with holes, as GNU tar writes it.
    case sparseFile
    /// A path in an entry of its own, as GNU tar writes it.
    case gnuLongName
    /// A header that changes every entry behind it.
    case globalHeader
    /// Any other type flag.
    case other(UInt8)
  }
}
