internal import Wording

/// Folders in which a bundle lies open, as people come to have them.
extension Explanation {
  /// A supplement that was held against the folder of another bundle.
  static func notInFolder(_ item: UInt64) -> Explanation {
    Explanation(
      .failure, "the folder has no item \(item), of which the bundle reveals more",
      "name the folder of the bundle that brought item \(item): --merge FOLDER")
  }

  /// A file that came into the folder after the bundle was opened.
  static func leftByFileManager(_ path: String) -> Explanation {
    Explanation(
      .findings, "the bundle has a file that nobody signed: \(Message.shown(path))",
      "file managers leave such files in the folders that they show: delete it, then check again")
  }
}

/// What programs that show folders leave there, without being asked.
enum FileManagers {
  private static let names: Set<String> = [".ds_store", ".localized", "thumbs.db", "desktop.ini", ".directory"]

  /// Whether a file has a name that they give.
  static func leave(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last?.lowercased() else { return false }
    return names.contains(name) || name.hasPrefix("._")
  }
}
