internal import Tar

/// What is to be disclosed beyond the rule, and what is not.
public struct DisclosureChoice: Sendable {
  /// Fields that are disclosed on purpose, `restricted` for all restricted ones, `file:PATH` for a file, and
  /// `file:ITEM:PATH` for that of one item.
  public var disclosed: Set<String> = []
  /// Fields that are withheld on purpose; `files` withholds all files, `file:PATH` one of them, `names` the names and
  /// times of all files, `name:PATH` those of one.
  public var withheld: Set<String> = []
  /// Why consent is overridden, in the sender's words; what it does not cover goes then, if it is named.
  public var overrideReason: String?
  /// The items for which consent is overridden; none stands for the one that needs it.
  public var overriddenItems: Set<UInt64> = []
  /// That the witness was asked again, when, and what the answer was.
  public var askedNote: String?
  /// How the recipients reach the sender, in the sender's words; they see it.
  public var contact = ""
  /// Leave out the items that consent refuses, and go on with the others.
  public var isLeavingOutRefused = false
  /// Skip the search for withheld names in what is disclosed: a person has looked.
  public var isNameCheckSkipped = false
  /// Items whose names are not searched for: a person has looked for these.
  public var checkedNames: Set<UInt64> = []
  /// Send to recipients although nobody compared their keys with them.
  public var isSendingToUncheckedKeys = false

  /// Nothing beyond the rule.
  public init() {}

  /// What is asked for of one item: consent is overridden only where that was meant for it.
  func choice(of item: UInt64) -> DisclosureChoice {
    var choice = self
    if !overriddenItems.isEmpty, !overriddenItems.contains(item) { choice.overrideReason = nil }
    return choice
  }

  static let restricted = "restricted"
  static let files = "files"
  static let names = "names"

  static func file(_ path: ArchivePath?) -> String { "file:\(path?.text ?? "")" }
  static func file(_ path: ArchivePath, of item: UInt64) -> String { "file:\(item):\(path.text)" }
  static func name(_ path: ArchivePath) -> String { "name:\(path.text)" }
}
