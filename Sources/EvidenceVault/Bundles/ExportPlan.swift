internal import Age
internal import Primitives
internal import SelectiveDisclosure
internal import Tar
internal import TransparencyLog

/// What is to be disclosed beyond the rule, and what is not.
public struct DisclosureChoice: Sendable {
  /// Identity fields that are disclosed on purpose.
  public var disclosed: Set<String> = []
  /// Fields that are withheld on purpose; `files` withholds all files, `file:PATH` one of them.
  public var withheld: Set<String> = []
  /// Skip the search for withheld names in what is disclosed: a person has looked.
  public var isNameCheckSkipped = false

  /// Nothing beyond the rule: identity fields are withheld, all others go.
  public init() {}
}

/// Who is to open a bundle.
public enum Audience: Sendable {
  /// People whom the vault knows.
  case recipients([KnownRecipient])
  /// Whoever has the passphrase.
  case passphrase
}

/// Exactly what the recipients will learn, before anything is sealed.
public struct ExportPlan: Sendable {
  /// One item as it will be seen.
  public struct Item: Sendable {
    /// The record with what is disclosed of it, and nothing else.
    public let record: Record
    /// The names of the fields that are withheld.
    public let withheldFields: [String]
    /// The paths of the files that are withheld; not for the recipients.
    public let withheldFiles: [String]
    /// How many files are withheld.
    public var withheldFileCount: Int { withheldFiles.count }
    /// All that is withheld, for the sender alone.
    public var withheld: [String] { withheldFields + withheldFiles.map { "file:\($0)" } }
    /// Where each disclosed file will stand in the bundle, in the order of the record.
    public var filePaths: [String] { bagPaths.map(\.text) }
    let bagPaths: [BagPath]
    let entry: Entry
    let whole: Record
  }

  /// The items in the order in which they were asked for.
  public let items: [Item]
  /// Who is to open it.
  public let audience: Audience
  /// What it is for.
  public let purpose: String
  /// A random name: 32 hexadecimal digits.
  public let identifier: String
  /// When it was planned.
  public let created: Timestamp
  /// Who signs.
  public let sender: VaultNote
  /// The head that the proofs lead to.
  public let head: Vault.Head
}

extension VaultReader {
  /// Decides field by field what `items` would show.
  ///
  /// - Throws: `VaultError.noSuchItem`, `.notAnItem`, `.unknownField` for a choice that names no field,
  ///   `.identityWouldLeak`, `.nothingToDo`.
  public func plan(
    _ items: [UInt64], for audience: Audience, purpose: String, choice: DisclosureChoice
  ) throws(VaultError) -> ExportPlan {
    guard !items.isEmpty else { throw .nothingToDo }
    do {
      var seen: Set<UInt64> = []
      let planned = try items.filter { seen.insert($0).inserted }.map { try plan($0, choice) }
      try requireKnown(choice, in: planned)
      if case .recipients(let recipients) = audience {
        for item in planned { try ConsentCheck(item: item).run(for: recipients) }
      }
      if !choice.isNameCheckSkipped { try NameCheck(items: planned, purpose: purpose).run() }
      let environment = vault.environment
      return ExportPlan(
        items: planned, audience: audience, purpose: oneLine(purpose),
        identifier: Hex.encode(environment.randomness.bytes(BundleNote.identifierByteCount)),
        created: environment.now(), sender: vault.note,
        head: head)
    } catch {
      throw VaultError(error)
    }
  }

  private func plan(_ index: UInt64, _ choice: DisclosureChoice) throws -> ExportPlan.Item {
    let entry = try entry(at: index)
    let whole = try record(of: entry)
    let schema = try Schema.named(whole.kind)
    guard schema.isItem, entry.object != nil else { throw VaultError.notAnItem(index, kind: whole.kind) }
    let rule = DisclosureRule(schema: schema, files: whole.files, choice: choice)
    let shown = try Record(index: index, presentation: whole.presentation.keeping { rule.isDisclosed($0) })
    return ExportPlan.Item(
      record: shown, withheldFields: rule.withheldFields(of: whole), withheldFiles: rule.withheldFiles,
      bagPaths: BagNames.paths(shown), entry: entry, whole: whole)
  }

  /// A misspelled field name would silently change nothing.
  private func requireKnown(_ choice: DisclosureChoice, in items: [ExportPlan.Item]) throws(VaultError) {
    let schemas = Set(items.map(\.whole.kind)).compactMap { try? Schema.named($0) }
    let names = schemas.flatMap { $0.fields.map(\.name) }
    let paths = items.flatMap { $0.whole.files.compactMap { $0.path.map { "file:\($0.text)" } } }
    let known = Set(names + paths + ["files"])
    for name in choice.disclosed.union(choice.withheld).sorted() where !known.contains(name) {
      let kinds = schemas.map(\.kind).sorted().joined(separator: ", ")
      throw .unknownField(name, kind: kinds, nearest: nearestName(to: name, among: Array(known)))
    }
  }

  private func oneLine(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}
