/// Recordings and pictures by their first bytes, whatever their names say.
///
/// No text may pass for one: a picture of people needs another consent than words. Where the mark of a kind is made of
/// letters, more is asked for that no text has.
enum MediaSignature {
  /// How many bytes `type` looks at: the comments before an SVG are long.
  static let byteCount = 1024

  /// The kind of recording or picture that the first bytes of a file tell; `nil` if they tell none.
  static func type(of bytes: [UInt8]) -> String? {
    if has("ftyp".utf8, in: bytes, at: 4) {
      return container(String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self))
    }
    if let type = chunks(bytes) { return type }
    // The two bytes after its length are zero in every bitmap, and in no text.
    if has("BM".utf8, in: bytes), has([0, 0, 0, 0], in: bytes, at: 6) { return "image/bmp" }
    if let type = signatures.first(where: { has($0.beginning, in: bytes) })?.type { return type }
    if isIcon(bytes) { return "image/x-icon" }
    if isPCX(bytes) { return "image/x-pcx" }
    if has([1, 0, 0, 0], in: bytes), has(" EMF".utf8, in: bytes, at: 40) { return "image/emf" }
    if hasBinary(bytes) {
      if atoms.contains(where: { has($0.utf8, in: bytes, at: 4) }) { return "video/quicktime" }
      if isTransportStream(bytes) { return "video/mp2t" }
    }
    if PortableAnymap.begins(bytes) { return "image/x-portable-anymap" }
    return SVG.begins(bytes) ? "image/svg+xml" : nil
  }

  static func has(_ part: some Sequence<UInt8>, in bytes: [UInt8], at place: Int = 0) -> Bool {
    bytes.dropFirst(place).starts(with: part)
  }

  /// Whether there is a byte that stands in no text.
  static func hasBinary(_ bytes: some Sequence<UInt8>) -> Bool { bytes.contains { $0 < 9 } }

  private static func container(_ brand: String) -> String {
    if brand.hasPrefix("3g") { return "video/3gpp" }
    if ["heic", "heix", "hevc", "mif1", "msf1"].contains(brand) { return "image/heic" }
    if brand.hasPrefix("avi") { return "image/avif" }
    if brand.hasPrefix("M4A") || brand.hasPrefix("M4B") { return "audio/mp4" }
    return brand == "qt  " ? "video/quicktime" : "video/mp4"
  }

  /// RIFF, also with its bytes in the other order or with sizes of 64 bits.
  private static func chunks(_ bytes: [UInt8]) -> String? {
    guard ["RIFF", "RIFX", "RF64", "BW64"].contains(where: { has($0.utf8, in: bytes) }) else { return nil }
    return [("WAVE", "audio/wav"), ("AVI ", "video/x-msvideo"), ("WEBP", "image/webp")]
      .first { has($0.0.utf8, in: bytes, at: 8) }?.1
  }

  /// What a film of QuickTime can begin with, behind a length, where it has no `ftyp`.
  private static let atoms = ["moov", "mdat", "wide", "free", "skip", "pnot", "moof", "styp"]

  /// Packets of 188 bytes, each with a mark before it; on a disc four bytes of time stand before each.
  private static func isTransportStream(_ bytes: [UInt8]) -> Bool {
    [(start: 0, length: 188), (start: 4, length: 192)].contains { start, length in
      let places = [start, start + length, start + 2 * length]
      guard bytes.count > places[1] else { return false }
      return places.filter { $0 < bytes.count }.allSatisfy { bytes[$0] == 0x47 }
    }
  }

  /// A list of pictures, none of them empty; the first has a byte that is always zero.
  private static func isIcon(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 22, has([0, 0, 1, 0], in: bytes) || has([0, 0, 2, 0], in: bytes) else { return false }
    return bytes[4] > 0 && bytes[5] == 0 && bytes[9] == 0 && bytes[18..<22].contains { $0 > 0 }
  }

  private static func isPCX(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0x0A && bytes[1] <= 5 && bytes[2] <= 1 && [1, 2, 4, 8, 24].contains(bytes[3])
  }

  private static let signatures: [(beginning: [UInt8], type: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "image/png"), ([0xFF, 0xD8, 0xFF], "image/jpeg"), (Array("GIF8".utf8), "image/gif"),
    ([0x49, 0x49, 0x2A, 0], "image/tiff"), ([0x4D, 0x4D, 0, 0x2A], "image/tiff"),
    (Array("8BPS".utf8) + [0], "image/vnd.adobe.photoshop"),
    ([0xFF, 0x0A], "image/jxl"), ([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20], "image/jxl"),
    ([0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20], "image/jp2"), ([0xFF, 0x4F, 0xFF, 0x51], "image/jp2"),
    ([0xD7, 0xCD, 0xC6, 0x9A], "image/wmf"),
    (Array("OggS".utf8) + [0], "audio/ogg"),
    (Array("ID3".utf8) + [2], "audio/mpeg"), (Array("ID3".utf8) + [3], "audio/mpeg"),
    (Array("ID3".utf8) + [4], "audio/mpeg"),
    ([0xFF, 0xFB], "audio/mpeg"), ([0xFF, 0xF3], "audio/mpeg"), ([0xFF, 0xF2], "audio/mpeg"),
    ([0xFF, 0xFA], "audio/mpeg"),
    ([0xFF, 0xF1], "audio/aac"), ([0xFF, 0xF9], "audio/aac"), (Array("fLaC".utf8), "audio/flac"),
    (Array("#!AMR".utf8), "audio/amr"), (Array("caff".utf8) + [0], "audio/x-caf"),
    (Array("#!SILK".utf8), "audio/x-voice"), ([2] + Array("#!SILK".utf8), "audio/x-voice"),
    (Array(".snd".utf8) + [0, 0], "audio/basic"), (Array("FORM".utf8) + [0], "audio/aiff"),
    (Array("riff".utf8) + [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB], "audio/wav"),
    ([0x1A, 0x45, 0xDF, 0xA3], "video/x-matroska"), (Array("FLV".utf8) + [1], "video/x-flv"),
    ([0, 0, 1, 0xBA], "video/mpeg"), ([0, 0, 1, 0xB3], "video/mpeg"), ([0x30, 0x26, 0xB2, 0x75], "video/x-ms-wmv"),
  ]
}

/// PBM, PGM and PPM, whose heads are words that a text can begin with.
private enum PortableAnymap {
  /// Whether a magic number, width, height and, but for black and white, the greatest value stand there, with comments
  /// between them, and behind that what only a picture has.
  static func begins(_ bytes: [UInt8]) -> Bool {
    if MediaSignature.has("P7\nWIDTH ".utf8, in: bytes) { return true }
    guard bytes.count > 3, bytes[0] == UInt8(ascii: "P"), (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1])
    else { return false }
    let number = bytes[1] - UInt8(ascii: "0")
    var rest = bytes[2...]
    let needed = number == 1 || number == 4 ? 2 : 3
    let values = (0..<needed).compactMap { _ in value(&rest) }
    guard values.count == needed, values.allSatisfy({ (1...1_000_000).contains($0) }), values[needed - 1] > 0,
      let space = rest.popFirst(), isSpace(space), !rest.isEmpty
    else { return false }
    if number > 3 {
      // All programs that people have end the line there; where none does, its points have to be no letters.
      return bytes[2] == UInt8(ascii: "\n") || !isText(rest)
    }
    let most = number == 1 ? 1 : values[2]
    return isOnlyNumbers(rest, upTo: most, separated: number > 1)
  }

  /// The next number, behind spaces and comments.
  private static func value(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard let first = rest.first, isSpace(first) else { return nil }
    while let byte = rest.first, isSpace(byte) || byte == UInt8(ascii: "#") {
      rest = byte == UInt8(ascii: "#") ? rest.drop { $0 != UInt8(ascii: "\n") } : rest.dropFirst()
    }
    let digits = rest.prefix(while: isDigit)
    rest = rest.dropFirst(digits.count)
    return digits.count > 7 ? nil : Int(String(decoding: digits, as: UTF8.self))
  }

  /// Whether only numbers of points follow. The last one may be cut off.
  private static func isOnlyNumbers(_ rest: ArraySlice<UInt8>, upTo most: Int, separated isSeparated: Bool) -> Bool {
    guard rest.allSatisfy({ isSpace($0) || isDigit($0) }), rest.contains(where: isDigit) else { return false }
    guard isSeparated else { return rest.allSatisfy { isSpace($0) || $0 <= UInt8(ascii: "1") } }
    return rest.split(whereSeparator: isSpace).allSatisfy { digits in
      digits.count < 7 && Int(String(decoding: digits, as: UTF8.self)).map { $0 <= most } ?? false
    }
  }

  /// Whether bytes are text, of which the last letter may be cut off.
  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.contains { $0 < 9 || (14..<32).contains($0) }
      && (0...min(3, bytes.count)).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// SVG is text, and a picture: what it shows, no search for names finds.
private enum SVG {
  /// Whether `<svg` is the first element, behind what XML lets stand before it.
  static func begins(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
      if rest.starts(with: "<?".utf8) {
        guard skip(past: "?>", &rest) else { return false }
      } else if rest.starts(with: "<!--".utf8) {
        guard skip(past: "-->", &rest) else { return false }
      } else {
        break
      }
    }
    let start = String(decoding: rest.prefix(14), as: UTF8.self)
    return ["<svg ", "<svg\t", "<svg\n", "<svg\r", "<svg>", "<svg:svg", "<!DOCTYPE svg"].contains {
      start.hasPrefix($0)
    }
  }

  private static func skip(past end: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
    let end = Array(end.utf8)
    guard rest.count >= end.count,
      let place = (rest.startIndex...(rest.endIndex - end.count)).first(where: { rest[$0...].starts(with: end) })
    else { return false }
    rest = rest[(place + end.count)...]
    return true
  }
}
