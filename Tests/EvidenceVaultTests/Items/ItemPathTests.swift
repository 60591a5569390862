@testable import EvidenceVault
import Primitives
import SelectiveDisclosure
import StrictJSON
import TestFolders
import Testing

/// What an item holds must come out of it again.
struct ItemPathTests {
  @Test(arguments: [["one/a", "two/a"], ["two/a", "one/a"]])
  func aFileAndAFolderOfOneNameAreRefusedBeforeAnythingIsSealed(order: [String]) throws {
    let fixture = try VaultFixture()
    try fixture.folder.write("a file".utf8, to: "one/a")
    try fixture.folder.write("a file in a folder".utf8, to: "two/a/b")
    #expect {
      try ItemSource.find(order.map { fixture.folder[$0] })
    } throws: {
      if case VaultError.duplicatePath = $0 { true } else { false }
    }
  }

  @Test(arguments: [.string("a"), .object([:]), .null, .integer(0), .array([.string("a")])] as [JSON])
  func aListOfFilesThatIsNoneIsRefused(value: JSON) throws {
    let key = SigningKey(seed: SecretBytes(count: 32))
    let jws = JWS.sign(["files": value], type: "test", key: key)
    #expect(throws: VaultError.self) {
      try Record(index: 0, presentation: Presentation(jws: jws, disclosures: []))
    }
  }
}
