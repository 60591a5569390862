internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// A catalog: a line for each entry up to a head, sealed to the reader who made it. It may be deleted at any time.
///
/// It is sealed to an identity that only the reader can derive and whose public half is written nowhere: what opens
/// with it, the reader made.
///
/// Source: FORMAT section 8.
struct Catalog {
  /// What stands in the lines.
  enum Contents: String, CaseIterable {
    /// What a list shows of each entry.
    case summaries = "catalog.age"
    /// All fields, and the names of files.
    case fields = "fields.age"

    /// The path in the vault.
    var fileName: String { rawValue }

    /// The version, which is also the label under which the identity is derived.
    var format: String {
      switch self {
      case .summaries: "evidence-catalog/v3"
      case .fields: "evidence-fields/v1"
      }
    }
  }

  let contents: Contents
  let vault: Vault
  private let identity: Identity

  init(_ contents: Contents, of reader: Identity, in vault: Vault) {
    self.contents = contents
    self.vault = vault
    self.identity = reader.derivedIdentity(label: contents.format)
  }

  // MARK: - Reading

  /// The head that the catalog goes up to, if there is one that this reader made.
  func head() -> TreeHead? {
    struct Enough: Error {}
    var head: TreeHead?
    try? read {
      head = $0
      throw Enough()
    } body: { _ in
    }
    return head
  }

  /// Reads the catalog as it comes: the head first, which `begin` may refuse, and then whole lines, many at once.
  ///
  /// - Throws: `StoreError.notFound`; `AgeError.noMatch` if this reader did not make it; `VaultError.damaged`, possibly
  ///   after some lines, all of which the reader wrote; and what the closures throw.
  func read(begin: (TreeHead) throws -> Void, body: ([UInt8]) throws -> Void) throws {
    let file = try vault.root.file(contents.fileName)
    try withoutActuallyEscaping(begin) { begin in
      try withoutActuallyEscaping(body) { body in
        let sink = LineBatches(of: self) {
          try begin(treeHead(ofHeader: $0))
        } body: {
          try body($0)
        }
        do {
          try SealedFile(reading: file).open(with: [identity], to: sink)
          try sink.finish()
        } catch AgeError.noMatch {
          throw AgeError.noMatch
        } catch let error as AgeError {
          throw damaged(DamageText.phrase(error))
        }
      }
    }
  }

  private func treeHead(ofHeader line: [UInt8]) throws -> TreeHead {
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 4, words[0] == contents.format, words[1] == vault.note.origin.description,
      let size = UInt64(words[2]), let root = Digest(hex: words[3]), let head = try? TreeHead(size: size, root: root)
    else { throw damaged("a catalog of another vault") }
    return head
  }

  func damaged(_ detail: Phrase) -> VaultError {
    .damaged(Finding(.catalog, path: contents.fileName, detail: detail))
  }

  // MARK: - Writing

  /// Replaces the catalog by one up to `head`; `lines` writes its lines.
  ///
  /// - Throws: what `lines` and the store throw. The catalog is the old one then.
  func replace(upTo head: TreeHead, lines: @escaping (any ByteSink) throws -> Void) throws {
    let incoming = try vault.root.directory(Vault.incomingFolder)
    let name = "\(Hex.encode(vault.environment.randomness.bytes(16))).catalog"
    let header = Array("\(contents.format) \(vault.note.origin) \(head.size) \(head.root.hex)\n".utf8)
    do {
      let file = try incoming.createFileAmongOthers(name, finalMode: 0o600)
      try Conduit.run(
        producer: { sink in
          try sink.write(header)
          try lines(sink)
        },
        consumer: { source in
          try Sealing.seal(
            from: source, to: file, for: [identity.recipient], options: vault.environment.sealingOptions)
        })
      try file.finish()
      try withExtendedLifetime(file) { try incoming.replace(contents.fileName, in: vault.root, with: name) }
    } catch {
      try? incoming.remove(name)
      throw error
    }
  }

  /// Deletes a catalog that proved useless, so that the next list makes it again.
  func remove() { try? vault.root.remove(contents.fileName) }
}

/// Divides a stream into its first line and batches of whole lines after it.
private final class LineBatches: ByteSink {
  private static let batchByteCount = 2 << 20

  private let catalog: Catalog
  private let begin: ([UInt8]) throws -> Void
  private let body: ([UInt8]) throws -> Void
  private var pending: [UInt8] = []
  private var hasBegun = false

  init(
    of catalog: Catalog, begin: @escaping ([UInt8]) throws -> Void, body: @escaping ([UInt8]) throws -> Void
  ) {
    self.catalog = catalog
    self.begin = begin
    self.body = body
  }

  func write(_ bytes: Span<UInt8>) throws {
    pending.append(bytes)
    if !hasBegun { try takeHeader() }
    guard pending.count >= Self.batchByteCount else { return }
    guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { throw catalog.damaged("a line without end") }
    let rest = Array(pending[(end + 1)...])
    pending.removeSubrange((end + 1)...)
    try body(pending)
    pending = rest
  }

  func finish() throws {
    guard hasBegun, pending.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else {
      throw catalog.damaged("a line without end")
    }
    if !pending.isEmpty { try body(pending) }
  }

  private func takeHeader() throws {
    guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else { return }
    hasBegun = true
    try begin(Array(pending[..<end]))
    pending.removeSubrange(...end)
  }
}
