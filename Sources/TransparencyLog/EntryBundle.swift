/// Up to 256 entries of a log in one file, each behind its length as a big-endian 16-bit number.
///
/// Source: C2SP tlog-tiles section "Log entries".
public struct EntryBundle: Hashable, Sendable {
  /// The longest entry, in bytes.
  public static let maximumEntryByteCount = Int(UInt16.max)
  /// The largest bundle, in bytes.
  public static let maximumByteCount = TilePath.fullWidth * (lengthByteCount + maximumEntryByteCount)
  private static let lengthByteCount = 2

  /// The entries in order.
  public let entries: [[UInt8]]

  /// Takes entries.
  ///
  /// - Throws: `beyondLimit(.entryBundle)` for more than 256, `beyondLimit(.entry)` for one over 65,535 bytes.
  public init(_ entries: [[UInt8]]) throws(LogError) {
    guard entries.count <= TilePath.fullWidth else { throw .beyondLimit(.entryBundle) }
    guard entries.allSatisfy({ $0.count <= Self.maximumEntryByteCount }) else { throw .beyondLimit(.entry) }
    self.entries = entries
  }

  /// Reads a bundle to its last byte.
  ///
  /// - Throws: `malformed(.entryBundle)` if it ends within an entry; `beyondLimit(.entryBundle)`.
  public init(bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.entryBundle) }
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard entries.count < TilePath.fullWidth else { throw .beyondLimit(.entryBundle) }
      let length = rest.prefix(Self.lengthByteCount)
      let entry = rest.dropFirst(Self.lengthByteCount).prefix(Int(BigEndian.value(length)))
      guard length.count == Self.lengthByteCount, entry.count == BigEndian.value(length) else {
        throw .malformed(.entryBundle)
      }
      entries.append(Array(entry))
      rest = rest[entry.endIndex...]
    }
    self.entries = entries
  }

  /// The bundle as it is stored.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + Self.lengthByteCount + $1.count })
    for entry in entries {
      bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: entry.count))
      bytes.append(contentsOf: entry)
    }
    return bytes
  }
}
