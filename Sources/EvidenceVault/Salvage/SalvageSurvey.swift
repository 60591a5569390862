internal import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// Opens every sealed file below a folder that the keys open; writes nothing.
struct SalvageSurvey {
  private(set) var objects: [SalvagedObject] = []
  private(set) var troubles: [SalvageReport.Trouble] = []
  private(set) var looseRecords: [SalvageReport.LooseRecord] = []
  private var isOfOtherKeys = false
  private var lines: [[Disclosure]] = []
  private let root: Directory
  private let identities: [Identity]
  private let environment: VaultEnvironment

  init(_ root: Directory, identities: [Identity], environment: VaultEnvironment) throws {
    self.root = root
    self.identities = identities
    self.environment = environment
    for path in try Self.sealedFiles(in: root, prefix: "") { try open(path) }
    objects.sort { ($0.added, $0.sealedDigest.hex) < ($1.added, $1.sealedDigest.hex) }
    // A damaged file that lies in aside/ as well is told twice; the same record is taken once.
    var seen: Set<Digest> = []
    objects = objects.filter { seen.insert(SHA256Hasher.digest(of: $0.document)).inserted }
    collectLooseRecords()
  }

  /// Refuses what nothing can be made of. A record whose object is lost is told, and something.
  func requireSomething(in lost: String) throws(VaultError) {
    guard objects.isEmpty, looseRecords.isEmpty else { return }
    guard let first = troubles.first else { throw .nothingSealed(path: lost) }
    guard isOfOtherKeys else { throw .damaged(Finding(.object, path: first.path, detail: first.detail)) }
    throw .wrongIdentity(what: Phrase(verbatim: lost))
  }

  /// All `.age` files but the keys, also those in `aside/`, and the catalogs, sorted.
  private static func sealedFiles(in folder: Directory, prefix: String) throws -> [String] {
    var paths: [String] = []
    for entry in try folder.entries() {
      guard let name = entry.name else { continue }
      let path = prefix + name
      if entry.kind == .directory {
        guard path != SealedKeyFile.folder, !AsideFolder.isForKeys(path) else { continue }
        paths += try sealedFiles(in: folder.directory(name), prefix: "\(path)/")
      } else if entry.kind == .file, name.hasSuffix(StoredFile.ending),
        Catalog.Contents(rawValue: path) == nil
      {
        paths.append(path)
      }
    }
    return paths
  }

  private mutating func open(_ path: String) throws {
    do {
      let object = try SalvagedObject(path, in: root, with: identities, environment: environment)
      objects.append(object)
      try requireNamed(path, object.sealedDigest)
    } catch let error where !(error is AgeError) && !(error is StoreError) && !(error is NamedWrongly) {
      try openRecords(path, otherwise: error)
    } catch {
      try tell(path, error)
    }
  }

  private mutating func openRecords(_ path: String, otherwise first: any Error) throws {
    do {
      let records = try RecordsFile.open(root.file(path), with: identities)
      guard !records.isEmpty else { throw first }
      lines += records
    } catch is JSONError {
      try tell(path, first)
    } catch is SDJWTError {
      try tell(path, first)
    } catch {
      try tell(path, error)
    }
  }

  private struct NamedWrongly: Error {}

  private func requireNamed(_ path: String, _ digest: Digest) throws {
    guard splitPath(path).name == "\(digest.hex)\(StoredFile.ending)" else { throw NamedWrongly() }
  }

  private mutating func tell(_ path: String, _ error: any Error) throws {
    var isRecovered = false
    let detail: Phrase
    switch error {
    case is NamedWrongly:
      isRecovered = true
      detail = "its digest is not its name"
    case AgeError.noMatch:
      isOfOtherKeys = true
      detail = "none of the keys opens it"
    case let fault as SalvagedObject.Fault: detail = fault.detail
    default:
      _ = try ifUndamaged { throw error }
      detail = "it is damaged: \(DamageText.phrase(error))"
    }
    troubles.append(SalvageReport.Trouble(path: path, detail: detail, isRecovered: isRecovered))
  }

  private mutating func collectLooseRecords() {
    let known = Set(objects.map(\.disclosures))
    var seen: Set<Digest> = []
    // The line of what was withdrawn has nothing in it any more.
    for line in lines where !line.isEmpty {
      let digest = SalvagedObject.digest(of: line.map(\.encoded))
      guard !known.contains(digest), seen.insert(digest).inserted else { continue }
      var claims = JSONObject()
      // Those of files come first, and have names of their own.
      for disclosure in line {
        if let name = disclosure.name { claims[name] = disclosure.value }
      }
      let kind = claims["kind"]?.stringValue ?? ""
      let schema = try? Schema.named(kind)
      var fields = JSONObject()
      for member in claims.members where schema?.field(member.name) != nil { fields[member.name] = member.value }
      looseRecords.append(
        SalvageReport.LooseRecord(
          kind: kind, added: claims["added"]?.stringValue ?? "", fields: fields, isItem: schema?.isItem ?? true))
    }
    looseRecords.sort { $0.added < $1.added }
  }
}
