@testable import EvidenceVault
import Testing

/// Recordings and pictures that are known by their first bytes, and texts that begin like some.
@Suite struct MediaSignatureTests {
  private static let zeros = [UInt8](repeating: 0, count: 400)

  private static func packets(_ length: Int, from start: Int, count: Int = 400) -> [UInt8] {
    (0..<count).map { $0 >= start && ($0 - start) % length == 0 ? 0x47 : UInt8(truncatingIfNeeded: $0 &* 7) & 0x3F }
  }

  private static func atom(_ name: String, _ length: [UInt8] = [0, 0, 0, 8]) -> [UInt8] {
    length + Array(name.utf8) + zeros
  }

  @Test(
    arguments: [
      (packets(188, from: 0), "video/mp2t"), (packets(192, from: 4), "video/mp2t"),
      (packets(188, from: 0, count: 300), "video/mp2t"),
      (Array("RF64\u{7f}\u{7f}\u{7f}\u{7f}WAVEds64".utf8), "audio/wav"), (Array("BW64____WAVE".utf8), "audio/wav"),
      (Array("riff".utf8) + [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 4, 0xC1, 0, 0], "audio/wav"),
      (Array(".snd".utf8) + [0, 0, 0, 24], "audio/basic"), (Array("#!SILK_V3".utf8), "audio/x-voice"),
      ([2] + Array("#!SILK_V3".utf8), "audio/x-voice"),
      (atom("moov"), "video/quicktime"), (atom("mdat", [0x4A, 0x41, 0x42, 0x43]), "video/quicktime"),
      (atom("wide"), "video/quicktime"), (atom("free"), "video/quicktime"), (atom("skip"), "video/quicktime"),
      ([0, 0, 0, 12] + Array("jP  ".utf8) + [13, 10, 0x87, 10], "image/jp2"), ([0xFF, 0x4F, 0xFF, 0x51], "image/jp2"),
      ([0x0A, 5, 1, 8], "image/x-pcx"),
      ([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 0x68, 4, 0, 0, 22, 0, 0, 0], "image/x-icon"),
      ([1, 0, 0, 0] + zeros.prefix(36) + Array(" EMF".utf8), "image/emf"), ([0xD7, 0xCD, 0xC6, 0x9A], "image/wmf"),
    ] as [([UInt8], String)]) func aRecordingOrPictureIsKnown(bytes: [UInt8], type: String)
  {
    #expect(MediaSignature.type(of: bytes) == type)
    #expect(MediaType.of(named: "text/plain", beginning: bytes) == type)
  }

  @Test(
    arguments: [
      "P1\n# a comment\n2 2\n01\n10\n", "P2\n2 2 255\n0 255\n17 4\n", "P3 2 1\n15\n0 0 0 15 15 15\n",
      "P4\n8 2\n@@", "P5\n2 2\n255\n@@@@", "P6\n# made by a program\n1 1\n255\n@@@", "P5 2 2 255 \u{1}\u{2}@@",
      "P7\nWIDTH 4\n",
    ]) func aPortableAnymapIsAPicture(text: String)
  {
    #expect(MediaSignature.type(of: Array(text.utf8)) == "image/x-portable-anymap", "\(text)")
  }

  @Test(
    arguments: [
      "<svg xmlns=\"http://www.w3.org/2000/svg\">", "\u{feff}<?xml version=\"1.0\"?>\r\n<svg\twidth=\"1\">",
      "<?xml version=\"1.0\"?><!-- Generator: a program, <svg> --> \n<!DOCTYPE svg PUBLIC \"x\">", "<svg:svg a=\"b\">",
    ]) func anSVGIsAPicture(text: String)
  {
    #expect(MediaSignature.type(of: Array(text.utf8)) == "image/svg+xml", "\(text)")
  }

  @Test(arguments: [
    "P1 was asked first", "P2 2023 11 12\nP3 was there", "P5 10 20 30 of them came", "P6 2023 5 26 Шоҳид омад",
    "P3\n2023 11 28\nthree people", "P1\n10 20\n30 40\n", "P2\n3 3 9\n10 11 12\n", "P4 8 2 of May", "P5\n", "P6",
    "P7 left",
    "P2\n", "P5\n1 1\n255", "P1\n99999999 1\n0",
    "<p>the <svg> element</p>", "<!-- never ended <svg ", "<?xml version=\"1.0\"?><record>", "<svgx>", "The <svg",
    "for free", "the free men", "and skip", "Go moov", "____mdat and more", "Gone to the district office",
    "\n\n\n", "\n5 1 8", ".snd is how such files end", "RF64 and WAVE", "riff raff", "#!/bin/sh\n", "EMF", "",
    String(repeating: "G" + String(repeating: "a", count: 187), count: 5),
    "\u{feff}Шаҳодат", "Дар free ҳолат",
  ]) func noTextIsTakenForOne(text: String) {
    #expect(MediaSignature.type(of: Array(text.utf8)) == nil, "\(text)")
    #expect(MediaType.of(named: "text/plain", beginning: Array(text.utf8)) == "text/plain")
  }
}
