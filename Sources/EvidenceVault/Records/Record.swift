internal import Primitives
public import SelectiveDisclosure
public import StrictJSON
internal import Wording

/// An entry with its disclosures in their places: what a reader of the vault, or the recipient of a part, sees of it.
public struct Record: Sendable {
  /// The number of the entry: its index in the log.
  public let index: UInt64
  /// The name of its schema; empty if withheld.
  public let kind: String
  /// When it was added, on the clock of the machine that added it; `nil` if withheld.
  public let added: String?
  /// Its disclosed fields.
  public let fields: JSONObject
  /// Its disclosed files.
  public let files: [FileRecord]
  /// How many digests stay closed: withheld claims and decoys.
  public let undisclosedDigestCount: Int
  /// The signed object and the disclosures.
  public let presentation: Presentation
  /// Where each disclosure ended up.
  public let claims: [DisclosedClaims.Claim]

  /// The signed claims without any digest, as a public SD-JWT library gives them too.
  public let payload: JSONObject

  /// Reads what was disclosed of an entry that is authenticated already.
  ///
  /// - Throws: `SDJWTError`, or `VaultError.damaged`.
  init(index: UInt64, presentation: Presentation) throws {
    let disclosed = try presentation.claimsTrustingSignature()
    let payload = disclosed.payload
    var fields = JSONObject()
    for member in payload.members where !ComposedRecord.reservedNames.contains(member.name) {
      fields[member.name] = member.value
    }
    guard let elements = payload["files"].map(\.arrayValue) ?? [] else {
      throw VaultError.damaged(Finding(.record, item: index, detail: "the list of files is none"))
    }
    let files = elements.map(FileRecord.init)
    guard !files.contains(where: { $0 == nil }) else {
      throw VaultError.damaged(Finding(.record, item: index, detail: "a file element is not as the format says"))
    }
    self.index = index
    self.kind = payload["kind"]?.stringValue ?? ""
    self.added = payload["added"]?.stringValue
    self.fields = fields
    self.files = files.compactMap { $0 }
    self.undisclosedDigestCount = disclosed.undisclosedDigestCount
    self.presentation = presentation
    self.claims = disclosed.claims
    self.payload = payload
  }

  /// The title, or what stands for it.
  public var title: String { fields["title"]?.stringValue ?? fields["name"]?.stringValue ?? "" }

  /// The record as a readable document: the same bytes whoever writes it from the same disclosures.
  ///
  /// Source: FORMAT section 5.
  public func document() -> [UInt8] { JSON.object(payload).serialized(pretty: true) + [UInt8(ascii: "\n")] }
}
