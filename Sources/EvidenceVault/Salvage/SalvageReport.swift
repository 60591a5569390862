public import StrictJSON
public import Wording

/// What could be recovered from a vault without an index, and what could not.
public struct SalvageReport: Sendable {
  /// An item in the new vault.
  public struct Item: Sendable {
    /// Its number there.
    public let index: UInt64
    /// Its title.
    public let title: String
    /// The file that it was in, relative to the lost vault.
    public let path: String
    /// Fields that the schemas do not allow: they are only in the kept record.
    public let leftFields: [String]
    /// Fields that are only in the kept record because they may not hold any more: numbers of the lost vault, and what
    /// a witness agreed to. Those that a program alone sets are left out: nobody can write them down again.
    public let heldBackFields: [String]
  }

  /// A file that is not as it should be.
  public struct Trouble: Hashable, Sendable {
    /// The file, relative to the lost vault.
    public let path: String
    /// What is wrong with it.
    public let detail: Phrase
    /// Whether its content was recovered all the same.
    public let isRecovered: Bool
  }

  /// A record without an object: an event of the lost vault, or an item whose object is missing or damaged.
  public struct LooseRecord: Sendable {
    /// The name of its schema.
    public let kind: String
    /// When it was added, as it says.
    public let added: String
    /// Its fields.
    public let fields: JSONObject
    /// Whether it is an item, rather than an event.
    public let isItem: Bool
  }

  /// The new vault.
  public let vault: Vault
  /// Its head.
  public let head: Vault.Head
  /// The vaults that the items say they come from.
  public let origins: [String]
  /// What was sealed again.
  public let items: [Item]
  /// Files that could not be opened, or have another name than their digest.
  public let troubles: [Trouble]
  /// Records that were not carried over: whoever knew the public reading key can have made them, and a recipient must
  /// not come back without somebody who vouches for the key.
  public let looseRecords: [LooseRecord]

  /// Whether every file opened, every item has its object, and every field fits its schema.
  public var isComplete: Bool {
    troubles.isEmpty && !looseRecords.contains(where: \.isItem) && items.allSatisfy(\.leftFields.isEmpty)
  }
}
