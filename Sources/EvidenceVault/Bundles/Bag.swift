internal import Primitives
internal import Tar

/// The names and small files of a bag.
///
/// Source: RFC 8493 sections 2.1, 2.2 and 2.1.3.
enum Bag {
  /// The folder that holds the whole bundle inside its archive.
  static let folder = "bundle"
  static let declaration: BagPath = "bagit.txt"
  static let info: BagPath = "bag-info.txt"
  static let manifest: BagPath = "manifest-sha256.txt"
  static let tagManifest: BagPath = "tagmanifest-sha256.txt"
  static let payload: BagPath = "data"
  static let note: BagPath = "bundle.note"
  static let report: BagPath = "REPORT.html"
  static let sshSignature: BagPath = "tagmanifest-sha256.txt.sig"
  static let proofs: BagPath = "proofs"
  static let allowedSigners: BagPath = "proofs/allowed_signers"
  static let sender: BagPath = "proofs/sender.note"

  static let timestamps: BagPath = "proofs/timestamps"

  static let declarationText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

  static let presentationEnding = ".sd-jwt"

  static func presentationPath(_ item: UInt64) -> BagPath { BagPath("proofs/item-\(item)\(presentationEnding)") }
  static func eventPath(_ entry: UInt64) -> BagPath { BagPath("proofs/event-\(entry)\(presentationEnding)") }
  static func eventProofPath(_ entry: UInt64) -> BagPath { BagPath("proofs/event-\(entry).tlog-proof") }
  static func proofPath(_ item: UInt64) -> BagPath { BagPath("proofs/item-\(item).tlog-proof") }
  /// A token for the head of the bundle, named by the digest of the authority's certificate.
  static func tokenPath(_ authority: Digest) -> BagPath { BagPath("\(timestamps.text)/\(authority.hex).tst") }
  static func authorityPath(_ authority: Digest) -> BagPath { BagPath("\(timestamps.text)/\(authority.hex).pem") }
  static func itemFolder(_ item: UInt64) -> String { "data/item-\(item)" }
  static func custodyPath(_ item: UInt64) -> BagPath { BagPath("\(itemFolder(item))/custody.json") }
  static func recordPath(_ item: UInt64) -> BagPath { BagPath("\(itemFolder(item))/record.json") }

  /// Whether the format says what stands in a file outside of `data` and `proofs`; the others are pages for people.
  static func isOwn(_ path: BagPath) -> Bool {
    [declaration, info, manifest, tagManifest, sshSignature, note].contains(path)
  }

  /// Whether a file may be there at all. A page keeps to the rule for names of disclosed files, and has no name that
  /// BagIt gives a meaning to: other programs would fetch files, or hold them against other digests.
  ///
  /// Source: FORMAT section 7; RFC 8493 sections 2.2.1 to 2.2.4.
  static func mayHave(_ path: BagPath) -> Bool {
    guard !path.isBelow(payload), !path.isBelow(proofs), !isOwn(path) else { return true }
    let name = path.text.lowercased()
    let isManifest = (name.hasPrefix("manifest-") || name.hasPrefix("tagmanifest-")) && name.hasSuffix(".txt")
    guard !isManifest, name != "fetch.txt" else { return false }
    // Nor is it where some disks have what was checked.
    let folder = BagNames.folded(String(path.text.prefix { $0 != "/" }))
    guard ![payload, proofs].contains(where: { $0.text == folder }) else { return false }
    return path.text.unicodeScalars.split(separator: "/").allSatisfy { BagNames.isHarmless(String($0)) }
  }

  /// The lines of a manifest, in the form that `sha256sum -c` reads, sorted by path.
  static func manifestText(_ digests: [BagPath: Digest]) -> String {
    digests.sorted { $0.key < $1.key }.map { "\($1.hex)  \($0.text)\n" }.joined()
  }

  /// Reads a manifest; `nil` unless it is exactly what `manifestText` makes of its lines.
  static func parseManifest(_ bytes: [UInt8]) -> [BagPath: Digest]? {
    var digests: [BagPath: Digest] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let separator = line.startIndex + 64
      guard line.count > 66, let digest = Digest(hex: String(decoding: line[..<separator], as: UTF8.self)),
        let path = String(validating: line[(separator + 2)...], as: UTF8.self).map(BagPath.init), digests[path] == nil
      else { return nil }
      digests[path] = digest
    }
    return manifestText(digests).utf8.elementsEqual(bytes) ? digests : nil
  }
}
