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
  /// Partial tiles that the commit makes useless.
  let outgrown: [String]

  var bytes: [UInt8] {
    let lines =
      [Self.firstLine, "head \(head.size) \(head.root.hex)"] + placed.map { "place \($0)" }
      + outgrown.map { "outgrow \($0)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Removes what a dead writer left, according to its intent: what it had placed if its head was never signed, what it
  /// had made useless if it was. An intent that cannot be read was not finished, so nothing had been placed.
  static func tidy(_ name: String, in incoming: Directory, root: Directory, head: TreeHead) {
    guard let bytes = try? incoming.contents(of: name, limit: maximumByteCount), let intent = CommitIntent(bytes) else {
      return
    }
    for path in intent.head == head ? intent.outgrown : intent.placed { try? root.remove(path) }
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

  /// Only what commits write; never the note, the checkpoint or a key.
  private static func isOwn(_ path: String) -> Bool {
    [TileStore.folder, RecordsReference.folder, ObjectReference.folder].contains {
      path.utf8.starts(with: "\($0)/".utf8)
    }
  }
}
