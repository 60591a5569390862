internal import StrictJSON
internal import Wording

/// Files that a command was to remove, and that are still there.
struct StillHere {
  private let paths: [String]

  /// - Parameter paths: Relative to the vault; none if all is gone.
  init(_ paths: [String]) { self.paths = paths }

  var json: JSON { .array(paths.map { .string($0) }) }

  /// Names each of them, among the results.
  func printText() {
    for path in paths { Output.line("STILL HERE: \(Message.shown(path)); the next command that writes tries again") }
  }

  /// - Throws: `ExitStatus.partial` if there are any.
  func requireNone() throws {
    guard !paths.isEmpty else { return }
    Message.error(
      "\(Count.files(paths.count)) that should be gone could not be removed",
      hint: "let yourself write in the folders where they are (chmod): then the next command that writes removes them")
    throw ExitStatus.partial
  }
}
