import Primitives
import SelectiveDisclosure
import StrictJSON
import Testing

@Test func propertyExampleOfTheRFCHasItsDigest() throws {
  let encoded = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
  let disclosure = try Disclosure.parse(ascii(encoded))
  #expect(disclosure.salt == "_26bc4LT-ac6q2KI6cBW5es")
  #expect(disclosure.name == "family_name")
  #expect(disclosure.value == "Möbius")
  #expect(disclosure.encoded == encoded)
  #expect(digestText(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0")
}

@Test func elementExampleOfTheRFCHasItsDigest() throws {
  let disclosure = try Disclosure.parse(ascii("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"))
  #expect(disclosure.name == nil)
  #expect(disclosure.value == "FR")
  #expect(digestText(disclosure) == "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs")
}

@Test func newDisclosuresReadBackAsThemselves() throws {
  let value: JSON = ["a": [1, "кӯча", .null]]
  for made in [try Disclosure(name: "ном", value: value), Disclosure(element: value)] {
    let read = try Disclosure.parse(ascii(made.encoded))
    #expect(read == made)
    #expect(read.salt == made.salt && read.name == made.name && read.value == made.value)
    #expect(Base64.url.decode(made.salt)?.count == 16)
    #expect(read.digest == made.digest)
  }
}

@Test func sameClaimTwiceHasTwoDigests() throws {
  #expect(try Disclosure(name: "a", value: 1).digest != Disclosure(name: "a", value: 1).digest)
}

@Test(arguments: [
  "[]", "[\"salt\"]", "[1,\"a\"]", "[\"salt\",1,2]", "[\"salt\",\"a\",1,2]", "{\"a\":1}", "\"x\"", "[\"s\",\"a\",1] x",
  "[\"s\",{\"a\":1,\"a\":2}]", "",
])
func otherShapesAreNoDisclosures(json: String) {
  #expect(throws: SDJWTError.malformedDisclosure) { try Disclosure.parse(ascii(Base64.url.encode(ascii(json)))) }
}

@Test(arguments: ["WyJzIiwxXQ==", "WyJzIiwxXR", "WyJz IiwxXQ", "WyJzIiwxXQ\n", "+/+/", "Ж"])
func otherBase64IsRefused(encoded: String) throws {
  _ = try Disclosure.parse(ascii("WyJzIiwxXQ"))
  #expect(throws: SDJWTError.malformedDisclosure) { try Disclosure.parse(ascii(encoded)) }
}

@Test func disclosuresAreTheSameIfTheirTextIs() throws {
  let texts = ["WyJzIiwxXQ", Base64.url.encode(ascii(#"["s", 1]"#)), Base64.url.encode(ascii(#"["t",1]"#))]
  let read = try (texts + texts).map { try Disclosure.parse(ascii($0)) }
  #expect(read.map(\.salt) == ["s", "s", "t", "s", "s", "t"] && Set(read.map(\.value)) == [1])
  #expect(Set(read).count == 3)
}

@Test(arguments: ["_sd", "...", "_sd_alg"])
func namesOfTheFormatCannotBeDisclosed(name: String) {
  #expect(throws: SDJWTError.reservedName) { try Disclosure(name: name, value: 1) }
  let encoded = Base64.url.encode(JSON.array(["salt", .string(name), 1]).serialized())
  #expect(throws: SDJWTError.reservedName) { try Disclosure.parse(ascii(encoded)) }
}
