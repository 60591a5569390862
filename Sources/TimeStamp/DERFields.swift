internal import SwiftASN1

/// The members of a constructed DER value, taken one after the other. Whoever takes them says when there must be no
/// more: what is not known is refused.
struct DERFields {
  private var rest: ASN1NodeCollection.Iterator
  private var next: ASN1Node?

  init(_ node: ASN1Node, _ identifier: ASN1Identifier = .sequence) throws {
    guard node.identifier == identifier, case .constructed(let members) = node.content else { throw Unexpected() }
    rest = members.makeIterator()
    next = rest.next()
  }

  var isAtEnd: Bool { next == nil }
  var beginsWithSequence: Bool { next?.identifier == .sequence }

  mutating func take() throws -> ASN1Node {
    guard let node = next else { throw Unexpected() }
    next = rest.next()
    return node
  }

  /// The next member if it has this identifier.
  mutating func take(if identifier: ASN1Identifier) -> ASN1Node? {
    guard let node = next, node.identifier == identifier else { return nil }
    next = rest.next()
    return node
  }

  /// The next member if it has this context-specific tag.
  mutating func take(tag: UInt) -> ASN1Node? {
    take(if: ASN1Identifier(tagWithNumber: tag, tagClass: .contextSpecific))
  }

  mutating func identifier() throws -> ASN1ObjectIdentifier { try ASN1ObjectIdentifier(derEncoded: take()) }

  mutating func integer() throws -> Int { try Int(derEncoded: take()) }

  /// The bytes of a number of any size, with its sign.
  mutating func integerBytes() throws -> [UInt8] { try Self.integerBytes(take()) }

  static func integerBytes(_ node: ASN1Node) throws -> [UInt8] {
    // Read as a number as well, so that it has its one spelling.
    _ = try ArraySlice<UInt8>(derEncoded: node)
    guard case .primitive(let bytes) = node.content else { throw Unexpected() }
    return Array(bytes)
  }

  mutating func octets() throws -> [UInt8] { Array(try ASN1OctetString(derEncoded: take()).bytes) }

  func finish() throws { guard next == nil else { throw Unexpected() } }

  /// All that are left.
  mutating func remaining() throws -> [ASN1Node] {
    var nodes: [ASN1Node] = []
    while !isAtEnd { nodes.append(try take()) }
    return nodes
  }

  /// The one member of a value, such as what an explicit tag holds.
  static func only(in node: ASN1Node, _ identifier: ASN1Identifier) throws -> ASN1Node {
    var fields = try DERFields(node, identifier)
    let member = try fields.take()
    try fields.finish()
    return member
  }

  static func context(_ tag: UInt) -> ASN1Identifier { ASN1Identifier(tagWithNumber: tag, tagClass: .contextSpecific) }

  /// A member is missing, of another kind, or one too many.
  struct Unexpected: Error {}
}

/// Reads DER with `body`; whatever is not as it must be is `malformed(part)`.
func reading<Value>(_ part: TimeStampError.Part, _ body: () throws -> Value) throws(TimeStampError) -> Value {
  do { return try body() } catch {
    guard let error = error as? TimeStampError else { throw .malformed(part) }
    throw error
  }
}
