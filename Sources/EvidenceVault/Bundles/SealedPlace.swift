internal import DurableStore
internal import Streams

/// Where sealed bytes lie that are read more than once, and at any place: a file, or the parts of one.
enum SealedPlace: Sendable {
  /// A file, relative to a folder.
  case file(Directory, String)
  /// The parts of a sealed bundle, in their order.
  case parts([BundleParts.Part])

  func open() throws -> any RandomAccessSource {
    switch self {
    case .file(let folder, let path): try folder.file(path)
    case .parts(let parts): try JoinedParts(parts)
    }
  }
}

/// The parts of a sealed bundle, read at any place as the one file that they are. One of them is open at a time.
///
/// Source: FORMAT section 7.
private final class JoinedParts: RandomAccessSource {
  let byteCount: UInt64
  private let parts: [(part: BundleParts.Part, range: Range<UInt64>)]
  private var current: (index: Int, file: FileSource)?

  init(_ parts: [BundleParts.Part]) throws {
    var end: UInt64 = 0
    self.parts = try parts.map { part in
      let start = end
      end = start.addingReportingOverflow(try part.file().byteCount).partialValue
      return (part, start..<max(start, end))
    }
    byteCount = end
  }

  func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) throws -> Int {
    guard let index = parts.firstIndex(where: { $0.range.contains(offset) }) else { return 0 }
    let file: FileSource
    if let current, current.index == index { file = current.file } else { file = try parts[index].part.file() }
    current = (index, file)
    return try file.read(at: offset - parts[index].range.lowerBound, into: &buffer)
  }
}
