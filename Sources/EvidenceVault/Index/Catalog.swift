internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
public import StrictJSON
internal import TransparencyLog

/// What a list shows of one entry.
public struct Summary: Sendable {
  /// The number of the entry.
  public let index: UInt64
  /// The name of its schema.
  public let kind: String
  /// Its title, or the name that it is about.
  public let title: String
  /// When it was added.
  public let added: String
  /// The case it belongs to, if it says so.
  public let caseCode: String?
  /// How many files it has.
  public let fileCount: Int
  /// The size of its files together, in bytes.
  public let byteCount: UInt64
  /// All fields of an event; empty for an item.
  public let eventFields: JSONObject

  init(_ record: Record) {
    index = record.index
    kind = record.kind
    title = record.title
    added = record.added ?? ""
    caseCode = record.fields["case"]?.stringValue
    fileCount = record.files.count
    byteCount = record.files.reduce(0) { $0 &+ $1.byteCount }
    let isItem = (try? Schema.named(record.kind))?.isItem ?? true
    eventFields = isItem ? [:] : record.fields
  }

  /// The line of the catalog, and what `list --json` prints.
  public var json: JSONObject {
    var line: JSONObject = [
      "item": .integer(Int64(clamping: index)), "kind": .string(kind), "title": .string(title), "added": .string(added),
    ]
    if let caseCode { line["case"] = .string(caseCode) }
    line["files"] = .integer(Int64(clamping: fileCount))
    line["bytes"] = .integer(Int64(clamping: byteCount))
    if !eventFields.isEmpty { line["fields"] = .object(eventFields) }
    return line
  }

  init?(_ json: JSON) {
    guard let index = json["item"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
      let kind = json["kind"]?.stringValue, let title = json["title"]?.stringValue,
      let added = json["added"]?.stringValue, let fileCount = json["files"]?.integerValue,
      let byteCount = json["bytes"]?.integerValue.flatMap({ UInt64(exactly: $0) })
    else { return nil }
    self.index = index
    self.kind = kind
    self.title = title
    self.added = added
    self.caseCode = json["case"]?.stringValue
    self.fileCount = Int(fileCount)
    self.byteCount = byteCount
    self.eventFields = json["fields"]?.objectValue ?? [:]
  }
}

/// The catalog: summaries of all entries up to a head, sealed to the reader who made it. It may be deleted at any time.
///
/// Anyone can seal to a reader's public key, so the catalog carries a code under a key that only the reader can derive.
///
/// Source: FORMAT section 8.
struct Catalog {
  static let fileName = "catalog.age"
  static let format = "evidence-catalog/v1"
  private static let maximumByteCount = 1 << 30

  let vault: Vault
  let identity: Identity

  /// The summaries, if there is a catalog that this reader made; `nil` otherwise.
  ///
  /// - Throws: `VaultError.damaged` if it is one of this reader's and was changed.
  func read() throws -> (size: UInt64, root: Digest, summaries: [Summary])? {
    guard vault.root.contains(Self.fileName) else { return nil }
    let sink = MemorySink(limit: Self.maximumByteCount)
    do {
      let file = try vault.root.file(Self.fileName)
      try SealedFile(reading: file).open(with: [identity], to: sink)
    } catch AgeError.noMatch {
      return nil
    } catch let error as AgeError {
      throw damaged("\(error)")
    }
    return try parse(sink.bytes)
  }

  /// Replaces the catalog. A failure is no failure of the command that made it: the next one makes it again.
  func write(_ summaries: [Summary], head: Vault.Head) {
    var lines = header(head)
    for summary in summaries { lines += summary.json.serialized() + [UInt8(ascii: "\n")] }
    var code = HMACSHA256(key: key)
    code.update(lines)
    let text = Array("\(Hex.encode(code.finalize()))\n".utf8) + lines
    guard let incoming = try? vault.root.directory(Vault.incomingFolder) else { return }
    let name = "\(Hex.encode(vault.environment.randomness.bytes(16))).catalog"
    do {
      let file = try incoming.createFileAmongOthers(name, finalMode: 0o600)
      try Sealing.seal(
        from: MemorySource(text), to: file, for: [identity.recipient], options: vault.environment.sealingOptions)
      try file.finish()
      try withExtendedLifetime(file) { try incoming.replace(Self.fileName, in: vault.root, with: name) }
    } catch {
      try? incoming.remove(name)
    }
  }

  private func header(_ head: Vault.Head) -> [UInt8] {
    Array("\(Self.format) \(vault.note.origin) \(head.tree.size) \(head.tree.root.hex)\n".utf8)
  }

  private var key: SecretBytes { identity.derivedKey(label: Self.format) }

  private func parse(_ bytes: [UInt8]) throws -> (size: UInt64, root: Digest, summaries: [Summary]) {
    let codeLength = 2 * HMACSHA256.byteCount + 1
    guard bytes.count > codeLength, let code = Hex.decode(Array(bytes.prefix(codeLength - 1))) else {
      throw damaged("not a catalog")
    }
    var own = HMACSHA256(key: key)
    own.update(Array(bytes.dropFirst(codeLength)))
    guard own.isValid(code) else { throw damaged("not made by this reader") }
    var lines = bytes.dropFirst(codeLength).split(separator: UInt8(ascii: "\n"))[...]
    let words = (lines.popFirst() ?? []).split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 4, words[0] == Self.format, words[1] == vault.note.origin.description,
      let size = UInt64(words[2]), let root = Digest(hex: words[3])
    else { throw damaged("a catalog of another vault") }
    let summaries = Self.summaries(lines)
    guard summaries.count == lines.count else { throw damaged("a line that is no summary") }
    return (size, root, summaries)
  }

  /// Parses lines on all cores; those that are no summaries are left out.
  private static func summaries(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [Summary] {
    let partWidth = 4_096
    let parts = stride(from: lines.startIndex, to: lines.endIndex, by: partWidth).map {
      lines[$0..<min($0 + partWidth, lines.endIndex)]
    }
    return concurrentMap(parts) { part in
      part.compactMap { line in (try? JSON.parse(Array(line))).flatMap { Summary($0) } }
    }.flatMap { $0 }
  }

  private func damaged(_ detail: String) -> VaultError {
    .damaged(Finding(.catalog, path: Self.fileName, detail: detail))
  }
}

extension VaultReader {
  /// Summaries of all entries, from the catalog as far as it goes. A catalog that is behind or damaged is made again.
  ///
  /// - Throws: as `forEachRecord`.
  public func summaries() throws(VaultError) -> [Summary] {
    guard let identity = identities.first(where: { vault.note.readers.contains($0.recipient) }) else {
      throw .notAReader
    }
    let catalog = Catalog(vault: vault, identity: identity)
    var summaries: [Summary] = []
    do {
      if let known = try? catalog.read(), known.size <= count, UInt64(known.summaries.count) == known.size,
        try vault.tree(head.tree).head(ofSize: known.size).root == known.root
      {
        summaries = known.summaries
        if known.size == count { return summaries }
      }
    } catch {
      throw VaultError(error)
    }
    try forEachRecord(from: UInt64(summaries.count)) { summaries.append(Summary($0)) }
    catalog.write(summaries, head: head)
    return summaries
  }
}
