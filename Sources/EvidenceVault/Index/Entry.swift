public import Primitives
public import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// A sealed object, as the index names it.
public struct ObjectReference: Hashable, Sendable {
  /// SHA-256 of the sealed bytes, which is also the object's file name.
  public let digest: Digest
  /// The size of the sealed bytes.
  public let byteCount: UInt64

  static let folder = "objects"
  var path: String { StoredFile.path(Self.folder, digest) }
}

/// Where the disclosures of an entry are: a line of a sealed records file.
public struct RecordsReference: Hashable, Sendable {
  /// SHA-256 of the sealed records file, which is also its file name.
  public let digest: Digest
  /// The line in the opened file, from 0.
  public let line: Int

  static let folder = "records"
  var path: String { StoredFile.path(Self.folder, digest) }
}

/// Files that are named by their own digest.
enum StoredFile {
  static let ending = ".age"

  /// `folder/ab/<64 hexadecimal digits>.age`.
  static func path(_ folder: String, _ digest: Digest) -> String {
    "\(folder)/\(digest.hex.prefix(2))/\(digest.hex)\(ending)"
  }
}

/// One leaf of the index: the part of a record that its issuer signs, with digests in the place of what is told to few.
///
/// Source: FORMAT section 6; RFC 9901.
public struct Entry: Sendable {
  static let type = "evidence-entry+sd-jwt"

  /// Its number: the index of the leaf.
  public let index: UInt64
  /// The leaf itself.
  public let jws: JWS
  /// The object, if the entry has one: items do, events do not.
  public let object: ObjectReference?
  /// Where its disclosures are.
  public let records: RecordsReference
  /// What the entry took out of the vault, if it withdrew something.
  public let removal: Removal?
  /// SHA-256 of the reader lines of the new `vault.note`, if the entry added or removed readers.
  public let readers: Digest?
  /// The digest of the one `vault` key that may follow the present one, if the entry promised it.
  public let promised: Digest?

  /// The member that names the new readers.
  static let readersName = "readers"
  /// The member that names the key that was promised.
  static let promisedName = "next"

  /// What an entry says in the clear beside the files that it names.
  struct Marks {
    var readers: Digest?
    var promised: Digest?
  }

  /// Reads a leaf that is authenticated by the root of the index, or is about to be.
  ///
  /// - Throws: `VaultError.damaged` if it is not an entry of the vault, under the origin it had at that number.
  init(index: UInt64, leaf: [UInt8], in note: VaultNote) throws {
    func damaged(_ detail: Phrase) -> VaultError { .damaged(Finding(.entry, item: index, detail: detail)) }
    do { jws = try JWS.parse(leaf) } catch { throw damaged("the entry is not signed text (JWS)") }
    guard jws.type == Self.type else { throw damaged("the leaf has another type") }
    guard let issuer = jws.payload["iss"]?.stringValue, issuer.utf8.elementsEqual(note.origin(ofEntry: index).bytes)
    else {
      throw damaged("the leaf belongs to another vault")
    }
    guard let records = jws.payload["records"],
      let digest = records["sha256"]?.stringValue.flatMap({ Digest(hex: $0) }),
      let line = records["line"]?.integerValue.flatMap({ Int(exactly: $0) }), line >= 0
    else { throw damaged("the leaf names no record") }
    self.index = index
    self.records = RecordsReference(digest: digest, line: line)
    if let object = jws.payload["object"] {
      guard let digest = object["sha256"]?.stringValue.flatMap({ Digest(hex: $0) }),
        let byteCount = object["bytes"]?.unsignedValue
      else { throw damaged("the leaf names no readable object") }
      self.object = ObjectReference(digest: digest, byteCount: byteCount)
    } else {
      object = nil
    }
    if let removed = jws.payload[Removal.name] {
      guard let removal = Removal(removed) else { throw damaged("the leaf names no readable removal") }
      self.removal = removal
    } else {
      removal = nil
    }
    readers = try Self.digest(Self.readersName, in: jws, orThrow: damaged("the leaf names no readable readers"))
    promised = try Self.digest(Self.promisedName, in: jws, orThrow: damaged("the leaf promises no readable key"))
  }

  private static func digest(_ name: String, in jws: JWS, orThrow error: VaultError) throws -> Digest? {
    guard let value = jws.payload[name] else { return nil }
    guard let digest = value.stringValue.flatMap({ Digest(hex: $0) }) else { throw error }
    return digest
  }

  /// The number of digests in an entry is rounded up to a multiple of this with decoys, so that it does not tell the
  /// kind.
  static let digestCountStep = 16

  /// Signs a leaf.
  static func sign(
    _ record: ComposedRecord, object: ObjectReference?, removal: Removal?, marks: Marks, records: RecordsReference,
    origin: String, key: borrowing SigningKey, randomness: any RandomSource
  ) throws -> [UInt8] {
    var clear: JSONObject = ["iss": .string(origin)]
    if let object {
      clear["object"] = ["sha256": .string(object.digest.hex), "bytes": .integer(Int64(clamping: object.byteCount))]
    }
    clear["records"] = ["sha256": .string(records.digest.hex), "line": .integer(Int64(clamping: records.line))]
    if let removal { clear[Removal.name] = removal.json }
    if let readers = marks.readers { clear[readersName] = .string(readers.hex) }
    if let promised = marks.promised { clear[promisedName] = .string(promised.hex) }
    let digestCount = (record.top.count + digestCountStep - 1) / digestCountStep * digestCountStep
    let payload = try IssuerClaims.payload(
      clear, hiding: record.top, digestCount: digestCount, randomness: randomness)
    return Array(JWS.sign(payload, type: type, key: key).compact.utf8)
  }
}
