/// Where a part of a tree is stored: up to 256 hashes of one level, or up to 256 entries.
///
/// Source: C2SP tlog-tiles sections "Merkle Tree" and "Log entries".
public struct TilePath: Hashable, Sendable, CustomStringConvertible {
  /// What a tile holds.
  public enum Content: Hashable, Sendable {
    /// Hashes of subtrees with 256 to the power of `level` leaves each; the level is in 0...63.
    case hashes(level: Int)
    /// The entries themselves.
    case entries
  }

  /// How many hashes or entries a full tile has.
  public static let fullWidth = 256
  /// The highest level that a path can name. Trees of at most 2^63 - 1 leaves end at level 7.
  public static let maximumLevel = 63
  /// The highest level of the largest tree.
  static let highestUsedLevel = 7

  /// What the tile holds.
  public let content: Content
  /// The number of the tile on its level, from 0.
  public let index: UInt64
  /// How many hashes or entries the tile has, in 1...256.
  public let width: Int

  /// Names a tile.
  ///
  /// - Throws: `malformed(.tilePath)` for a level, index or width out of range.
  public init(_ content: Content, index: UInt64, width: Int = TilePath.fullWidth) throws(LogError) {
    if case .hashes(let level) = content {
      guard (0...Self.maximumLevel).contains(level) else { throw .malformed(.tilePath) }
    }
    guard (1...Self.fullWidth).contains(width), index <= TreeHead.maximumSize / UInt64(Self.fullWidth),
      index * UInt64(Self.fullWidth) + UInt64(width) <= TreeHead.maximumSize
    else { throw .malformed(.tilePath) }
    self.content = content
    self.index = index
    self.width = width
  }

  /// Names the tile `index` of a tree of `size` leaves, as wide as that tree makes it.
  ///
  /// - Throws: `beyondTree` if the tree has no such tile; `malformed(.tilePath)`.
  public init(_ content: Content, index: UInt64, inTreeOf size: UInt64) throws(LogError) {
    let count = Self.count(of: content, inTreeOf: size)
    let (start, isOver) = index.multipliedReportingOverflow(by: UInt64(Self.fullWidth))
    guard !isOver, start < count else { throw .beyondTree(size: size) }
    try self.init(content, index: index, width: Int(min(count - start, UInt64(Self.fullWidth))))
  }

  /// Whether the tile has its 256 hashes or entries, so that it never changes again.
  public var isFull: Bool { width == Self.fullWidth }

  /// The same tile with all of its 256 hashes or entries.
  var full: TilePath { TilePath(self, width: Self.fullWidth) }

  /// Whether a tree of `size` leaves fills the tile: if not, the tile was left behind by a writer that did not finish.
  public func isCovered(byTreeOf size: UInt64) -> Bool {
    index * UInt64(Self.fullWidth) + UInt64(width) <= Self.count(of: content, inTreeOf: size)
  }

  /// All tiles of a tree of `size` leaves: level by level, then the entries.
  public static func all(inTreeOf size: UInt64) -> some Sequence<TilePath> {
    let contents = (0...highestUsedLevel).map { Content.hashes(level: $0) } + [.entries]
    return contents.lazy.flatMap { content in
      let count = count(of: content, inTreeOf: size)
      let isPartial = count % UInt64(fullWidth) > 0
      return (0..<(count / UInt64(fullWidth) + (isPartial ? 1 : 0))).lazy
        .compactMap { try? TilePath(content, index: $0, inTreeOf: size) }
    }
  }

  /// How many hashes or entries a whole level has.
  static func count(of content: Content, inTreeOf size: UInt64) -> UInt64 {
    switch content {
    case .hashes(let level): size >> UInt64(8 * level)
    case .entries: size
    }
  }

  private init(_ other: TilePath, width: Int) {
    self.content = other.content
    self.index = other.index
    self.width = width
  }
}

extension TilePath {
  /// The longest path, in bytes: two digits of level, seven groups of index, a width.
  private static let maximumByteCount = 48
  private static let partialMark = Array(".p".utf8)

  /// The path below the folder of the log: `tile/<level>/<index>[.p/<width>]`.
  public var description: String {
    let folder =
      switch content {
      case .hashes(let level): "tile/\(level)/"
      case .entries: "tile/entries/"
      }
    return folder + indexElements + (isFull ? "" : ".p/\(width)")
  }

  /// Reads a path; only the one spelling that `description` gives is accepted.
  ///
  /// - Throws: `malformed(.tilePath)`.
  public init(_ path: String) throws(LogError) {
    guard path.utf8.count <= Self.maximumByteCount else { throw .malformed(.tilePath) }
    var elements = path.utf8.split(separator: ASCII.slash, omittingEmptySubsequences: false).map(Array.init)[...]
    guard elements.popFirst()?.elementsEqual("tile".utf8) == true, let content = elements.popFirst() else {
      throw .malformed(.tilePath)
    }
    let width = try Self.takeWidth(from: &elements)
    try self.init(Self.content(content), index: Self.index(elements), width: width)
    guard description.utf8.elementsEqual(path.utf8) else { throw .malformed(.tilePath) }
  }

  /// The index in groups of three digits, all but the last marked with an `x`.
  private var indexElements: String {
    var text = Self.threeDigits(index % 1000)
    var rest = index / 1000
    while rest > 0 {
      text = "x\(Self.threeDigits(rest % 1000))/\(text)"
      rest /= 1000
    }
    return text
  }

  private static func threeDigits(_ group: UInt64) -> String { String(String(1000 + group).dropFirst()) }

  private static func content(_ element: [UInt8]) throws(LogError) -> Content {
    if element.elementsEqual("entries".utf8) { return .entries }
    guard let level = Decimal.parse(element), let level = Int(exactly: level) else { throw .malformed(.tilePath) }
    return .hashes(level: level)
  }

  /// Takes `<last group>.p/<width>` apart and leaves the last group.
  private static func takeWidth(from elements: inout ArraySlice<[UInt8]>) throws(LogError) -> Int {
    guard let group = elements.dropLast().last, group.suffix(2).elementsEqual(partialMark) else { return fullWidth }
    guard let digits = elements.popLast(), let width = Decimal.parse(digits), let width = Int(exactly: width) else {
      throw .malformed(.tilePath)
    }
    elements[elements.endIndex - 1] = group.dropLast(partialMark.count)
    return width
  }

  private static func index(_ elements: ArraySlice<[UInt8]>) throws(LogError) -> UInt64 {
    var index: UInt64 = 0
    for element in elements {
      let digits = element.suffix(3)
      guard digits.count == 3, let group = Decimal.parse([UInt8(ascii: "1")] + digits) else {
        throw .malformed(.tilePath)
      }
      let (product, isOver) = index.multipliedReportingOverflow(by: 1000)
      let (sum, isAbove) = product.addingReportingOverflow(group - 1000)
      guard !isOver, !isAbove else { throw .malformed(.tilePath) }
      index = sum
    }
    return index
  }
}
