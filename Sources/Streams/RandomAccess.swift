/// Bytes that can be read at any place, such as a regular file.
public protocol RandomAccessSource: AnyObject {
  /// The number of bytes.
  var byteCount: UInt64 { get }

  /// Writes the bytes that begin at `offset` to the start of `buffer` and returns how many: at least one, and 0 only at
  /// or beyond the end.
  func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) throws -> Int
}

/// A range of a random-access source, read as a stream. It ends early where its source does.
public final class SectionSource: ByteSource {
  private let source: any RandomAccessSource
  private var range: Range<UInt64>

  /// Reads the bytes of `range`.
  public init(_ source: any RandomAccessSource, _ range: Range<UInt64>) {
    self.source = source
    self.range = range
  }

  /// Reads all bytes.
  public convenience init(_ source: any RandomAccessSource) { self.init(source, 0..<source.byteCount) }

  /// Reads the next bytes.
  public func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    guard !range.isEmpty, !buffer.isEmpty else { return 0 }
    let room = Int(min(UInt64(range.count), UInt64(buffer.count)))
    var part = buffer._mutatingExtracting(0..<room)
    let count = try source.read(at: range.lowerBound, into: &part)
    range = count == 0 ? range.upperBound..<range.upperBound : (range.lowerBound + UInt64(count))..<range.upperBound
    return count
  }
}

/// Passes a range of a stream on and drops what comes before and behind it.
public final class SectionSink: ByteSink {
  private let sink: any ByteSink
  private var skipped: UInt64
  private var missing: UInt64

  /// Passes the bytes of `range`, counted from the first that is written here, to `sink`.
  public init(_ sink: any ByteSink, _ range: Range<UInt64>) {
    self.sink = sink
    skipped = range.lowerBound
    missing = range.upperBound - range.lowerBound
  }

  /// Takes the next bytes.
  public func write(_ bytes: Span<UInt8>) throws {
    let start = Int(min(skipped, UInt64(bytes.count)))
    let count = Int(min(missing, UInt64(bytes.count - start)))
    skipped -= UInt64(start)
    missing -= UInt64(count)
    if count > 0 { try sink.write(bytes.extracting(start..<(start + count))) }
  }
}
