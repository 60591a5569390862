@testable import EvidenceVault
import StrictJSON
import Testing

/// The decision on consent, as a table: every class × identification × end × withdrawal, and every other answer.
@Suite struct ConsentDecisionTests {
  private static let today = "2026-05-01"
  private static let classes = [
    RecipientTraits(name: "lawyer"), RecipientTraits(name: "media", publishes: true),
    RecipientTraits(name: "un_special_procedures", tellsGovernment: true),
    RecipientTraits(name: "court_prosecutor", isCourt: true),
  ]
  private static let identifications: [ConsentTerms.Identification?] =
    [nil] + ConsentTerms.Identification.allCases.map { $0 }

  private func decide(
    _ terms: ConsentTerms, withdrawnBy withdrawal: UInt64? = nil, for recipient: RecipientTraits
  ) -> ConsentDecision {
    ConsentDecision.decide(terms, withdrawnBy: withdrawal, for: recipient, today: Self.today)
  }

  private func terms(
    _ identification: ConsentTerms.Identification?, _ change: (inout ConsentTerms) -> Void = { _ in }
  ) -> ConsentTerms {
    var terms = ConsentTerms()
    terms.identification = identification
    change(&terms)
    return terms
  }

  /// All terms that differ in an answer that matters for what is told of the person.
  private var allTerms: [ConsentTerms] {
    var all: [ConsentTerms] = []
    for identification in Self.identifications {
      for publicName in ConsentTerms.PublicName.allCases {
        for quotes in ConsentTerms.Quotes.allCases {
          for place in ConsentTerms.PlaceDetail.allCases {
            for bits in 0..<8 {
              all.append(
                terms(identification) {
                  $0.publicName = publicName
                  $0.quotes = quotes
                  $0.placeDetail = place
                  $0.hasVoiceAndImage = bits & 1 != 0
                  $0.hasFamilyDetail = bits & 2 != 0
                  $0.isNameForGovernment = bits & 4 != 0
                })
            }
          }
        }
      }
    }
    return all
  }

  @Test func oneWitnessWhoDoesNotAgreeIsEnoughForAll() {
    let (lawyer, media) = (RecipientTraits(name: "lawyer"), RecipientTraits(name: "media"))
    var consent = ItemConsent()
    consent.take(.allowed([.code, .name]), by: 5, 1, lawyer)
    consent.take(.allowed([.code, .place]), by: 5, 2, lawyer)
    #expect(consent.needs == [.code])
    consent.take(.afterAsking([], [.name]), by: 5, 1, media)
    #expect(consent.needs == [] && consent.refusals.isEmpty)
    consent.take(.refused([.refused]), by: 5, 2, media)
    #expect(consent.needs == [] && consent.refusals.map(\.item) == [2])
  }

  @Test func nothingGoesWithoutAnAnswerOrAgainstOneOrAfterItsEndOrWhenItWasTakenBack() {
    var count = 0
    for recipient in Self.classes {
      for terms in allTerms {
        for (end, isOver) in [(nil, false), ("2026-05-01", true), ("2026-05-02", false), ("0000-01-01", true)] {
          for withdrawal in [nil, 7] as [UInt64?] {
            var terms = terms
            terms.end = end
            var reasons: [ConsentReason] = []
            if let withdrawal { reasons.append(.withdrawn(by: withdrawal)) }
            if terms.identification == nil { reasons.append(.noAnswer) }
            if terms.identification == .refused { reasons.append(.refused) }
            if let end, isOver { reasons.append(.expired(end: end)) }
            let decision = decide(terms, withdrawnBy: withdrawal, for: recipient)
            if reasons.isEmpty {
              guard case .allowed = decision else {
                Issue.record("\(terms) for \(recipient): \(decision)")
                return
              }
            } else {
              #expect(decision == .refused(reasons))
            }
            count += 1
          }
        }
      }
    }
    #expect(count == 4 * 6 * 3 * 3 * 4 * 8 * 4 * 2)
  }

  /// Rows: code, initials, name, for each class.
  @Test(
    arguments: [
      (.none, .full, true, "--- --- --- ---"),
      (.code, .full, true, "c-- c-- c-- c--"),
      (.initials, .full, true, "ci- ci- ci- ci-"),
      (.initials, .none, true, "ci- c-- ci- ci-"),
      (.full, .full, true, "cin cin cin cin"),
      (.full, .full, false, "cin cin ci- cin"),
      (.full, .initials, true, "cin ci- cin cin"),
      (.full, .none, true, "cin c-- cin cin"),
    ] as [(ConsentTerms.Identification, ConsentTerms.PublicName, Bool, String)])
  func howFarThePersonIsIdentifiedDependsOnTheClass(
    identification: ConsentTerms.Identification, publicName: ConsentTerms.PublicName, forGovernment: Bool, table: String
  ) {
    let row = Self.classes.map { recipient -> String in
      let terms = terms(identification) {
        $0.publicName = publicName
        $0.isNameForGovernment = forGovernment
      }
      guard case .allowed(let needs) = decide(terms, for: recipient) else { return "refused" }
      return (needs.contains(.code) ? "c" : "-") + (needs.contains(.initials) ? "i" : "-")
        + (needs.contains(.name) ? "n" : "-")
    }
    #expect(row.joined(separator: " ") == table)
  }

  @Test func whatIsToldBeyondThePersonIsWhatWasAnswered() {
    for recipient in Self.classes {
      for terms in allTerms where terms.identification == .code {
        guard case .allowed(let needs) = decide(terms, for: recipient) else {
          Issue.record("refused: \(terms)")
          return
        }
        #expect(needs.contains(.paraphrase) == (terms.quotes == .paraphrase || terms.quotes == .verbatim))
        #expect(needs.contains(.verbatim) == (terms.quotes == .verbatim))
        #expect(needs.contains(.region) == [.region, .district, .exact].contains(terms.placeDetail))
        #expect(needs.contains(.district) == [.district, .exact].contains(terms.placeDetail))
        #expect(needs.contains(.place) == (terms.placeDetail == .exact))
        #expect(needs.contains(.family) == terms.hasFamilyDetail)
        #expect(needs.contains(.voiceImage) == terms.hasVoiceAndImage)
      }
    }
  }

  @Test func theWitnessIsAskedAgainWhereThatWasWanted() {
    let due: [ConsentTerms.Occasion: [String]] = [
      .eachUse: ["lawyer", "media", "un_special_procedures", "court_prosecutor"], .publication: ["media"],
      .government: ["un_special_procedures"], .courtUse: ["court_prosecutor"],
    ]
    for (occasion, names) in due {
      for recipient in Self.classes {
        let decision = decide(terms(.code) { $0.askAgainBefore = [occasion] }, for: recipient)
        let expected: ConsentDecision =
          names.contains(recipient.name) ? .afterAsking([.askAgain(occasion)], [.code]) : .allowed([.code])
        #expect(decision == expected)
      }
    }
  }

  @Test func aReviewThatIsDueAsksAndATestimonyThatIsTooEarlyIsRefused() {
    let due = terms(.code) { $0.reviewDue = "2026-05-01" }
    #expect(decide(due, for: Self.classes[0]) == .afterAsking([.reviewDue("2026-05-01")], [.code]))
    let early = terms(.code) { $0.start = "2026-05-02" }
    #expect(decide(early, for: Self.classes[0]) == .refused([.tooEarly(start: "2026-05-02")]))
    #expect(decide(terms(.code) { $0.start = "2026-05-01" }, for: Self.classes[0]) == .allowed([.code]))
  }

  @Test func theAnswerForOneClassGoesBeforeTheGeneralOne() {
    let terms = {
      ConsentTerms(
        [
          "consent.media": "code", "consent.lawyer": "full", "consent.quotes": "verbatim",
          "consent.media.quotes": "none",
          "consent.until": "2028", "consent.lawyer.until": "2027-03",
        ], for: $0)
    }
    #expect(terms("media").quotes == .none)
    #expect(terms("lawyer").quotes == .verbatim)
    #expect(terms("media").end == "2028-01-01")
    #expect(terms("lawyer").end == "2027-03-01")
    #expect(terms("public").identification == nil)
  }
}
