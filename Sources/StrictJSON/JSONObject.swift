/// The members of a JSON object, in order, no two of one name. Names are the same only if their UTF-8 bytes are.
///
/// Source: RFC 8259 section 4.
public struct JSONObject: Sendable {
  /// One name and its value.
  public struct Member: Sendable {
    /// The name.
    public let name: String
    /// The value.
    public fileprivate(set) var value: JSON
  }

  /// The members in the order in which they were read or added.
  public private(set) var members: [Member] = []
  /// Where each name stands, kept once there are so many members that looking at each would cost more: without it, an
  /// object with a million names would take hours to check for duplicates.
  private var positions: [ExactText: Int]?

  private static let linearSearchLimit = 12

  /// Makes an object without members.
  public init() {}

  init(distinct elements: [(String, JSON)]) {
    for (name, value) in elements {
      precondition(append(name, value), "StrictJSON: a literal with a name twice")
    }
  }

  /// The number of members.
  public var count: Int { members.count }

  /// Whether there is no member.
  public var isEmpty: Bool { members.isEmpty }

  /// The names in order.
  public var names: [String] { members.map(\.name) }

  /// The value of the member with exactly these UTF-8 bytes as its name. Setting replaces in place or adds at the end;
  /// setting `nil` removes.
  public subscript(name: String) -> JSON? {
    get { position(of: name).map { members[$0].value } }
    set {
      switch (position(of: name), newValue) {
      case (let position?, let value?): members[position].value = value
      case (let position?, nil): remove(at: position)
      case (nil, let value?): appendUnchecked(name, value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member at the end, unless the name is taken; says whether it was added.
  public mutating func append(_ name: String, _ value: JSON) -> Bool {
    guard position(of: name) == nil else { return false }
    appendUnchecked(name, value)
    return true
  }

  private mutating func appendUnchecked(_ name: String, _ value: JSON) {
    positions?[ExactText(name)] = members.count
    members.append(Member(name: name, value: value))
    if positions == nil && members.count > Self.linearSearchLimit { indexNames() }
  }

  private mutating func remove(at position: Int) {
    members.remove(at: position)
    if positions != nil { indexNames() }
  }

  private mutating func indexNames() {
    var positions: [ExactText: Int] = [:]
    for (index, member) in members.enumerated() { positions[ExactText(member.name)] = index }
    self.positions = positions
  }

  private func position(of name: String) -> Int? {
    let text = ExactText(name)
    if let positions { return positions[text] }
    return members.firstIndex { ExactText($0.name) == text }
  }
}

extension JSONObject: Hashable {
  /// Whether both have the same members in the same order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }

  /// Feeds the members to a hash table.
  public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSONObject.Member: Hashable {
  /// Whether name and value are the same.
  public static func == (left: Self, right: Self) -> Bool {
    ExactText(left.name) == ExactText(right.name) && left.value == right.value
  }

  /// Feeds name and value to a hash table.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ExactText(name))
    hasher.combine(value)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Makes an object; writing one name twice is a mistake in the program.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(distinct: elements) }
}

/// A text that equals another only byte for byte.
package struct ExactText: Hashable, Sendable {
  /// The text.
  package let text: String

  /// Wraps a text.
  package init(_ text: String) { self.text = text }

  /// Whether the UTF-8 bytes are the same.
  package static func == (left: ExactText, right: ExactText) -> Bool {
    // Texts of the same bytes are equal to Swift, too, which tells short ones apart at a glance.
    left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Feeds the UTF-8 bytes to a hash table.
  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8(0xFF))
  }
}
