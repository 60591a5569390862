internal import Primitives

/// The names of the parts of one file, and of what lies beside them. None tells what the file is.
///
/// Source: FORMAT section 7.
struct PartName: Sendable {
  /// The most parts that one file can have: three digits.
  static let maximumCount = 999
  /// The fewest bytes that a part can be asked to have.
  static let minimumByteCount: UInt64 = 1_000_000
  /// How to join them, for whoever has no program but those of the system.
  static let joining = "HOW-TO-JOIN.txt"
  private static let listEnding = ".parts.sha256"

  /// The name of the joined file.
  let base: String
  /// Counted from 1.
  let number: Int

  var text: String {
    let digits = String(number)
    return "\(base).\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)"
  }

  init(_ base: String, _ number: Int) {
    self.base = base
    self.number = number
  }

  /// Reads the name of a part; `nil` for any other name.
  init?(_ name: String) {
    let bytes = Array(name.utf8)
    let digits = bytes.suffix(3)
    guard bytes.count > 4, bytes[bytes.count - 4] == UInt8(ascii: "."),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(String(decoding: digits, as: UTF8.self)), number > 0
    else { return nil }
    self.init(String(decoding: bytes.dropLast(4), as: UTF8.self), number)
  }

  /// The name of the list of the parts of `base`.
  static func list(of base: String) -> String { base + listEnding }

  /// The base of which a file of this name is the list.
  static func base(ofList name: String) -> String? {
    name.hasSuffix(listEnding) && name.utf8.count > listEnding.utf8.count
      ? String(name.dropLast(listEnding.count)) : nil
  }

  /// Whether every shell, file system and mail gateway takes a base as it is, and the names made of it fit.
  static func isPlain(_ base: String) -> Bool {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    guard let first = base.utf8.first, letters.utf8.contains(first), base.utf8.count <= 200 else { return false }
    return base.utf8.last != UInt8(ascii: ".") && base.utf8.allSatisfy { "\(letters)._-".utf8.contains($0) }
  }

  /// The list, in the form that `sha256sum -c` reads.
  static func listText(_ digests: [Digest], of base: String) -> String {
    digests.enumerated().map { "\($1.hex)  \(PartName(base, $0 + 1).text)\n" }.joined()
  }

  /// Reads a list; `nil` unless its lines are the parts of one file, from the first on. Which file does not count: mail
  /// programs rename attachments. Systems that end lines with CR LF may have rewritten it.
  static func parseList(_ bytes: [UInt8]) -> [Digest]? {
    var digests: [Digest] = []
    var base: String?
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard line.count > 66, digests.count < maximumCount,
        let digest = Digest(hex: String(decoding: line.prefix(64), as: UTF8.self)),
        [Array("  ".utf8), Array(" *".utf8)].contains(Array(line.dropFirst(64).prefix(2))),
        let name = String(validating: line.dropFirst(66), as: UTF8.self).flatMap(PartName.init),
        name.number == digests.count + 1, base == nil || base == name.base
      else { return nil }
      base = name.base
      digests.append(digest)
    }
    return digests.isEmpty ? nil : digests
  }
}
