internal import EvidenceVault
internal import Wording

extension Explanation {
  /// Why nothing can be read, and where the key may be.
  init(_ lack: ReadingKeyLack) {
    self =
      switch lack {
      case .intake:
        Explanation(
          .wrongKey, "this is an intake vault: it holds no key that reads",
          "the vault that made it reads what it took in: evidence collect; or give its key with --identity FILE")
      case .entering:
        Explanation(
          .wrongKey, "this is an intake vault: it cannot read what it took in, and so enters nothing about it",
          """
          tell whoever keeps the archive: consent that was taken back, and corrections, are entered there, once \
          evidence collect has brought the item
          """)
      case .absent:
        Explanation(
          .wrongKey, "the reading key is not in this vault",
          """
          evidence key restore brings it back, from a copy or shares, or give it with --identity FILE; if it never was \
          here, whoever made the vault has it
          """)
      case .lost:
        Explanation(
          .wrongKey, "there is no reading key in the lost vault",
          """
          evidence key combine --output FILE makes it from shares; give that file, or a copy of the key, with \
          --identity FILE
          """)
      }
  }
}
