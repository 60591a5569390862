internal import EvidenceVault
internal import Wording

extension Explanation {
  /// What is wrong with the parts of a sealed bundle.
  init(_ fault: PartsFault) {
    func list(_ names: [Phrase]) -> Phrase {
      let shown = Phrase.list(names.prefix(8).map { Message.shown($0) })
      return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
    func shown(_ names: [String]) -> Phrase { list(names.map { Phrase(verbatim: $0) }) }
    let again: Phrase = "ask the sender for it again; the other parts can stay"
    self =
      switch fault {
      case .none(let folder):
        Explanation(
          .failure, "\(shown([folder])) has no parts of a bundle in it",
          "an open bundle is checked with: evidence verify --bundle FOLDER")
      case .missing(let names): Explanation(.findings, "parts are missing: \(shown(names))", again)
      case .unexpected(let names):
        Explanation(
          .findings, "these parts are not in the list, so they are of another file: \(shown(names))", "take them away")
      case .twice(let name): Explanation(.findings, "two files are both the part \(shown([name]))", "name one of them")
      case .anotherFile(let name):
        Explanation(
          .findings, "\(shown([name])) is not a part of the same file as the others",
          "keep the parts of each file apart")
      case .changed(let changed):
        Explanation(
          .findings,
          "not as the list of parts says: \(list(changed.map(Self.name)))",
          changed.contains { $0.isReally == nil } ? again : "give the parts their own names back")
      case .malformedList(let name):
        Explanation(.findings, "\(shown([name])) is no list of parts", "ask for it again, or take it away")
      case .otherSize(let name):
        Explanation(.findings, "\(shown([name])) is cut short, or not of the same file: its size differs", again)
      case .cutShort(let name, true):
        Explanation(
          .findings, "the last part, \(shown([name])), is damaged, or parts behind it are missing",
          "ask the sender how many there are, and for the file that ends in .parts.sha256")
      case .cutShort(let name, false):
        Explanation(.findings, "the sealed file is damaged in \(shown([name])), or just behind it", again)
      case .noBeginning(let name):
        Explanation(
          .findings, "\(shown([name])) does not begin a sealed file: it is damaged, or another part under this name",
          "ask the sender for it, and for the file that ends in .parts.sha256")
      case .tooMany(let enough):
        Explanation(
          .usage, "that would be more than 999 parts", "say --split \((enough + 999_999) / 1_000_000)M or more")
      case .tooSmall(let minimum): Explanation(.usage, "a part has at least \(minimum) bytes", "say --split 1M or more")
      case .unsuitableName(let name):
        Explanation(
          .usage, "\(shown([name])) cannot be the name of parts: not every mail program and system takes it",
          "use letters from a to z, digits, full stops, - and _, or --output FOLDER/ for a neutral name")
      }
  }

  private static func name(_ changed: PartsFault.Changed) -> Phrase {
    changed.isReally.map { "\(changed.name) (it is \($0))" } ?? "\(changed.name)"
  }
}
