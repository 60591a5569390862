@testable import EvidenceVault
import Testing

/// The rule for one field, as a table of all that it depends on.
@Suite struct DisclosureRuleTests {
  private func decide(
    _ sensitivity: Schema.Sensitivity, need: Schema.ConsentNeed? = nil, consent: Set<Schema.ConsentNeed>?,
    isNamed: Bool = false, isRestrictedNamed: Bool = false, isWithheld: Bool = false, isOverridden: Bool = false
  ) -> DisclosureDecision {
    DisclosureRule.decide(
      sensitivity, need: need, consent: consent, isNamed: isNamed, isRestrictedNamed: isRestrictedNamed,
      isWithheld: isWithheld, isOverridden: isOverridden)
  }

  private static let bools = [false, true]
  private static let sensitivities: [Schema.Sensitivity] = [.open, .restricted, .identity]

  @Test func whatIsWithheldOnPurposeStaysWhateverElseIsSaid() {
    for sensitivity in Self.sensitivities {
      for isNamed in Self.bools {
        for isOverridden in Self.bools {
          #expect(
            decide(
              sensitivity, consent: [.name], isNamed: isNamed, isRestrictedNamed: true, isWithheld: true,
              isOverridden: isOverridden) == .withhold(.onPurpose))
        }
      }
    }
  }

  @Test func withoutConsentOnlyWhatIsOpenGoesByItself() {
    #expect(decide(.open, consent: nil) == .disclose)
    #expect(decide(.restricted, consent: nil) == .withhold(.noConsent))
    #expect(decide(.restricted, consent: nil, isRestrictedNamed: true) == .disclose)
    #expect(decide(.restricted, consent: nil, isNamed: true) == .disclose)
    #expect(decide(.identity, consent: nil) == .withhold(.identity))
    #expect(decide(.identity, consent: nil, isRestrictedNamed: true) == .withhold(.identity))
    #expect(decide(.identity, consent: nil, isNamed: true) == .disclose)
  }

  @Test func withConsentARestrictedFieldGoesAndAnIdentityOnlyByNameAndWithConsentToIt() {
    #expect(decide(.restricted, consent: []) == .disclose)
    #expect(decide(.identity, consent: []) == .withhold(.consent(.name)))
    #expect(decide(.identity, consent: [], isNamed: true) == .refuse(.name))
    #expect(decide(.identity, consent: [.name]) == .withhold(.identity))
    #expect(decide(.identity, consent: [.name], isNamed: true) == .disclose)
  }

  @Test(arguments: Schema.ConsentNeed.allCases)
  func aNeedThatIsNotMetWithholdsAndRefusesWhoeverInsistsWithoutAReason(need: Schema.ConsentNeed) {
    for sensitivity in Self.sensitivities {
      let others = Set(Schema.ConsentNeed.allCases).subtracting([need])
      #expect(decide(sensitivity, need: need, consent: others) == .withhold(.consent(need)))
      #expect(
        decide(sensitivity, need: need, consent: others, isRestrictedNamed: true) == .withhold(.consent(need)))
      #expect(decide(sensitivity, need: need, consent: others, isNamed: true) == .refuse(need))
      #expect(decide(sensitivity, need: need, consent: others, isNamed: true, isOverridden: true) == .disclose)
      #expect(decide(sensitivity, need: need, consent: others, isOverridden: true) == .withhold(.consent(need)))
    }
  }
}
