@testable import EvidenceVault
import Streams
import StrictJSON
import Testing

/// Catalogs come from their reader, and tables from anybody: neither may stop the program.
@Suite struct HostileLineTests {
  private let summary =
    #"{"item":7,"amends":3,"kind":"document","title":"a \"b\" ё","added":"2023","#
    + #""case":"c","files":1,"bytes":20,"fields":{"a":[1,{"b":null}],"c":-1.5}}"# + "\n"
  private let fields =
    #"{"item":7,"kind":"document","added":"2023","fields":{"title":"a","n":[1,2]},"files":"#
    + #"[{"path":"p","bytes":3,"media_type":"text/plain"}]}"# + "\n"

  private func read<Line: CatalogLine>(_ bytes: [UInt8], _ type: Line.Type) -> Line? {
    var scanner = LineScanner(bytes, in: 0..<bytes.count)
    guard let head = LineHead(&scanner), let line = Line(head, &scanner), scanner.skip(UInt8(ascii: "}")),
      scanner.skip(UInt8(ascii: "\n")), scanner.isAtEnd
    else { return nil }
    return line
  }

  @Test func linesAreWrittenAsTheyAreRead() throws {
    #expect(try String(decoding: #require(read(Array(summary.utf8), Summary.self)).line, as: UTF8.self) == summary)
    #expect(try String(decoding: #require(read(Array(fields.utf8), EntryFields.self)).line, as: UTF8.self) == fields)
  }

  @Test func aLineWithoutAKindHasNone() throws {
    func kind(_ text: String) throws -> String? {
      let bytes = Array(text.utf8)
      var scanner = LineScanner(bytes, in: 0..<bytes.count)
      _ = try #require(LineHead(&scanner))
      return EntryFields.peekKind(scanner)
    }
    #expect(try kind(fields) == "document")
    #expect(try kind(fields.replacing("\"kind\"", with: "\"sort\"")) == nil)
    #expect(try kind(fields.replacing("\"document\"", with: "5")) == nil)
  }

  @Test func aLineStandsForAnItemWithItsNewestRecord() throws {
    let first = try #require(read(Array(fields.utf8), EntryFields.self))
    let text = fields.replacing("\"item\":7", with: "\"item\":9").replacing("\"title\"", with: "\"name\"")
    let newer = try #require(read(Array(text.utf8), EntryFields.self))
    let amended = first.amended(by: newer)
    #expect(amended.index == 7 && amended.recordIndex == 9 && amended.title == "a" && amended.files.count == 2)
    #expect(amended.json["item"] == 7 && amended.json["record"] == 9 && first.json["record"] == nil)
    let withdrawn = EntryFields(withdrawn: 7)
    #expect(withdrawn.title.isEmpty && withdrawn.amended(by: newer).json == withdrawn.json)
  }

  @Test func noChangeOfALineStopsTheProgram() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededRandom(state: seed)
    let marks = Array("\"\\{}[],:\n0-x".utf8) + [0xD0, 0xFF]
    for line in [summary, fields] {
      let whole = Array(line.utf8)
      for count in whole.indices {
        #expect(read(Array(whole[..<count]), Summary.self).map(\.index) == nil)
        #expect(read(Array(whole[..<count]), EntryFields.self).map(\.index) == nil)
      }
      for _ in 0..<20_000 {
        var bytes = whole
        for _ in 0...Int.random(in: 0..<4, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = marks.randomElement(using: &random) ?? 0
        }
        _ = read(bytes, Summary.self)
        _ = read(bytes, EntryFields.self)
        var scanner = LineScanner(bytes, in: 0..<bytes.count)
        if let head = LineHead(&scanner) { _ = EntryFields(head, &scanner, fields: FieldSelection(["n"])) }
        _ = Needle("b ё").mayStand(in: bytes, 0..<bytes.count)
        _ = try? PublishedFigures(MemorySource(Array("region,count\n".utf8) + bytes))
        _ = try? FieldCondition(String(decoding: bytes, as: UTF8.self))
      }
    }
  }
}
