import Wording

extension Phrase {
  /// What JSON has of it.
  var english: String { text(in: .en) }
}
