@testable import EvidenceVault
import StrictJSON
import Tar
import TestFolders
import Testing

/// No voice and no face leaves against `consent.voice_image`, whatever its file is called.
@Suite struct MediaConsentTests {
  private func disclosed(_ file: String, _ bytes: [UInt8] = Array("x".utf8), consent: [(String, JSON)]) throws -> Int {
    let fixture = try VaultFixture()
    let path = try fixture.folder.write(bytes, to: "input/\(file)")
    var fields: JSONObject = [
      "title": "Account", "witness.code": "Blue Heron", "interview.date": "2023-05", "interview.language": "tg",
      "consent.lawyer": "full", "consent.quotes": "verbatim",
    ]
    for (name, value) in consent { fields[name] = value }
    _ = try fixture.open().add(ItemSource.find([path]), kind: "testimony", fields: fields, signer: fixture.signer)
    return try fixture.reader().plan(
      [0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice()
    ).items.flatMap(\.record.files).count
  }

  @Test(arguments: [
    "a.3gp", "a.avi", "a.bmp", "a.amr", "a.aac", "a.flac", "a.mkv", "a.wma", "a.heif", "a.svg", "a.OGA", "a.m2ts",
    "a.cr2",
    "a.zip", "a.unheard", "a",
  ]) func whatMayBeARecordingStays(file: String) throws {
    #expect(try disclosed(file, consent: [("consent.voice_image", false)]) == 0)
    #expect(try disclosed(file, consent: [("consent.voice_image", true)]) == 1)
  }

  @Test(
    arguments: [
      [0xFF, 0xD8, 0xFF, 0xE0], Array("OggS\0".utf8), Array("RIFF____WAVE".utf8), Array("#!AMR\n".utf8),
      [0, 0, 0, 0x18] + Array("ftyp3gp4".utf8), [0x1A, 0x45, 0xDF, 0xA3],
    ] as [[UInt8]]) func aRecordingThatIsCalledAPaperStays(bytes: [UInt8]) throws
  {
    #expect(try disclosed("a.pdf", bytes, consent: [("consent.voice_image", false)]) == 0)
    #expect(try disclosed("a.pdf", bytes, consent: [("consent.voice_image", true)]) == 1)
  }

  @Test func aPaperGoes() throws { #expect(try disclosed("a.txt", consent: [("consent.voice_image", false)]) == 1) }

  @Test func whatIsUnknownNeedsConsentToWordsToo() throws {
    #expect(try disclosed("a.unheard", consent: [("consent.voice_image", true), ("consent.quotes", "none")]) == 0)
  }

  @Test(arguments: [
    ("a.3gp", "video/3gpp"), ("a.JFIF", "image/jpeg"), ("a.opus", "audio/ogg"), ("a.mid", MediaType.unknown),
    ("a", MediaType.unknown), ("a.htm", "text/html"),
  ]) func theEndingTellsTheType(name: String, type: String) throws {
    #expect(MediaType.guess(try ArchivePath(name)) == type)
  }

  @Test(arguments: ["BM is how it begins", "ID3 of them", "RIFFs and so on", "FORM 1", "plain"])
  func textIsNoMedia(text: String) { #expect(MediaSignature.type(of: Array(text.utf8)) == nil) }
}
