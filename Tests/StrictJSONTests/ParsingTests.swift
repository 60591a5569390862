import StrictJSON
import Testing

private func parse(_ text: String, limits: JSON.Limits = .default) throws -> JSON {
  try JSON.parse(Array(text.utf8), limits: limits)
}

private func refusal(_ bytes: [UInt8], limits: JSON.Limits = .default) -> JSONError.Kind? {
  do throws(JSONError) {
    _ = try JSON.parse(bytes, limits: limits)
    return nil
  } catch {
    return error.kind
  }
}

private let wellFormed: [(String, JSON)] = [
  ("null", JSON.null), ("true", true), (" false\n", false), ("0", 0), ("-1", -1),
  ("9223372036854775807", .integer(.max)),
  ("-9223372036854775808", .integer(.min)), ("1e5", .number(100_000)), ("1.50", .number(1.5)), ("-0", .number(-0.0)),
  ("-0.0E-7", .number(-0.0)), ("2E+1", .number(20)), ("0.0e999", .number(0)),
  ("1.7976931348623157e308", .number(1.7976931348623157e308)),
  (#""""#, ""), (#""\u0041\n\/\"\\""#, "A\n/\"\\"), (#""\uD83D\uDE00""#, "😀"), (#""\ud83d\ude00""#, "😀"),
  (#""Душанбе, кӯчаи ҷавонон""#, "Душанбе, кӯчаи ҷавонон"), (#""\u0000""#, "\0"),
  ("[]", []), ("[1, [2], {}]", [1, [2], [:]]), (#"{"a":1,"b":[{"c":null}]}"#, ["a": 1, "b": [["c": .null]]]),
]

@Test(arguments: wellFormed)
func wellFormedTextIsRead(text: String, value: JSON) throws {
  #expect(try parse(text) == value)
}

private let malformed: [(String, JSONError.Kind)] = [
  ("", JSONError.Kind.unexpectedEnd), (" ", .unexpectedEnd), ("01", .invalidNumber), ("-01", .invalidNumber),
  ("00", .invalidNumber), ("1.", .unexpectedEnd), ("1.x", .invalidNumber), (".5", .unexpectedByte(0x2E)),
  ("+1", .unexpectedByte(0x2B)), ("1e", .unexpectedEnd), ("1e+", .unexpectedEnd), ("-", .unexpectedEnd),
  ("-a", .invalidNumber), ("0x1", .trailingBytes), ("1e999", .numberOutOfRange), ("-1e999", .numberOutOfRange),
  ("1e-999", .numberOutOfRange), ("9223372036854775808", .numberOutOfRange), ("NaN", .unexpectedByte(0x4E)),
  ("Infinity", .unexpectedByte(0x49)), ("nul", .unexpectedEnd), ("nulL", .unexpectedByte(0x4C)),
  ("True", .unexpectedByte(0x54)), ("1 1", .trailingBytes), ("{}x", .trailingBytes), ("[1,]", .unexpectedByte(0x5D)),
  ("[,1]", .unexpectedByte(0x2C)), ("[1 2]", .unexpectedByte(0x32)), ("{\"a\"}", .unexpectedByte(0x7D)),
  ("{\"a\":1,}", .unexpectedByte(0x7D)), ("{a:1}", .unexpectedByte(0x61)), ("{1:1}", .unexpectedByte(0x31)),
  ("{\"a\":1,\"a\":2}", .duplicateName("a")), (#"{"a":1,"\u0061":2}"#, .duplicateName("a")),
  ("// x\n1", .unexpectedByte(0x2F)), ("'a'", .unexpectedByte(0x27)), ("\u{FEFF}1", .unexpectedByte(0xEF)),
  ("\"a\tb\"", .controlCharacter), ("\"a\u{0}b\"", .controlCharacter), (#""\x""#, .invalidEscape),
  (#""\u12G4""#, .invalidEscape), (#""\uD800""#, .loneSurrogate), (#""\uDC00""#, .loneSurrogate),
  (#""\uD800\uD800""#, .loneSurrogate), (#""\uD800A""#, .loneSurrogate), (#""\uD800\n""#, .loneSurrogate),
  (#""\ud83dx\ude00""#, .loneSurrogate), ("\"a", .unexpectedEnd), ("\"a\\", .unexpectedEnd),
  ("\u{00A0}1", .unexpectedByte(0xC2)), ("1\u{0C}", .trailingBytes),
]

@Test(arguments: malformed)
func malformedTextIsRefused(text: String, kind: JSONError.Kind) {
  #expect(refusal(Array(text.utf8)) == kind)
}

@Test(
  arguments: [
    [0x22, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
    [0x22, 0xC3, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
  ] as [[UInt8]])
func stringsThatAreNotUTF8AreRefused(bytes: [UInt8]) {
  #expect(refusal(bytes) == .invalidUTF8)
}

@Test func depthIsBounded() throws {
  let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
  #expect(try parse(fits) != .null)
  #expect(refusal(Array("[\(fits)]".utf8)) == .tooDeep)
  let endless = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
  #expect(refusal(endless) == .tooDeep)
  #expect(refusal(Array(#"{"a":{}}"#.utf8), limits: JSON.Limits(byteCount: 10, depth: 1)) == .tooDeep)
  #expect(refusal(Array("12345".utf8), limits: JSON.Limits(byteCount: 4, depth: 1)) == .tooLong)
  let three = JSON.Limits(byteCount: 100, depth: 8, valueCount: 3)
  #expect(refusal(Array("[1,[]]".utf8), limits: three) == nil)
  #expect(refusal(Array("[1,[2]]".utf8), limits: three) == .tooLong)
  #expect(refusal(Array(#"{"a":1,"b":{"c":2}}"#.utf8), limits: three) == .tooLong)
}

@Test func errorsNameOffsetAndLine() {
  #expect(throws: JSONError(.duplicateName("a"), offset: 9, line: 3)) { try parse("{\n\"a\":1\n,\"a\":2}") }
  #expect(throws: JSONError(.unexpectedByte(0x78), offset: 3, line: 1)) { try parse("[1,x]") }
}

@Test func noTruncationIsAccepted() throws {
  let sample = Array(#"{"title":"Ҳуҷҷат \uD83D\uDE00","n":[-1,2.5e3,{"a":null,"b":true}],"empty":{}}"#.utf8)
  _ = try JSON.parse(sample)
  for count in 0..<sample.count { #expect(refusal(Array(sample.prefix(count))) != nil, "\(count) bytes") }
}

@Test func noByteMakesTheParserTrap() {
  let sample = Array(#"{"a":[1.5e3,"\u00e9x",true,null],"b":{}}"#.utf8)
  for index in sample.indices {
    for byte in UInt8.min...UInt8.max {
      var changed = sample
      changed[index] = byte
      if let value = try? JSON.parse(changed) { #expect((try? JSON.parse(value.serialized())) == value) }
    }
  }
}

@Test func composedAndDecomposedNamesAreTwoNames() throws {
  let composed = "\u{00E9}"
  let decomposed = "e\u{0301}"
  let object = try #require(try parse("{\"\(composed)\":1,\"\(decomposed)\":2}").objectValue)
  #expect(object.count == 2)
  #expect(object[composed] == 1)
  #expect(object[decomposed] == 2)
  #expect(JSON.string(composed) != JSON.string(decomposed))
  #expect(Set([JSON.string(composed), JSON.string(decomposed)]).count == 2)
}

@Test func manyNamesAreReadInLinearTime() throws {
  let text = "{" + (0..<200_000).map { "\"n\($0)\":\($0)" }.joined(separator: ",") + "}"
  let object = try #require(try parse(text).objectValue)
  #expect(object["n199999"] == 199_999)
  #expect(refusal(Array((text.dropLast() + ",\"n7\":0}").utf8)) == .duplicateName("n7"))
}

/// Objects in sets and as keys: by the bytes of their names and the order of their members.
@Test func equalObjectsAreOneInASet() throws {
  let texts = [#"{"a":1,"b":{}}"#, #"{ "a" : 1, "b" : {} }"#, #"{"b":{},"a":1}"#, #"{"a":2,"b":{}}"#]
  let objects = try texts.map { try #require(JSON.parse(Array($0.utf8)).objectValue) }
  #expect(objects[0] == objects[1] && Set(objects).count == 3)
  #expect(Set(objects.flatMap(\.members)).count == 3)
  let composed: JSONObject = ["\u{e9}": 1]
  let decomposed: JSONObject = ["e\u{301}": 1]
  #expect(Set([composed, decomposed]).count == 2)
}
