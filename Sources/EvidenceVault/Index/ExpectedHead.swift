internal import Primitives
public import TransparencyLog

/// A head of the index that somebody kept: as words on paper, or as a signed file.
public enum ExpectedHead: Hashable, Sendable {
  /// The size and the eight words of the root. Nobody signed them.
  case words(size: UInt64, fingerprint: String)
  /// A checkpoint as it was signed; whose it is, is yet to be found out.
  case note(SignedNote)

  /// Why words that were typed are no head.
  public enum TypingFault: Error, Hashable, Sendable {
    /// The word is not in the list; the nearest one of the list, if there is one.
    case unknownWord(String, nearest: String?)
    /// There are more or fewer words than eight.
    case wordCount(Int)
  }

  /// Reads a head as people type it: any case, and spaces, hyphens or commas between; `nil` if the text is no number
  /// with words behind it, and must be the name of a file.
  ///
  /// - Throws: `TypingFault`.
  public static func typed(_ text: String) throws(TypingFault) -> ExpectedHead? {
    let parts = text.lowercased().split { $0.isWhitespace || $0 == "-" || $0 == "," }.map(String.init)
    guard parts.count > 1, let size = UInt64(parts[0]), parts[1...].allSatisfy(isWord) else { return nil }
    let words = Array(parts[1...])
    for word in words where !WordList.words.contains(word) {
      throw .unknownWord(word, nearest: nearestName(to: word, among: WordList.words))
    }
    guard words.count == WordList.fingerprintWordCount else { throw .wordCount(words.count) }
    return .words(size: size, fingerprint: words.joined(separator: " "))
  }

  /// Reads a file: what `AddCheckpointRequest` makes, or a checkpoint alone.
  ///
  /// - Throws: `LogError` if it is neither.
  public init(file bytes: [UInt8]) throws(LogError) {
    let note: SignedNote
    do {
      note = try AddCheckpointRequest(bytes).note
    } catch {
      note = try SignedNote(bytes)
    }
    _ = try Checkpoint(note.text)
    self = .note(note)
  }

  private static func isWord(_ text: String) -> Bool { text.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
}
