internal import Tar

/// Where the disclosed files of one item stand in a bag.
///
/// A file keeps its path if every system can hold it beside the others; otherwise it goes to a folder of its own kind,
/// under its position and as much of its name as is harmless. The original path is in the record.
///
/// Source: FORMAT section 7.
struct BagNames {
  /// Bytes of a name that is kept behind a position.
  private static let maximumNameByteCount = 200

  private let folder: String
  private var takenFiles: Set<String> = []
  private var takenFolders: Set<String> = []

  /// The paths of the files of `record`, in its order.
  static func paths(_ record: Record) -> [BagPath] {
    var names = BagNames(folder: Bag.itemFolder(record.index))
    return record.files.enumerated().map { names.path($1, position: $0 + 1) }
  }

  private init(folder: String) { self.folder = folder }

  private mutating func path(_ file: FileRecord, position: Int) -> BagPath {
    guard let text = file.path?.text else { return BagPath("\(folder)/renamed/\(position)") }
    if take(text) { return BagPath("\(folder)/files/\(text)") }
    let name = text.unicodeScalars.split(separator: "/").last.map(Self.harmless) ?? ""
    return BagPath("\(folder)/renamed/\(position)-\(name)")
  }

  /// Whether a file can keep its path. Letters that differ only in case or composition count as the same, and what is a
  /// file for one path cannot be a folder for another.
  private mutating func take(_ text: String) -> Bool {
    let components = text.unicodeScalars.split(separator: "/").map { String($0) }
    guard components.allSatisfy(Self.isHarmless), (try? ArchivePath("\(Bag.folder)/\(folder)/files/\(text)")) != nil
    else {
      return false
    }
    let name = text.lowercased()
    let folders = (1..<components.count).map { components.prefix($0).joined(separator: "/").lowercased() }
    guard !takenFiles.contains(name), !takenFolders.contains(name), takenFiles.isDisjoint(with: folders) else {
      return false
    }
    takenFiles.insert(name)
    takenFolders.formUnion(folders)
    return true
  }

  /// Whether every system can hold a file or folder of this name, and shows it as it is.
  static func isHarmless(_ component: String) -> Bool {
    guard let last = component.unicodeScalars.last, last != ".", last != " " else { return false }
    return component.unicodeScalars.allSatisfy(isHarmless)
  }

  /// A name with low lines for what some systems refuse or hide, short enough for all.
  private static func harmless(_ name: Substring.UnicodeScalarView) -> String {
    var text = ""
    for scalar in name {
      let next = isHarmless(scalar) ? Character(scalar) : "_"
      guard text.utf8.count + next.utf8.count <= maximumNameByteCount else { break }
      text.unicodeScalars.append(contentsOf: next.unicodeScalars)
    }
    return text + (text.last == "." || text.last == " " ? "_" : "")
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if "%:*?\"<>|".unicodeScalars.contains(scalar) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }
}
