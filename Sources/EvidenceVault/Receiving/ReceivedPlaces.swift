internal import Tar

/// Where the files of an item and of its amendments stand once they are one item. Each keeps its path, unless one
/// before it has that path, lies below it, or is a file above it; then it goes below a folder of its amendment. The
/// sender signed the paths: whoever receives them could rename none. Numbers of entries of the sender stand in no
/// place: they would lead whoever gets the item next to where it came from.
///
/// Source: FORMAT section 14.
struct ReceivedPlaces {
  private let tops: TopNames
  private var taken = PathRegister()

  /// The places of the files of each record, in the order of both.
  ///
  /// - Throws: `VaultError.unusableName`.
  static func paths(of records: [Record]) throws(VaultError) -> [[ArchivePath]] {
    var wanted: [[ArchivePath]] = []
    for (number, record) in records.enumerated() { wanted.append(try ownPaths(of: record, number + 1)) }
    var places = ReceivedPlaces(tops: TopNames(of: wanted.flatMap { $0 }))
    var given: [[ArchivePath]] = []
    for (number, paths) in wanted.enumerated() { given.append(try places.give(paths, of: number)) }
    return given
  }

  private init(tops: TopNames) { self.tops = tops }

  private static func ownPaths(of record: Record, _ number: Int) throws(VaultError) -> [ArchivePath] {
    var paths: [ArchivePath] = []
    for (position, file) in record.files.enumerated() {
      paths.append(try ItemSource.archivePath(file.path?.text ?? "unnamed/\(number)-\(position + 1)"))
    }
    return paths
  }

  /// Nothing else can lie in the folder: no path begins with its name, and no two files have one position.
  private mutating func give(_ wanted: [ArchivePath], of amendment: Int) throws(VaultError) -> [ArchivePath] {
    let folder = tops.free("amendment-\(amendment)")
    var given: [ArchivePath] = []
    for (position, path) in wanted.enumerated() {
      given.append(taken.insertFile(path) ? path : try Self.place(of: path, below: "\(folder)/\(position + 1)"))
    }
    return given
  }

  /// The path below a folder; its last component alone, where the whole would be longer than a path can be.
  private static func place(of path: ArchivePath, below folder: String) throws(VaultError) -> ArchivePath {
    if let whole = try? ItemSource.archivePath("\(folder)/\(path.text)") { return whole }
    let name = path.components.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
    return try ItemSource.archivePath("\(folder)/\(name)")
  }
}
