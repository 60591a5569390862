internal import Age
internal import DurableStore
internal import Primitives
public import Streams

/// The parts of a sealed bundle, read as the one file that they are. Each is compared with the list while it is read.
///
/// Source: FORMAT section 7.
public final class BundleParts: ByteSource {
  private let parts: [Part]
  /// What the list says, unless there is none.
  private let digests: [Digest]?
  private let byteCounts: [UInt64]
  private var next = 0
  private var current: (file: FileSource, hasher: SHA256Hasher)?

  struct Part: Sendable {
    let name: PartName
    let fileName: String
    let folder: Directory

    func file() throws(StoreError) -> FileSource { try folder.file(fileName) }
  }

  /// Where they lie, to be read a second time.
  var place: SealedPlace { .parts(parts) }

  /// Finds the parts that `paths` mean: a folder with them, any one of several in the same folder, or all of them
  /// wherever they lie. `nil` if it is a file of another name.
  ///
  /// - Throws: `VaultError.parts` if one is missing, too many, of another file or, without a list, of another size;
  ///   `.file`. Nothing is read of them yet.
  public static func find(_ paths: [String]) throws(VaultError) -> BundleParts? {
    do { return try PartsSearch(paths).result() } catch { throw VaultError(error) }
  }

  fileprivate init(_ parts: [Part], digests: [Digest]?) throws {
    self.parts = parts
    self.digests = digests
    byteCounts = try parts.map { try $0.file().byteCount }
    guard digests == nil else { return }
    for (part, count) in zip(parts, byteCounts) {
      let isLast = part.fileName == parts[parts.count - 1].fileName
      guard isLast ? count <= byteCounts[0] && count > 0 : count == byteCounts[0] else {
        throw VaultError.parts(.otherSize(part.fileName))
      }
    }
  }

  /// Reads the next bytes.
  public func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    while true {
      if current == nil, next < parts.count { current = (try parts[next].file(), SHA256Hasher()) }
      guard let file = current?.file else { return 0 }
      let count = try file.read(into: &buffer)
      if count > 0 {
        if digests != nil { current?.hasher.update(buffer.span.extracting(0..<count)) }
        return count
      }
      if let digests, current?.hasher.finalize() != digests[next] { throw VaultError.parts(.changed([])) }
      current = nil
      next += 1
    }
  }

  /// An error of opening sealed bytes; if they come in parts and these are to blame, what is wrong with them.
  static func explained(_ error: any Error, of sealed: any ByteSource) -> VaultError {
    let fault = (sealed as? BundleParts).flatMap { try? $0.fault(behind: error) }
    return fault.map { .parts($0) } ?? VaultError(error)
  }

  /// What is wrong with the parts, if that explains why they could not be opened.
  private func fault(behind error: any Error) throws -> PartsFault? {
    let error = VaultError(error)
    switch error {
    // The header alone was read: all parts would take long, for a key that is simply another one.
    case .wrongIdentity, .wrongBundlePassphrase, .sealedOtherwise, .sealedFile(.noMatch):
      return try changed(among: parts.prefix(1))
    case .sealedFile(.header(.notAnAgeFile)) where digests == nil: return .noBeginning(parts[0].fileName)
    // What comes from the middle of a sealed file can begin with white space or a dash, as armor does.
    case .sealedFile(.armor(line: 1...2)) where digests == nil: return .noBeginning(parts[0].fileName)
    case .sealedFile(.payload(let chunk)) where digests == nil: return place(of: chunk)
    case .sealedFile, .parts(.changed), .bundle: return try changed(among: parts[...])
    default: return nil
    }
  }

  /// All parts that are not as the list says.
  private func changed(among parts: ArraySlice<Part>) throws -> PartsFault? {
    guard let digests else { return nil }
    var changed: [PartsFault.Changed] = []
    for (place, part) in parts.enumerated() {
      let sink = DigestingSink()
      try part.file().copy(to: sink)
      guard sink.digest != digests[place] else { continue }
      let really = digests.firstIndex(of: sink.digest).map { PartName(part.name.base, $0 + 1).text }
      changed.append(PartsFault.Changed(name: part.fileName, isReally: really))
    }
    return changed.isEmpty ? nil : .changed(changed)
  }

  /// Without a list, the part in which a chunk lies that did not open. The header before the chunks does not count:
  /// what remains open is which of two neighbours it is.
  private func place(of chunkIndex: Int) -> PartsFault {
    let position = UInt64(clamping: chunkIndex).multipliedReportingOverflow(by: 65_552).partialValue
    var end: UInt64 = 0
    for (part, count) in zip(parts, byteCounts) {
      end += count
      if position < end, part.fileName != parts[parts.count - 1].fileName {
        return .cutShort(at: part.fileName, isLast: false)
      }
    }
    return .cutShort(at: parts[parts.count - 1].fileName, isLast: true)
  }
}

/// Finds out which files are meant.
private struct PartsSearch {
  private var found: [BundleParts.Part] = []
  private var lists: [(base: String, name: String, folder: Directory)] = []
  private var folder: String?

  init(_ paths: [String]) throws {
    if paths.count == 1, let path = paths.first {
      if let folder = try? Directory(opening: path) {
        self.folder = path
        try take(all: folder, of: nil)
      } else {
        let (parent, name) = splitPath(path)
        guard let part = PartName(name) else { return }
        try take(all: Directory(opening: parent), of: part.base)
      }
      return
    }
    for path in paths {
      let (parent, name) = splitPath(path)
      guard name != PartName.joining else { continue }
      let folder = try Directory(opening: parent)
      if let base = PartName.base(ofList: name) {
        lists.append((base, name, folder))
      } else if let part = PartName(name) {
        found.append(BundleParts.Part(name: part, fileName: name, folder: folder))
        let list = PartName.list(of: part.base)
        if folder.contains(list) { lists.append((part.base, list, folder)) }
      } else {
        throw VaultError.parts(.anotherFile(name))
      }
    }
  }

  private mutating func take(all folder: Directory, of base: String?) throws {
    for entry in try folder.entries() {
      guard let name = entry.name, entry.kind != .directory else { continue }
      if let part = PartName(name), base == nil || base == part.base {
        found.append(BundleParts.Part(name: part, fileName: name, folder: folder))
      } else if let listed = PartName.base(ofList: name), base == nil || base == listed {
        lists.append((listed, name, folder))
      }
    }
  }

  func result() throws -> BundleParts? {
    guard let first = found.first else {
      guard let folder else { return nil }
      throw VaultError.parts(.none(folder: folder))
    }
    // A list tells which file is meant where parts of two lie together.
    let base = lists.first { list in found.contains { $0.name.base == list.base } }?.base ?? first.name.base
    if let stranger = found.first(where: { $0.name.base != base }) {
      throw VaultError.parts(.anotherFile(stranger.fileName))
    }
    let parts = found.sorted { $0.name.number < $1.name.number }
    for (left, right) in zip(parts, parts.dropFirst()) where left.name.number == right.name.number {
      throw VaultError.parts(.twice(right.fileName))
    }
    let digests = try listed(base)
    let count = digests?.count ?? parts[parts.count - 1].name.number
    let numbers = Set(parts.map(\.name.number))
    let missing = (1...count).filter { !numbers.contains($0) }.map { PartName(base, $0).text }
    guard missing.isEmpty else { throw VaultError.parts(.missing(missing)) }
    let unexpected = parts.filter { $0.name.number > count }.map(\.fileName)
    guard unexpected.isEmpty else { throw VaultError.parts(.unexpected(unexpected)) }
    return try BundleParts(parts, digests: digests)
  }

  private func listed(_ base: String) throws -> [Digest]? {
    guard let list = lists.first(where: { $0.base == base }) else { return nil }
    // A line of the longest name there can be, for each part.
    let limit = PartName.maximumCount * 512
    guard let bytes = try? list.folder.contents(of: list.name, limit: limit), let digests = PartName.parseList(bytes)
    else { throw VaultError.parts(.malformedList(list.name)) }
    return digests
  }
}
