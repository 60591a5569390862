internal import Tar

/// Where the disclosed files of one item stand in a bag.
///
/// A file keeps its path if every system can hold it beside the others; otherwise it goes to a folder of its own kind,
/// under its position and as much of its name as is harmless. The original path is in the record.
///
/// Source: FORMAT section 7.
struct BagNames {
  /// Bytes of a name that is kept behind a position.
  private static let maximumNameByteCount = 120
  /// UTF-16 code units of a place in the bag. Programs on Windows take 259 for a whole path; this leaves 99 for the
  /// folder that the bag is in.
  private static let maximumUnitCount = 160
  /// Names of devices, which Windows opens instead of a file, whatever ending and folder they have.
  private static let devices: Set<String> = {
    let numbers = "0123456789\u{b9}\u{b2}\u{b3}".map(String.init)
    return Set(["con", "prn", "aux", "nul", "conin$", "conout$"] + numbers.flatMap { ["com\($0)", "lpt\($0)"] })
  }()

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
    let place = "\(folder)/files/\(text)"
    guard components.allSatisfy(Self.isHarmless), place.utf16.count <= Self.maximumUnitCount,
      (try? ArchivePath("\(Bag.folder)/\(place)")) != nil
    else {
      return false
    }
    let name = Self.folded(text)
    let folders = (1..<components.count).map { Self.folded(components.prefix($0).joined(separator: "/")) }
    guard !takenFiles.contains(name), !takenFolders.contains(name), takenFiles.isDisjoint(with: folders) else {
      return false
    }
    takenFiles.insert(name)
    takenFolders.formUnion(folders)
    return true
  }

  /// The form in which two names are the same on some disk. Both cases are gone through: there are letters that become
  /// the same in one of them alone.
  static func folded(_ text: String) -> String { text.lowercased().uppercased().lowercased() }

  /// Whether every system can hold a file or folder of this name, and shows it as it is.
  static func isHarmless(_ component: String) -> Bool {
    guard let last = component.unicodeScalars.last, last != ".", last != " ", !isDevice(component) else { return false }
    return component.unicodeScalars.allSatisfy(isHarmless)
  }

  /// Whether it is the name of a device before its first full stop, where spaces at the end do not count.
  private static func isDevice(_ component: String) -> Bool {
    var stem = component.unicodeScalars.prefix { $0 != "." }
    while stem.last == " " { stem.removeLast() }
    return devices.contains(String(stem).lowercased())
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
