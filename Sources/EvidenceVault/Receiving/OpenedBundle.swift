internal import Age
internal import DurableStore
internal import Primitives
internal import Tar

/// A sealed bundle that was checked, and the way to the files in it: nothing of it lies open on a disk.
struct OpenedBundle {
  let checked: CheckedBundle
  /// Its small files; of the others digest, size and place.
  let files: BundleFiles
  private let folder: Directory
  private let name: String
  private let identities: [Identity]

  /// Opens and checks the whole bundle.
  ///
  /// - Throws: as `Bundle.open`.
  init(
    _ path: String, with identities: [Identity], from sender: ExpectedSender, environment: VaultEnvironment
  ) throws(VaultError) {
    let (parent, name) = splitPath(path)
    do {
      folder = try Directory(opening: parent)
      let source = CountingSource(try folder.file(name), onProgress: environment.onProgress)
      files = try Bundle.unpack(source, with: identities, environment: environment)
    } catch {
      throw VaultError(error)
    }
    let names = identities.map { BundleNote.name(of: $0.recipient) }
    do { checked = try BundleCheck(files: files, expectedSender: sender, openedAs: names).run() } catch {
      throw VaultError(error)
    }
    (self.name, self.identities) = (name, identities)
  }

  /// A file of evidence, to be read a second time out of the sealed bundle.
  ///
  /// - Throws: `VaultError.bundle(.missingFile)`.
  func part(_ record: FileRecord, at place: BagPath) throws(VaultError) -> SealedPart {
    guard let offset = files.offsets[place] else { throw .bundle(.missingFile(place.text)) }
    return SealedPart(root: folder, path: name, identities: identities, file: record, offset: offset)
  }
}
