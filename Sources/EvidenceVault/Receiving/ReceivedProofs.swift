internal import Tar

/// The originals that prove an item that was received in a bundle or collected from an intake vault, kept as files of
/// it: the signed entries with what was disclosed of them, their proofs, and what the sender signed of the bundle.
/// Whoever has them reads all that was disclosed to this vault, also what this vault does not pass on.
///
/// Source: FORMAT section 14 and section 16.
enum ReceivedProofs {
  private static let stem = "received-proofs"

  /// `received-proofs`, or with `-2`, `-3`… where the item has a file or folder of that name.
  static func folder(beside paths: [ArchivePath]) -> String { TopNames(of: paths).free(stem) }

  /// Whether a file of an item has such a place.
  static func isOne(_ path: ArchivePath) -> Bool {
    guard path.components.count > 1, let first = path.components.first, first.starts(with: stem.utf8) else {
      return false
    }
    let rest = first.dropFirst(stem.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "-") && rest.dropFirst().allSatisfy { (48...57).contains($0) }
  }
}
