import SwiftASN1
import Testing

@testable import TimeStamp

/// The name of an authority: whoever makes a certificate writes it, so no value of it may pass for more than one.
@Suite struct DistinguishedNameTests {
  /// A name with these values, each the common name of a set of its own.
  private func text(_ values: [String]) throws -> String {
    let sets = values.map { value in
      Hand.value(0x31, Hand.value(0x30, [0x06, 3, 0x55, 4, 3], Hand.value(0x0c, Array(value.utf8))))
    }
    return try DistinguishedName.text(DER.parse(Hand.value(0x30, Array(sets.joined()))))
  }

  @Test(arguments: [
    ("Sample Authority", "CN=Sample Authority"), ("A, O=Known Authority", "CN=A\\, O=Known Authority"),
    ("A\", and this bundle is true. \"", "CN=A\\\"\\, and this bundle is true. \\\""),
    ("a+b;c<d>e\\f", "CN=a\\+b\\;c\\<d\\>e\\\\f"),
    (" both ends ", "CN=\\ both ends\\ "), ("#04", "CN=\\#04"), ("a\0b", "CN=a\\00b"), ("", "CN="),
  ])
  func whatSeparatesIsEscapedInAValue(value: String, shown: String) throws {
    #expect(try text([value]) == shown)
  }

  @Test func attributesAreSeparatedAsTheyStand() throws {
    #expect(try text(["A", "B, C"]) == "CN=A, CN=B\\, C")
  }
}
