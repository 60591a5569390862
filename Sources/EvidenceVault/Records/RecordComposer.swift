internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import Tar

/// A record turned into disclosures: what the index signs are their digests, what is sealed are the disclosures.
///
/// Source: FORMAT section 5; RFC 9901 section 4.2.
struct ComposedRecord {
  /// All disclosures, inner ones before those that hold their digests.
  let disclosures: [Disclosure]
  /// Those whose digests stand in the entry itself.
  let top: [Disclosure]

  /// Names in the signed object that no field may have.
  static let reservedNames = [
    "iss", "object", "records", "kind", "added", "files", Removal.name, Entry.readersName, Entry.promisedName,
  ]

  /// Makes one disclosure of every field, of the list of files, of each file, and of each file's path and time.
  init(
    kind: String, added: Timestamp, fields: JSONObject, files: [FileRecord], randomness: any RandomSource
  ) throws {
    var inner: [Disclosure] = []
    var elements: [Disclosure] = []
    for file in files {
      var hidden: [Disclosure] = []
      if let path = file.path {
        hidden.append(try Disclosure(name: "path", value: .string(path.text), randomness: randomness))
      }
      if let modified = file.modified {
        hidden.append(try Disclosure(name: "modified", value: .string(modified), randomness: randomness))
      }
      let element = try IssuerClaims.object(file.clearClaims, hiding: hidden, randomness: randomness)
      elements.append(Disclosure(element: .object(element), randomness: randomness))
      inner += hidden
    }
    var top = [
      try Disclosure(name: "kind", value: .string(kind), randomness: randomness),
      try Disclosure(name: "added", value: .string(added.description), randomness: randomness),
    ]
    for member in fields.members {
      precondition(!Self.reservedNames.contains(member.name), "EvidenceVault: a schema uses a reserved name")
      top.append(try Disclosure(name: member.name, value: member.value, randomness: randomness))
    }
    if !files.isEmpty {
      let list = try IssuerClaims.array(hiding: elements, randomness: randomness)
      top.append(try Disclosure(name: "files", value: list, randomness: randomness))
    }
    self.disclosures = inner + elements + top
    self.top = top
  }
}
