internal import DurableStore
internal import TransparencyLog
internal import Wording

/// Names every file that the index does not know: what commands left in the folders of a vault, and what somebody laid
/// beside these.
struct LeftoverCheck {
  /// No path of a vault has more components; that of a tile has most, `tile/entries/` and up to seven groups of digits.
  private static let maximumDepth = 16

  let root: Directory
  let head: TreeHead
  let named: NamedFiles
  /// What withdrawals took out, and what was sealed anew: it must not be there any more.
  let removed: Set<String>
  /// What lies in folders that have their own check.
  let others: [String]
  /// Where keys of the vault can be: these have a check of their own, too.
  let keyPaths: Set<String>

  func run() -> [Finding] {
    var known: Set<String> = [
      VaultNote.fileName, Vault.checkpointName, Vault.certificateName,
    ]
    known.formUnion(keyPaths)
    known.formUnion(Catalog.Contents.allCases.map(\.fileName))
    known.formUnion(others)
    for tile in TilePath.all(inTreeOf: head.size) { known.insert(tile.description) }
    var findings: [Finding] = []
    walk(root, prefix: "", known: known, into: &findings)
    return findings
  }

  /// Countersignatures, which are checked elsewhere, and heads of others that were countersigned here.
  private static func isOfAWitness(_ path: String) -> Bool {
    [Vault.cosignatureFolder, Vault.witnessFolder].contains { path.hasPrefix("\($0)/") }
      && path.hasSuffix(Vault.noteEnding)
  }

  private func isKnown(_ path: String, _ known: Set<String>) -> Bool {
    known.contains(path) || named.contains(path) || Self.isOfAWitness(path)
  }

  /// Whether a vault has something of that name in its own folder.
  private func isOfAVault(_ name: String, _ known: Set<String>) -> Bool {
    let folders =
      Vault.folders + [Vault.cosignatureFolder, Vault.witnessFolder, TimestampFiles.folder, AsideFolder.name]
    return isFile(name, known) || folders.contains(name) || AsideFolder.isWaiting(name)
  }

  /// Whether nothing but a file can stand there: also one that is not there now, which a command is going to write.
  private func isFile(_ path: String, _ known: Set<String>) -> Bool {
    isKnown(path, known) || path == VaultNote.nextFileName || removed.contains(path)
  }

  private func walk(_ directory: Directory, prefix: String, known: Set<String>, into findings: inout [Finding]) {
    let entries: [Directory.Entry]
    do { entries = try directory.entries() } catch {
      findings.append(.closedFolder(prefix.isEmpty ? "." : String(prefix.dropLast()), error))
      return
    }
    for entry in entries {
      let path = prefix + entry.displayName
      if path == AsideFolder.name, entry.kind == .directory {
        let detail: Phrase = "old files were moved here, or kept when they were replaced"
        findings.append(Finding(.aside, severity: .notice, path: path, detail: detail))
      } else if prefix.isEmpty, entry.name == nil || !isOfAVault(path, known) {
        findings.append(Finding(.foreign, severity: .notice, path: path, detail: "no vault has a file of that name"))
      } else if entry.kind != .directory, Vault.folders.contains(path) {
        findings.append(Finding(.obstacle, path: path, detail: "something else stands in the place of a folder"))
      } else if entry.kind != .file, isFile(path, known) {
        if !keyPaths.contains(path) { findings.append(.obstacle(path)) }
      } else if entry.kind == .directory, let name = entry.name, depth(of: path) < Self.maximumDepth {
        walk(name, in: directory, path: path, known: known, into: &findings)
      } else if removed.contains(path) {
        let detail: Phrase = "withdrawn or sealed anew, and still here"
        findings.append(Finding(.withdrawn, severity: .notice, path: path, detail: detail))
      } else if entry.name == nil || !isKnown(path, known) {
        findings.append(Finding(.leftover, severity: .notice, path: path, detail: "the index does not know this file"))
      }
    }
  }

  private func depth(of path: String) -> Int { path.utf8.count { $0 == UInt8(ascii: "/") } + 1 }

  private func walk(
    _ name: String, in parent: Directory, path: String, known: Set<String>, into findings: inout [Finding]
  ) {
    do { walk(try parent.directory(name), prefix: "\(path)/", known: known, into: &findings) } catch {
      // Another command may have removed it meanwhile.
      if case .notFound = error { return }
      findings.append(.closedFolder(path, error))
    }
  }
}

extension Finding {
  /// That a folder cannot be opened, or listed: damage, and no leftover, since what is in it may be whole.
  static func closedFolder(_ path: String, _ error: any Error) -> Finding {
    Finding(.folder, path: path, detail: DamageText.folderPhrase(error), isDenied: DamageText.isDenied(error))
  }
}
