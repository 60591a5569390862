/// Fields of an item that was collected from an intake vault, which say where it came from. The program sets them.
///
/// Source: FORMAT section 16.
enum CollectedField {
  /// The origin of the intake vault, as of that entry.
  static let origin = "collected.from"
  /// The eight words of its key.
  static let fingerprint = "collected.fingerprint"
  /// The number that the entry has there.
  static let item = "collected.item"
  /// When it was added there, on the clock of that machine.
  static let added = "collected.added"

  static let all: Set<String> = [origin, fingerprint, item, added]
}
