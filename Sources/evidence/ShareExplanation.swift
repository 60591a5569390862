internal import EvidenceVault
internal import SecretSharing
internal import Wording

extension Explanation {
  /// Why words are no share, or shares do not combine. Words of a share are never in it.
  init(_ error: SharingError) {
    self =
      switch error {
      case .notWords: Explanation(.usage, "a share is words of the letters a to z, and there is something else here")
      case .wordCount(let count):
        Explanation(
          .usage, "a share of this kind has \(ShareText.wordCount) words, and these are \(count)",
          "was a line left out or typed twice?")
      case .unknownWord(let index):
        Explanation(.usage, "word \(index + 1) of the share is not in the list of words", lookAgain)
      case .wrongChecksum(let suspect?):
        Explanation(.usage, "word \(suspect + 1) of the share is not the word on its sheet", lookAgain)
      case .wrongChecksum(nil):
        Explanation(
          .usage, "the words of the share do not fit together: two or more are wrong, or in another order", lookAgain)
      case .invalidPadding, .groupThresholdAboveCount:
        Explanation(.usage, "the words are no share that can be used", "were they made by another program?")
      default: Explanation(together: error)
      }
  }

  private init(together error: SharingError) {
    self =
      switch error {
      case .otherSet, .otherLength:
        Explanation(
          .usage, "the share is of another set than those before it",
          "the shares of one set begin with the same three words")
      case .mismatchedThreshold:
        Explanation(.usage, "the share needs another number of shares than those before it", lookAgain)
      case .duplicateShare: Explanation(.usage, "the same share was given twice", "take the sheet of somebody else")
      case .tooFewShares: Explanation(.usage, "more shares are needed")
      case .tooManyShares:
        Explanation(.usage, "more shares were given than are needed", "give exactly as many as are needed")
      case .wrongDigest:
        Explanation(
          .wrongKey, "the shares do not give the secret that was split: one of them was forged",
          "take another sheet in place of each in turn")
      case .invalidThreshold:
        Explanation(
          .usage, "there can be 2 to 16 shares, and at least 2 of them have to be needed",
          "say for example --threshold 3 --shares 5")
      default: Explanation(.failure, "the secret cannot be split")
      }
  }
}

private let lookAgain: Phrase = "look at the sheet again"
