/// What an export discloses, as its entry has it: `3:title`, `3:file:#2`, and for neighbours `3:file:#2-50000`. A list
/// of an entry holds fewer elements than an item can have files.
///
/// Source: FORMAT section 7.
enum FileRanges {
  private static let mark = ":file:#"

  /// Puts neighbours of one item together.
  static func joined(_ texts: [String]) -> [String] {
    var joined: [String] = []
    var open: (item: Substring, first: Int, last: Int)?
    func close() {
      guard let (item, first, last) = open else { return }
      joined.append("\(item)\(mark)\(first)\(last > first ? "-\(last)" : "")")
      open = nil
    }
    for text in texts {
      guard let (item, range) = file(text), range.count == 1 else {
        close()
        joined.append(text)
        continue
      }
      if let before = open, before.item == item, before.last + 1 == range.lowerBound {
        open = (item, before.first, range.lowerBound)
      } else {
        close()
        open = (item, range.lowerBound, range.lowerBound)
      }
    }
    close()
    return joined
  }

  /// One element for each field and file.
  static func single(_ texts: [String]) -> [String] {
    texts.flatMap { text -> [String] in
      guard let (item, range) = file(text), range.count > 1 else { return [text] }
      return range.map { "\(item)\(mark)\($0)" }
    }
  }

  /// The item and the positions of an element about files; `nil` for any other.
  private static func file(_ text: String) -> (item: Substring, range: ClosedRange<Int>)? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix(mark) else { return nil }
    let numbers = text[colon...].dropFirst(mark.count).split(separator: "-", omittingEmptySubsequences: false)
    let values = numbers.compactMap { Int($0) }
    guard values.count == numbers.count, let first = values.first, let last = values.last, values.count <= 2,
      1 <= first, first <= last, last <= ItemSource.maximumCount
    else { return nil }
    return (text[..<colon], first...last)
  }
}
