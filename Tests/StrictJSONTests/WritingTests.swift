import StrictJSON
import Testing

private func text(_ value: JSON, pretty: Bool = false) -> String {
  String(decoding: value.serialized(pretty: pretty), as: UTF8.self)
}

private let written: [(JSON, String)] = [
  (JSON.null, "null"), (-7, "-7"), (.number(1e5), "100000.0"), (.number(-0.0), "-0.0"), (.number(1e300), "1e+300"),
  ("кӯча", "\"кӯча\""), ("a\"\\/\n\t\u{8}\u{c}\r", #""a\"\\/\n\t\b\f\r""#),
  ("\u{0}\u{1B}\u{7F}\u{85}", #""\u0000\u001b\u007f\u0085""#),
  ("\u{2028}\u{2029}\u{FEFF}", #""\u2028\u2029\ufeff""#), ("\u{202E}x\u{2066}\u{2069}", #""\u202ex\u2066\u2069""#),
  ("\u{200E}\u{200F}\u{061C}", #""\u200e\u200f\u061c""#), ("😀", "\"😀\""), ([1, [], [:]], "[1,[],{}]"),
  (["b": 1, "a": true], #"{"b":1,"a":true}"#),
]

@Test(arguments: written)
func valuesAreWrittenCompactly(value: JSON, expected: String) throws {
  #expect(text(value) == expected)
  #expect(try JSON.parse(value.serialized()) == value)
}

@Test func prettyTextHasTwoSpacesForEachLevel() {
  let value: JSON = ["a": [1, ["b": .null]], "c": [], "d": [:]]
  #expect(
    text(value, pretty: true) == """
      {
        "a": [
          1,
          {
            "b": null
          }
        ],
        "c": [],
        "d": {}
      }
      """)
}

@Test func anyValueReadsBackAsItself() throws {
  let seed = UInt64.random(in: .min ... .max)
  var random = SplitMix(state: seed)
  for _ in 0..<2_000 {
    let value = randomValue(depth: 4, &random)
    let message: Comment = "seed \(seed)"
    #expect(try JSON.parse(value.serialized()) == value, message)
    #expect(try JSON.parse(value.serialized(pretty: true)) == value, message)
  }
}

@Test func membersAreAddedReplacedAndRemoved() {
  var object = JSONObject()
  for index in 0..<30 {
    let isAdded = object.append("n\(index)", .integer(Int64(index)))
    #expect(isAdded)
  }
  let isAddedAgain = object.append("n3", 0)
  #expect(!isAddedAgain)
  object["n3"] = "x"
  object["n0"] = nil
  object["new"] = true
  #expect(object.count == 30)
  #expect(object.names.first == "n1")
  #expect(object["n3"] == "x")
  #expect(object["n29"] == 29)
  #expect(object["n0"] == nil)
  #expect(JSON.object(object)["new"]?.boolValue == true)
}

private func randomValue(depth: Int, _ random: inout SplitMix) -> JSON {
  switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &random) {
  case 0: return .null
  case 1: return .bool(Bool.random(using: &random))
  case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
  case 3:
    let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
    return .number(value.isFinite ? value : 0.5)
  case 4: return .string(randomText(&random))
  case 5: return .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in randomValue(depth: depth - 1, &random) })
  default:
    var object = JSONObject()
    for _ in 0..<Int.random(in: 0..<20, using: &random) {
      object[randomText(&random)] = randomValue(depth: depth - 1, &random)
    }
    return .object(object)
  }
}

private func randomText(_ random: inout SplitMix) -> String {
  var text = ""
  for _ in 0..<Int.random(in: 0..<6, using: &random) {
    let bound: UInt32 = [0x80, 0x3000, 0x11_0000].randomElement(using: &random) ?? 0x80
    if let scalar = Unicode.Scalar(UInt32.random(in: 0..<bound, using: &random)) { text.unicodeScalars.append(scalar) }
  }
  return text
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
