internal import Tar

/// The names of the files and folders at the top of an item.
struct TopNames {
  private let names: Set<[UInt8]>

  /// Those that paths in the item begin with.
  init(of paths: [ArchivePath]) { names = Set(paths.compactMap { $0.components.first.map(Array.init) }) }

  /// `stem`, or the first of `stem-2`, `stem-3`… that nothing has, each with `ending`.
  func free(_ stem: String, ending: String = "") -> String {
    var number = 1
    while true {
      let name = (number == 1 ? stem : "\(stem)-\(number)") + ending
      if !names.contains(Array(name.utf8)) { return name }
      number += 1
    }
  }

  /// Whether a name is one that `free` gives.
  static func isGiven(_ name: ArraySlice<UInt8>, to stem: String, ending: String = "") -> Bool {
    guard name.starts(with: stem.utf8), name.suffix(ending.utf8.count).elementsEqual(ending.utf8) else { return false }
    let middle = name.dropFirst(stem.utf8.count).dropLast(ending.utf8.count)
    return middle.isEmpty
      || middle.first == UInt8(ascii: "-") && middle.dropFirst().allSatisfy { (48...57).contains($0) }
  }
}
