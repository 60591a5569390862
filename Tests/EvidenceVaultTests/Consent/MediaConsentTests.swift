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

  /// What was not asked counts as no: whoever is heard in it may be the witness.
  @Test(arguments: [("a.mp3", nil, 0), ("a.mp4", nil, 0), ("a.mp3", false, 1), ("a.mp3", true, 0), ("a.jpg", nil, 1)])
  func aRecordingThatATestimonySpeaksForNeedsTheVoice(file: String, showsPeople: Bool?, count: Int) throws {
    let fixture = try VaultFixture()
    let witness: JSONObject = [
      "title": "Account", "witness.code": "Blue Heron", "interview.date": "2023-05", "interview.language": "tg",
      "consent.lawyer": "full", "consent.voice_image": false,
    ]
    _ = try fixture.open().add([], kind: "testimony", fields: witness, signer: fixture.signer)
    let path = try fixture.folder.write(Array("x".utf8), to: "input/\(file)")
    var fields: JSONObject = ["title": "Recording", "document.kind": "audio", "consent.by": 0]
    fields["shows_people"] = showsPeople.map { .bool($0) }
    _ = try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
    func goes() throws -> Int {
      let plan = try fixture.reader().plan(
        [1], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
      return plan.items.filter { $0.record.index == 1 }.flatMap(\.record.files).count
    }
    #expect(try goes() == count)
    guard showsPeople == nil else { return }
    // Whoever answers later answers for the recording.
    _ = try fixture.reader().amend(
      1, setting: ["shows_people": false], removing: [], reason: "heard it", adding: [], signer: fixture.signer)
    #expect(try goes() == 1)
  }

  @Test func thePassportOfAPersonStaysUnlessItIsNamed() throws {
    let fixture = try VaultFixture()
    let path = try fixture.folder.write(Array("x".utf8), to: "input/passport.jpg")
    _ = try fixture.open().add(
      ItemSource.find([path]), kind: "person", fields: ["title": "Somebody", "code": "Blue Heron"],
      signer: fixture.signer)
    for (disclosed, count) in [([], 0), (["file:passport.jpg"], 1)] as [(Set<String>, Int)] {
      var choice = DisclosureChoice()
      choice.disclosed = disclosed
      let plan = try fixture.reader().plan(
        [0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: choice)
      #expect(plan.items.flatMap(\.record.files).count == count)
    }
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
  func textIsNoMedia(text: String) { #expect(MediaType.signature(of: Array(text.utf8)) == nil) }
}
