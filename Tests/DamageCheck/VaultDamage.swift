import EvidenceVault
import Foundation

/// A small vault, of which every file is changed in every way; after each change `verify` has to name it.
struct VaultDamage {
  /// A file of the vault, and the entry whose content it holds, if it is one's alone.
  struct File {
    let path: String
    let entry: UInt64?
    let content: [UInt8]
  }

  let folder: String
  let files: [File]

  /// Reads a vault. `entries` names the entry to which a file of `objects/` or `records/` belongs.
  ///
  /// Files that `verify` reads only with a key are left out: key files and catalogs.
  init(at folder: String, entries: [String: UInt64]) throws {
    self.folder = folder
    let paths = try DamageCheck.files(below: folder).filter { path in
      !path.hasPrefix("keys/") && path != "catalog.age" && path != "fields.age"
    }
    files = try paths.map { path in
      let content = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)"))
      return File(path: path, entry: entries[path], content: Array(content))
    }
    if let fault = fault(of: nil) { fatalError("the vault is not sound to begin with: \(fault)") }
  }

  /// Every bit (or a sample of them) the other way round.
  func flip(_ damage: inout Damage) throws {
    for file in files {
      for place in damage.places(below: file.content.count) {
        for bit in damage.bits() {
          var changed = file.content
          changed[place] ^= bit
          try put(changed, at: file.path)
          damage.judge("\(file.path), byte \(place), bit \(bit)", fault(of: file))
        }
      }
      try put(file.content, at: file.path)
    }
  }

  /// Every file cut at every length (or a sample of them), longer by a byte, empty, and gone.
  func cut(_ damage: inout Damage) throws {
    for file in files {
      for length in damage.places(below: file.content.count) {
        try put(Array(file.content.prefix(length)), at: file.path)
        damage.judge("\(file.path), cut at \(length)", fault(of: file))
      }
      for byte: UInt8 in [0, 10, file.content.last ?? 0] {
        try put(file.content + [byte], at: file.path)
        damage.judge("\(file.path), with a byte \(byte) more", fault(of: file))
      }
      try FileManager.default.removeItem(atPath: "\(folder)/\(file.path)")
      damage.judge("\(file.path), deleted", fault(of: file))
      try put(file.content, at: file.path)
    }
  }

  /// Every file with the content of every other. One of the two has to be named: where entries cannot be read, nobody
  /// knows what else should be there.
  func swap(_ damage: inout Damage) throws {
    for (index, first) in files.enumerated() {
      for second in files[(index + 1)...] where first.content != second.content {
        try put(second.content, at: first.path)
        try put(first.content, at: second.path)
        damage.judge("\(first.path) and \(second.path), swapped", fault(of: first).flatMap { _ in fault(of: second) })
      }
      for second in files[(index + 1)...] { try put(second.content, at: second.path) }
      try put(first.content, at: first.path)
    }
  }

  /// What is wrong with the verdict on a vault of which `file` was changed; without a file, nothing was changed.
  private func fault(of file: File?) -> String? {
    do {
      let report = try Vault(opening: folder, environment: VaultEnvironment()).verify()
      guard let file else { return report.isSound ? nil : "\(report.findings)" }
      guard !report.isSound else { return "nobody noticed" }
      let named = report.findings.filter { $0.severity == .damage && $0.path == file.path }
      guard !named.isEmpty else { return "the file is not named: \(report.findings)" }
      guard file.entry == nil || named.contains(where: { $0.item == file.entry }) else {
        return "another item is named: \(named)"
      }
      return nil
    } catch VaultError.damaged(let finding) where finding.path == file?.path && file != nil {
      return nil
    } catch VaultError.incompleteVault(let part) where part == file?.path {
      return nil
    } catch VaultError.newerFormat where file?.path == "vault.note" {
      return nil
    } catch {
      return "it ends with \(error)"
    }
  }

  private func put(_ content: [UInt8], at path: String) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(path)")
    if FileManager.default.fileExists(atPath: url.path) {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
    }
    try Data(content).write(to: url)
  }
}
