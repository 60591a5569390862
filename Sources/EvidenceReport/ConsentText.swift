public import EvidenceVault
public import Wording

/// Why something goes or does not go, in words that can be read to the witness.
public enum ConsentText {
  /// One refusal as a sentence without full stop.
  public static func sentence(_ refusal: ConsentRefusal) -> Phrase {
    let item = refusal.item
    switch (refusal.cause, refusal.speaker) {
    case (.item(let reason), let speaker?):
      let why = sentence(reason, for: refusal.recipientClass)
      return "item \(item), for which the witness of item \(speaker) speaks: \(why)"
    case (.item(let reason), nil): return "item \(item): \(sentence(reason, for: refusal.recipientClass))"
    case (.part(let what, let need), let speaker?):
      let (name, why) = (refusal.recipientClass, missing(need))
      return "item \(item): the witness of item \(speaker) did not agree that \(what) goes to \(name): \(why)"
    case (.part(let what, let need), nil):
      return "item \(item): the witness did not agree that \(what) goes to \(refusal.recipientClass): \(missing(need))"
    }
  }

  private static func sentence(_ reason: ConsentReason, for recipientClass: String) -> Phrase {
    switch reason {
    case .noAnswer: "the witness was not asked about \(recipientClass), or the answer is not written down"
    case .refused: "the witness said no to \(recipientClass)"
    case .withdrawn(let entry): "consent was taken back, by entry \(entry)"
    case .expired(let end): "consent ended on \(end)"
    case .tooEarly(let start): "it may not be used before \(start)"
    case .askAgain(.eachUse): "the witness wants to be asked again each time"
    case .askAgain(.publication): "the witness wants to be asked again before anything is published"
    case .askAgain(.government): "the witness wants to be asked again before a government hears of it"
    case .askAgain(.courtUse): "the witness wants to be asked again before it is used in court"
    case .reviewDue(let day): "consent was to be talked over again by \(day)"
    case .receivedWithoutConsent:
      "it was received from somebody else, and no consent came with it that speaks for \(recipientClass)"
    case .notByName: "the witness did not agree to be known by name, and this is the record of that person"
    case .noTestimony(.missingEntry):
      "the testimony that spoke for it is not in this vault: amend it with --set consent.by=NUMBER"
    case .noTestimony(let number): "entry \(number), whose consent is to speak for it, is no testimony of this vault"
    case .disownedTestimony(let number):
      """
      nobody speaks for it but testimony \(number), which its sender does not stand by; if it is forged, evidence \
      withdraw \(number) takes it away, and not what it named when it came
      """
    }
  }

  /// Why a field or file is withheld.
  public static func reason(_ reason: WithheldReason) -> Phrase {
    switch reason {
    case .onPurpose: "withheld by you"
    case .identity: "leads to a person; name it with --disclose if it is to go"
    case .noConsent: "restricted, and nobody's consent speaks for this item; name it with --disclose if it is to go"
    case .consent(let need): missing(need)
    case .unanswered(let need, let question):
      "\(missing(need)), and \(question) is not answered, which counts as yes"
    case .unknownField: "not in the schema"
    case .superseded: "replaced by an amendment"
    case .takenBack: "consent was taken back since"
    case .conditionsAlone: "not asked for: only what the witness allows goes along"
    case .unsearchable:
      "cannot be searched for the name, which may not go; name it with --disclose once you have looked"
    }
  }

  /// What the witness would have to agree to.
  private static func missing(_ need: Schema.ConsentNeed) -> Phrase {
    switch need {
    case .code: "no consent to be known by the code name"
    case .initials: "no consent to be known by initials"
    case .name: "no consent to be known by name"
    case .paraphrase: "no consent that the account is told again"
    case .verbatim: "no consent that the words are quoted"
    case .region: "no consent that the region is named"
    case .district: "no consent that the district is named"
    case .place: "no consent that the place is named"
    case .family: "no consent that the family is spoken of"
    case .voiceImage: "no consent that voice or image is used"
    }
  }
}
