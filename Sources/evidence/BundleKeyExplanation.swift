internal import Wording

extension Explanation {
  /// A bundle that its passphrase does not open.
  static let wrongBundlePassphrase = Explanation(
    .wrongKey, "that is not the passphrase of the bundle",
    """
    ask the sender for it once more; capitals, and spaces or hyphens between the words, make no difference
    """)

  /// A bundle that was sealed in the other way than whoever opens it thinks.
  static func sealedOtherwise(toPassphrase isToPassphrase: Bool) -> Explanation {
    isToPassphrase
      ? Explanation(
        .wrongKey, "the bundle was sealed to a passphrase, not to a key",
        """
        evidence open --passphrase opens it; to file it in a vault, or to answer it with a receipt, ask the sender to \
        seal it to the card of your vault
        """)
      : Explanation(
        .wrongKey, "the bundle was sealed to a key, not to a passphrase",
        "leave out --passphrase, and name your key: --identity FILE or --vault PATH")
  }
}
