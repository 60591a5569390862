internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import Tar

/// A sealed bundle that was checked, and the way to the files in it: nothing of it lies open on a disk.
struct OpenedBundle {
  let checked: CheckedBundle
  /// Its small files; of the others digest, size and place.
  let files: BundleFiles
  private let paths: [String]
  private let place: SealedPlace
  private let name: String
  private let identities: [Identity]

  /// Opens and checks the whole bundle: a file, or the parts that `BundleParts.find` takes `paths` for.
  ///
  /// - Throws: as `Bundle.open`.
  init(
    _ paths: [String], with identities: [Identity], from sender: ExpectedSender, environment: VaultEnvironment
  ) throws(VaultError) {
    let sealed: any ByteSource
    (sealed, place, name) = try Self.find(paths)
    do {
      let source = CountingSource(sealed, onProgress: environment.onProgress)
      files = try Bundle.unpack(source, with: identities, environment: environment)
      let names = identities.map { BundleNote.name(of: $0.recipient) }
      checked = try BundleCheck(files: files, expectedSender: sender, openedAs: names).run()
    } catch {
      throw BundleParts.explained(error, of: sealed)
    }
    (self.identities, self.paths) = (identities, paths)
  }

  /// The SHA-256 of the sealed bundle; reads all of it once more.
  func sealedDigest() throws -> Digest {
    let sink = DigestingSink()
    try Self.find(paths).sealed.copy(to: sink)
    return sink.digest
  }

  private static func find(
    _ paths: [String]
  ) throws(VaultError) -> (sealed: any ByteSource, place: SealedPlace, name: String) {
    let (parent, name) = splitPath(paths.first ?? "")
    if let parts = try BundleParts.find(paths) { return (parts, parts.place, name) }
    do {
      let folder = try Directory(opening: parent)
      return (try folder.file(name), .file(folder, name), name)
    } catch {
      throw VaultError(error)
    }
  }

  /// A file of evidence, to be read a second time out of the sealed bundle.
  ///
  /// - Throws: `VaultError.bundle(.missingFile)`.
  func part(_ record: FileRecord, at place: BagPath) throws(VaultError) -> SealedPart {
    guard let offset = files.offsets[place] else { throw .bundle(.missingFile(place.text)) }
    return SealedPart(place: self.place, path: name, identities: identities, file: record, offset: offset)
  }
}
