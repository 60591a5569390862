import Primitives
import Testing

/// The fuzz targets without a fuzzer: their seeds, what `tools/fuzz` found and is kept, and changes of both at random.
/// `tools/fuzz` looks much further.
struct MutationTests {
  static let names = FuzzTarget.all.map(\.name)

  @Test func namesDiffer() { #expect(Set(Self.names).count == Self.names.count) }

  @Test func whatIsKeptIsOfATarget() throws {
    let kept = try KeptInputs.names()
    #expect(!kept.isEmpty)
    #expect(Set(kept).isSubset(of: Self.names))
  }

  @Test(arguments: names)
  func propertiesHoldForSeedsAndChangesOfThem(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let (made, kept) = (try target.seeds(), try KeptInputs.of(name))
    try #require(!made.isEmpty)
    for seed in made { check(target, seed, "a seed") }
    for (line, input) in kept.enumerated() { check(target, input, "line \(line + 1) of what is kept") }
    let seeds = made + kept
    let number = UInt64.random(in: 0...UInt64.max)
    let randomness = SeededRandomness(seed: number)
    for index in 0..<target.sampleCount {
      var input = seeds[randomness.number(below: seeds.count)]
      for _ in 0...randomness.number(below: 4) { Self.change(&input, seeds, randomness) }
      guard check(target, input, "seed \(number), change \(index)") else { return }
    }
  }

  @discardableResult
  private func check(_ target: FuzzTarget, _ input: [UInt8], _ origin: String) -> Bool {
    do {
      try target.run(input)
      return true
    } catch {
      Issue.record("\(error) (\(origin)): \(input.count) bytes, \(Hex.encode(input.prefix(4000)))")
      return false
    }
  }

  /// Flips, replaces, inserts, removes or repeats bytes, or continues with the end of another seed.
  private static func change(_ input: inout [UInt8], _ seeds: [[UInt8]], _ randomness: SeededRandomness) {
    let telling = Array(" \n\r\t-=~.+10AZaz#\"\\{}[]:,\u{0}\u{7f}".utf8) + [0x80, 0xff]
    let place = randomness.number(below: input.count + 1)
    let end = min(place + randomness.number(below: 20), input.count)
    let letter = telling[randomness.number(below: telling.count)]
    switch randomness.number(below: 7) {
    case 0 where place < input.count: input[place] ^= 1 << UInt8(randomness.number(below: 8))
    case 1 where place < input.count: input[place] = letter
    case 2: input.insert(letter, at: place)
    case 3: input.removeSubrange(place..<end)
    case 4: input.insert(contentsOf: input[place..<end], at: place)
    case 5: input.removeSubrange(place...)
    default:
      let other = seeds[randomness.number(below: seeds.count)]
      input = input[..<place] + other.suffix(randomness.number(below: other.count + 1))
    }
  }
}
