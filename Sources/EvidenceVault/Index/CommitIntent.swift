internal import DurableStore
internal import Primitives
internal import Streams
internal import TransparencyLog

/// What a writer is about to do, written down before it does it, so that the next writer can tidy up after one that
/// died.
///
/// Source: FORMAT section 1.
struct CommitIntent {
  static let ending = ".commit"
  private static let firstLine = "evidence-commit/v1"
  private static let maximumByteCount = 64 << 20

  /// The head that the commit leads to.
  let head: TreeHead
  /// Files that the commit puts in place.
  let placed: [String]
  /// Files that the commit makes useless: partial tiles, what it withdrew or sealed anew, caches.
  let outgrown: [String]

  var bytes: [UInt8] {
    let lines =
      [Self.firstLine, "head \(head.size) \(head.root.hex)"] + placed.map { "place \($0)" }
      + outgrown.map { "outgrow \($0)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Reads an intent; `nil` if it is none, for then it was not finished, and nothing had been placed.
  ///
  /// - Throws: `StoreError` if it could not be read: then nobody knows what is left to do.
  static func read(_ name: String, in incoming: Directory) throws -> CommitIntent? {
    do { return CommitIntent(try incoming.contents(of: name, limit: maximumByteCount)) } catch StoreError.tooLong {
      return nil
    }
  }

  init(head: TreeHead, placed: [String], outgrown: [String]) {
    self.head = head
    self.placed = placed
    self.outgrown = outgrown
  }

  private init?(_ bytes: [UInt8]) {
    guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }[...]
    guard lines.popFirst() == [Self.firstLine], let first = lines.popFirst(), first.count == 3, first[0] == "head",
      let size = UInt64(first[1]), let root = Digest(hex: first[2]), let head = try? TreeHead(size: size, root: root)
    else { return nil }
    func paths(_ word: String) -> [String] {
      lines.filter { $0.count == 2 && $0[0] == word && Self.isOwn($0[1]) }.map { $0[1] }
    }
    self.init(head: head, placed: paths("place"), outgrown: paths("outgrow"))
  }

  /// Only what commits write, and caches; never the note, the checkpoint or a key.
  private static func isOwn(_ path: String) -> Bool {
    [TileStore.folder, RecordsReference.folder, ObjectReference.folder].contains {
      path.utf8.starts(with: "\($0)/".utf8)
    } || Catalog.Contents.allCases.contains { path.utf8.elementsEqual($0.fileName.utf8) }
  }
}
