internal import EvidenceReport
internal import EvidenceVault
internal import Wording

/// A refusal that only the command can explain.
struct Refusal: Error {
  let explanation: Explanation

  init(_ explanation: Explanation) { self.explanation = explanation }
}

/// Why a bundle is not made. What would help, an export of several items takes, and a disclosure of one does not.
extension Explanation {
  /// Refusals by consent, the first few of them.
  init(refused refusals: [ConsentRefusal], ofOneItem isOne: Bool) {
    let isTakenBack = refusals.contains { refusal in
      guard case .item(.withdrawn) = refusal.cause else { return false }
      return true
    }
    let remedy: Phrase =
      isTakenBack
      ? "what was taken back stays refused; what a witness says anew is a new item"
      : "only the witness can change this: ask, and amend the record"
    self.init(
      .refused, Self.sentences(refusals), isOne ? remedy : "\(remedy); --leave-out-refused goes on with the others")
  }

  /// One reason for several items, which were not named.
  static func overrideOfSeveral(_ items: [UInt64]) -> Explanation {
    Explanation(
      .refused, "one reason would override consent to several items: \(items.map(String.init).joined(separator: ", "))",
      "look at each, and say for which it is, once for each: --override-consent-for ITEM")
  }

  /// Withheld names that stand elsewhere. Whoever has looked need not switch the search off for everybody.
  init(leaking findings: [NameFinding], ofOneItem isOne: Bool) {
    let items = Set(findings.map(\.item)).sorted().prefix(5)
    let options = items.map { ["--names-checked-for", String($0)].joined(separator: " ") }.joined(separator: " ")
    let looked: Phrase =
      "evidence show NUMBER tells whose it is; when you have looked and it gives nobody away: \(options)"
    let remedy: Phrase =
      findings.contains(where: \.isCode)
      ? """
      a code name that may not go is left out of titles too: evidence amend NUMBER --set title=TEXT --reason TEXT, or \
      withhold that (--withhold title, --withhold file:PATH); \(looked)
      """ : "withhold that too (--withhold); \(looked)"
    self.init(.failure, Self.sentences(findings), isOne ? looked : remedy)
  }

  /// Refusals in one sentence, the first few of them.
  static func sentences(_ refusals: [ConsentRefusal]) -> Phrase {
    var sentences: [Phrase] = []
    for sentence in refusals.map(ConsentText.sentence) where !sentences.contains(sentence) {
      sentences.append(sentence)
    }
    let shown = Phrase.list(sentences.prefix(5).map { Message.shown($0) }, separator: "; ")
    return sentences.count > 5 ? "\(shown); and \(sentences.count - 5) more" : shown
  }

  private static func sentences(_ findings: [NameFinding]) -> Phrase {
    let maximumCount = 100
    let sentences = findings.prefix(maximumCount).map { finding -> Phrase in
      let (word, place) = (Message.shown(finding.word), Message.shown(finding.place))
      return "item \(finding.item): of the withheld \(finding.field), \(word) also stands in \(place)"
    }
    let shown = Phrase.list(sentences, separator: "; ")
    return findings.count > maximumCount ? "\(shown); and \(findings.count - maximumCount) more" : shown
  }
}
