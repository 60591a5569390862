internal import Primitives

/// Which witnesses are trusted, and how many of them have to have signed: a text of lines.
///
///     witness NAME KEY
///     group NAME any|all|NUMBER MEMBER…
///     quorum NAME|none
///
/// Names are defined before they are used, each once, and are a member of one group at most. Empty lines and lines with
/// `#` in front are passed over.
///
/// Source: C2SP tlog-policy, without `log` lines and URLs: whose log it is, says the vault's card.
public struct WitnessPolicy: Hashable, Sendable {
  /// The longest policy, in bytes.
  public static let maximumByteCount = 65_536
  private static let noQuorum = "none"

  /// A witness under the name that the policy gives it.
  public struct Witness: Hashable, Sendable {
    /// What people call it.
    public let name: String
    /// Its key.
    public let key: WitnessKey
  }

  private struct Group: Hashable {
    let name: String
    let threshold: Int
    let members: [String]
  }

  /// All witnesses in the order of the text; no key twice.
  public let witnesses: [Witness]
  private let groups: [Group]
  private let quorum: String

  /// Trusts `threshold` of `witnesses`, called `w1`, `w2` and so on.
  ///
  /// - Throws: `malformed(.policy)` if the threshold is not between 1 and their number, or a key is there twice.
  public init(_ threshold: Int, of keys: [WitnessKey]) throws(LogError) {
    let witnesses = keys.enumerated().map { "witness w\($0.offset + 1) \($0.element)\n" }
    let members = keys.indices.map { " w\($0 + 1)" }.joined()
    try self.init(Array("\(witnesses.joined())group enough \(threshold)\(members)\nquorum enough\n".utf8))
  }

  /// Reads a policy.
  ///
  /// - Throws: `malformed(.policy)`, `beyondLimit(.policy)`, and as `WitnessKey.init`.
  public init(_ bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.policy) }
    guard let text = String(validating: bytes, as: UTF8.self), text.isEmpty || text.last == "\n" else {
      throw .malformed(.policy)
    }
    var parser = Parser()
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      try parser.take(line.split(separator: " ", omittingEmptySubsequences: false).map(String.init))
    }
    guard let quorum = parser.quorum else { throw .malformed(.policy) }
    (witnesses, groups, self.quorum) = (parser.witnesses, parser.groups, quorum)
  }

  /// The text, without comments.
  public var bytes: [UInt8] {
    let lines =
      witnesses.map { "witness \($0.name) \($0.key)" }
      + groups.map { "group \($0.name) \($0.threshold) \($0.members.joined(separator: " "))" } + ["quorum \(quorum)"]
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Whether it is enough that these witnesses signed. A witness counts once, however often it signed.
  public func isMet(by signers: [WitnessKey]) -> Bool {
    let signed = Set(witnesses.filter { signers.contains($0.key) }.map(\.name))
    return quorum == Self.noQuorum || isMet(quorum, by: signed)
  }

  /// Groups have only members that were defined before them, so this ends.
  private func isMet(_ name: String, by signed: Set<String>) -> Bool {
    guard let group = groups.first(where: { $0.name == name }) else { return signed.contains(name) }
    return group.members.count { isMet($0, by: signed) } >= group.threshold
  }

  private struct Parser {
    var witnesses: [Witness] = []
    var groups: [Group] = []
    var quorum: String?
    private var names: Set<String> = [WitnessPolicy.noQuorum]
    private var grouped: Set<String> = []

    mutating func take(_ words: [String]) throws(LogError) {
      guard quorum == nil, let first = words.first, !words.contains("") else { throw .malformed(.policy) }
      switch (first, words.count) {
      case ("witness", 3): try takeWitness(words[1], WitnessKey(words[2]))
      case ("group", 4...): try takeGroup(words[1], words[2], Array(words[3...]))
      case ("quorum", 2) where names.contains(words[1]): quorum = words[1]
      default: throw .malformed(.policy)
      }
    }

    private mutating func takeWitness(_ name: String, _ key: WitnessKey) throws(LogError) {
      guard names.insert(name).inserted, !witnesses.contains(where: { $0.key.key == key.key }) else {
        throw .malformed(.policy)
      }
      witnesses.append(Witness(name: name, key: key))
    }

    private mutating func takeGroup(_ name: String, _ count: String, _ members: [String]) throws(LogError) {
      let known = names.subtracting([WitnessPolicy.noQuorum])
      let threshold: Int?
      switch count {
      case "any": threshold = 1
      case "all": threshold = members.count
      default: threshold = Decimal.parse(Array(count.utf8)).flatMap { Int(exactly: $0) }
      }
      guard let threshold, (1...members.count).contains(threshold), Set(members).count == members.count,
        known.isSuperset(of: members), grouped.isDisjoint(with: members), names.insert(name).inserted
      else { throw .malformed(.policy) }
      grouped.formUnion(members)
      groups.append(Group(name: name, threshold: threshold, members: members))
    }
  }
}
