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
    guard case .opened = opening(sealed) else { fatalError("the bundle does not open to begin with") }
  }

  /// Every bit (or a sample of them) the other way round.
  func flip(_ damage: inout Damage) {
    for place in damage.places(below: sealed.count) {
      for bit in damage.bits() {
        var changed = sealed
        changed[place] ^= bit
        damage.judge("byte \(place), bit \(bit)", opening(changed).fault)
      }
    }
  }

  /// Cut at every length (or a sample of them), and longer by a byte.
  func cut(_ damage: inout Damage) {
    for length in damage.places(below: sealed.count) {
      damage.judge("cut at \(length)", opening(Array(sealed.prefix(length))).fault)
    }
    for byte: UInt8 in [0, 10, sealed.last ?? 0] {
      damage.judge("with a byte \(byte) more", opening(sealed + [byte]).fault)
    }
  }

  /// What comes of a bundle.
  private enum Opening {
    case opened, refused
    /// An error that is no verdict on a file.
    case broken(any Error)

    /// What is wrong with that, for a bundle that was changed.
    var fault: String? {
      switch self {
      case .opened: "it opens"
      case .refused: nil
      case .broken(let error): "it ends with \(error)"
      }
    }
  }

  private func opening(_ bytes: [UInt8]) -> Opening {
    do {
      let examined = try Bundle.examine(
        MemorySource(bytes), with: identities, from: .anyone, environment: VaultEnvironment())
      _ = try examined.result.get()
      return .opened
    } catch VaultError.sealedFile, VaultError.bundle, VaultError.wrongIdentity {
      return .refused
    } catch {
      return .broken(error)
    }
  }
}
