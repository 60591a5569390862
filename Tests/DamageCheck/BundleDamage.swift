import Age
import EvidenceVault
import Foundation
import Streams

/// A sealed bundle that is changed in every way; none of them may open.
struct BundleDamage {
  let sealed: [UInt8]
  let identities: [Identity]

  init(_ path: String, identities: [Identity]) throws {
    sealed = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    self.identities = identities
    if let fault = opening(sealed) { fatalError("the bundle does not open to begin with: \(fault)") }
  }

  /// Every bit (or a sample of them) the other way round.
  func flip(_ damage: inout Damage) {
    for place in damage.places(below: sealed.count) {
      for bit in damage.bits() {
        var changed = sealed
        changed[place] ^= bit
        damage.judge("byte \(place), bit \(bit)", opening(changed) == nil ? "it opens" : nil)
      }
    }
  }

  /// Cut at every length (or a sample of them), and longer by a byte.
  func cut(_ damage: inout Damage) {
    for length in damage.places(below: sealed.count) {
      damage.judge("cut at \(length)", opening(Array(sealed.prefix(length))) == nil ? "it opens" : nil)
    }
    for byte: UInt8 in [0, 10, sealed.last ?? 0] {
      damage.judge("with a byte \(byte) more", opening(sealed + [byte]) == nil ? "it opens" : nil)
    }
  }

  /// Why it does not open; `nil` if it does.
  private func opening(_ bytes: [UInt8]) -> String? {
    do {
      let examined = try Bundle.examine(
        MemorySource(bytes), with: identities, from: .anyone, environment: VaultEnvironment())
      _ = try examined.result.get()
      return nil
    } catch {
      return "\(error)"
    }
  }
}

/// The same bundle, as it lies open in a folder.
struct FolderDamage {
  let folder: String

  /// Every bit (or a sample of them) of every file the other way round, and every file cut and gone.
  func change(_ damage: inout Damage) throws {
    for path in try files(below: folder) {
      let url = URL(fileURLWithPath: "\(folder)/\(path)")
      let content = Array(try Data(contentsOf: url))
      for place in damage.places(below: content.count) {
        for bit in damage.bits() {
          var changed = content
          changed[place] ^= bit
          try Data(changed).write(to: url)
          damage.judge("\(path), byte \(place), bit \(bit)", verdict())
        }
        try Data(content.prefix(place)).write(to: url)
        damage.judge("\(path), cut at \(place)", verdict())
      }
      try FileManager.default.removeItem(at: url)
      damage.judge("\(path), deleted", verdict())
      try Data(content).write(to: url)
    }
  }

  private func verdict() -> String? {
    let found = try? Bundle.check(folder: folder, from: .anyone, environment: VaultEnvironment())
    return found == nil ? nil : "nobody noticed"
  }
}
