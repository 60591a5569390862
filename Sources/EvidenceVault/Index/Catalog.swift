internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog

/// The catalog: a line for each entry up to a head, sealed to the reader who made it. It may be deleted at any time.
///
/// It is sealed to an identity that only the reader can derive and whose public half is written nowhere: what opens
/// with it, the reader made.
///
/// Source: FORMAT section 8.
struct Catalog {
  static let fileName = "catalog.age"
  static let format = "evidence-catalog/v3"

  let vault: Vault
  private let identity: Identity

  init(of reader: Identity, in vault: Vault) {
    self.vault = vault
    self.identity = reader.derivedIdentity(label: Self.format)
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
    let file = try vault.root.file(Self.fileName)
    try withoutActuallyEscaping(begin) { begin in
      try withoutActuallyEscaping(body) { body in
        let sink = LineBatches {
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
          throw Self.damaged("\(error)")
        }
      }
    }
  }

  private func treeHead(ofHeader line: [UInt8]) throws -> TreeHead {
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 4, words[0] == Self.format, words[1] == vault.note.origin.description,
      let size = UInt64(words[2]), let root = Digest(hex: words[3]), let head = try? TreeHead(size: size, root: root)
    else { throw Self.damaged("a catalog of another vault") }
    return head
  }

  static func damaged(_ detail: String) -> VaultError {
    .damaged(Finding(.catalog, path: fileName, detail: detail))
  }

  // MARK: - Writing

  /// Replaces the catalog by one up to `head`; `lines` writes its lines.
  ///
  /// - Throws: what `lines` and the store throw. The catalog is the old one then.
  func replace(upTo head: TreeHead, lines: @escaping (any ByteSink) throws -> Void) throws {
    let incoming = try vault.root.directory(Vault.incomingFolder)
    let name = "\(Hex.encode(vault.environment.randomness.bytes(16))).catalog"
    let header = Array("\(Self.format) \(vault.note.origin) \(head.size) \(head.root.hex)\n".utf8)
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
      try withExtendedLifetime(file) { try incoming.replace(Self.fileName, in: vault.root, with: name) }
    } catch {
      try? incoming.remove(name)
      throw error
    }
  }

  /// Deletes a catalog that proved useless, so that the next list makes it again.
  func remove() { try? vault.root.remove(Self.fileName) }
}

/// Divides a stream into its first line and batches of whole lines after it.
private final class LineBatches: ByteSink {
  private static let batchByteCount = 2 << 20

  private let begin: ([UInt8]) throws -> Void
  private let body: ([UInt8]) throws -> Void
  private var pending: [UInt8] = []
  private var hasBegun = false

  init(begin: @escaping ([UInt8]) throws -> Void, body: @escaping ([UInt8]) throws -> Void) {
    self.begin = begin
    self.body = body
  }

  func write(_ bytes: Span<UInt8>) throws {
    pending.append(bytes)
    if !hasBegun { try takeHeader() }
    guard pending.count >= Self.batchByteCount else { return }
    guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { throw Catalog.damaged("a line without end") }
    let rest = Array(pending[(end + 1)...])
    pending.removeSubrange((end + 1)...)
    try body(pending)
    pending = rest
  }

  func finish() throws {
    guard hasBegun, pending.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else {
      throw Catalog.damaged("a line without end")
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
