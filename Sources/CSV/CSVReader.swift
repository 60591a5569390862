public import Streams

/// What a reader takes before it refuses.
public struct CSVLimits: Sendable {
  /// Bytes of the file.
  public var fileByteCount = 1 << 30
  /// Rows beside the header, empty lines too.
  public var rowCount = 100_000
  /// Columns of a row.
  public var columnCount = 1_000
  /// Bytes of a row.
  public var rowByteCount = 16 << 20
  /// Bytes of a field.
  public var fieldByteCount = 1 << 20

  /// 1 GiB, 100,000 rows of at most 16 MiB, 1,000 columns, 1 MiB a field.
  public init() {}
}

/// One row of a file.
public struct CSVRow: Equatable, Sendable {
  /// Its number, from 1 for the header; empty lines count, as they do in a spreadsheet.
  public let number: Int
  /// Its fields, without quotation marks. There may be more or fewer than in the header.
  public let fields: [String]
}

/// Reads CSV row by row in memory that does not grow with the file.
///
/// Broken quoting is an error and not a guess: a reader that guesses turns one missing mark into a row that nobody
/// wrote. Line ends are CR LF or LF; an empty line is no row.
///
/// Source: RFC 4180 section 2.
public final class CSVReader {
  /// The fields of the first row.
  public let header: [String]
  /// What stands between two fields.
  public let delimiter: CSVDelimiter

  private let parser: CSVParser

  /// Reads the first row.
  ///
  /// - Throws: `CSVError`, or what `source` throws.
  public init(_ source: any ByteSource, limits: CSVLimits = CSVLimits()) throws {
    let input = try CSVInput(source, limit: limits.fileByteCount)
    delimiter = try CSVDelimiter(ofHeader: input.beginning(byteCount: 1 << 20))
    parser = CSVParser(input, delimiter: delimiter, limits: limits)
    guard let first = try parser.nextRow(), first.number == 1 else { throw CSVError.empty }
    header = first.fields
  }

  /// The next row, or `nil` at the end.
  ///
  /// - Throws: `CSVError`, or what the source throws. There is no going on after an error.
  public func next() throws -> CSVRow? {
    try parser.nextRow()
  }
}

/// The bytes of a file one by one, behind the mark of UTF-8 if there is one.
final class CSVInput {
  private static let pieceByteCount = 64 << 10

  private let source: any ByteSource
  private let limit: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var readCount = 0

  init(_ source: any ByteSource, limit: Int) throws {
    self.source = source
    self.limit = limit
    let start = try beginning(byteCount: CSVByte.mark.count)
    if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) { throw CSVError.utf16 }
    if start.starts(with: CSVByte.mark) { position = CSVByte.mark.count }
  }

  /// The bytes up to the end of the first line outside quotation marks, or about `byteCount` of them, without taking
  /// them.
  func beginning(byteCount: Int) throws -> ArraySlice<UInt8> {
    while buffer.count - position < byteCount, try append() {}
    return buffer[position...]
  }

  func next() throws -> UInt8? {
    if position == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      position = 0
      guard try append() else { return nil }
    }
    defer { position += 1 }
    return buffer[position]
  }

  private func append() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
    var span = piece.mutableSpan
    let count = try source.read(into: &span)
    readCount += count
    guard readCount <= limit else { throw CSVError.fileTooLong(limit: limit) }
    buffer += piece[..<count]
    return count > 0
  }
}
