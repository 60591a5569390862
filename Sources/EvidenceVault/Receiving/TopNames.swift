internal import Tar

/// The names of the files and folders at the top of an item.
struct TopNames {
  private let names: Set<[UInt8]>

  /// Those that paths in the item begin with.
  init(of paths: [ArchivePath]) { names = Set(paths.compactMap { $0.components.first.map(Array.init) }) }

  /// `stem`, or the first of `stem-2`, `stem-3`… that nothing has.
  func free(_ stem: String) -> String {
    var number = 1
    while true {
      let name = number == 1 ? stem : "\(stem)-\(number)"
      if !names.contains(Array(name.utf8)) { return name }
      number += 1
    }
  }
}
