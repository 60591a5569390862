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

  /// Whether a file of an item lies below such a folder: at the top, or where it went with an amendment of the item.
  static func isOne(_ path: ArchivePath) -> Bool {
    path.components.dropLast().contains { TopNames.isGiven($0, to: stem) }
  }
}
