internal import EvidenceVault
internal import Primitives
internal import Tar
internal import Wording

/// The disclosed files of an item as views.
struct ReportFiles {
  let say: ReportWords
  let fields: ReportFields
  let images: ReportImages

  /// The files of all its entries.
  func views(of item: ReportItem) -> [View] {
    item.parts.flatMap { part in zip(part.record.files, part.filePaths).map { view($0, at: $1, of: item, part) } }
  }

  private func view(_ file: FileRecord, at path: String, of item: ReportItem, _ part: ExportPlan.Item) -> View {
    let image = images.source(of: file)
    let shown = Printable.line(path)
    return [
      "path": shown, "isLink": Self.isOpenedSafely(file.mediaType), "address": Self.address(path),
      "facts": facts(file, at: path), "isImage": image != nil, "image": image ?? "",
      "alternative": item.title.isEmpty ? shown : item.title,
      "languageOfTitle": item.language(of: "title").map { [["language": $0]] as [View] } ?? [View](),
      "isTooLarge": image == nil && file.mediaType.hasPrefix("image/"),
      "tooLarge": say("This picture is not shown on this page; open the file itself."),
    ]
  }

  private func facts(_ file: FileRecord, at path: String) -> [View] {
    func fact(_ label: Phrase, _ value: View) -> View { ["label": say(label), "values": [value]] }
    var facts: [View] = []
    if let original = file.path?.text, !path.utf8.reversed().starts(with: "/\(original)".utf8.reversed()) {
      facts.append(fact("first name of the file", ReportFields.value(lines: [Printable.line(original)])))
    }
    facts.append(fact("size", ReportFields.value(said: say(size(file.byteCount)))))
    facts.append(fact("kind of file", ReportFields.value(lines: [Printable.line(file.mediaType)])))
    if let modified = file.modified { facts.append(fact("last changed", fields.moment(modified))) }
    facts.append(fact("SHA-256 of the file", ReportFields.value(lines: [file.digest.hex])))
    return facts
  }

  private func size(_ byteCount: UInt64) -> Phrase {
    .counted(byteCount, one: "\(byteCount) byte", other: "\(byteCount) bytes")
  }

  /// Whether a browser shows such a file without running what is in it. Pages and drawings can have a script in them.
  private static func isOpenedSafely(_ mediaType: String) -> Bool {
    let types = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"]
    return types.contains(mediaType) || mediaType.hasPrefix("audio/") || mediaType.hasPrefix("video/")
  }

  /// A path as a relative address: whatever is not plain is written as bytes.
  static func address(_ path: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
    var address: [UInt8] = []
    for byte in path.utf8 {
      if plain.contains(byte) {
        address.append(byte)
      } else {
        address += [UInt8(ascii: "%")] + Hex.encode([byte]).uppercased().utf8
      }
    }
    return String(decoding: address, as: UTF8.self)
  }
}
