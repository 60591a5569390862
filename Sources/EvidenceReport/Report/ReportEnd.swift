internal import EvidenceVault
internal import Primitives
internal import TransparencyLog
internal import Wording

/// The end of the page: what was withheld and why, how to check, and what the check shows.
struct ReportEnd {
  let say: ReportWords
  let plan: ExportPlan

  var view: View {
    [
      "withheldHeading": say("What was withheld, and why"), "withheldIntroduction": say(Self.withheld),
      "reasons": list(Self.reasons), "withheldRest": say(Self.unsaid),
      "checkHeading": say("How to check"), "checkIntroduction": say(Self.check), "ways": list(Self.ways),
      "verifyPage": say("Open the page VERIFY.html"), "proofHeading": say("What this page can prove"),
      "proofs": list(Self.proofs), "printsHeading": say("Fingerprints"),
      "prints": [
        ReportFields.fact(
          say("the eight words of the sender's key"), [ReportFields.value(lines: [plan.sender.fingerprint])]),
        ReportFields.fact(
          say("size of the index and eight words of its head"), [ReportFields.value(lines: [plan.head.words])]),
        ReportFields.fact(
          say("root of the index"), [ReportFields.value(lines: [plan.head.tree.root.hex])]),
      ],
    ]
  }

  private func list(_ phrases: [Phrase]) -> [View] { phrases.map { ["line": say($0)] as View } }

  private static let withheld: Phrase = """
    The sender decides field by field what is disclosed. What is withheld is missing on purpose, and the \
    rest still verifies. Each item says how much of it is withheld. The reasons there can be are these:
    """

  private static let reasons: [Phrase] = [
    "A witness did not agree that it goes to you, or was not asked about it.",
    "It leads to a person, and was not needed for the purpose.",
    "It is restricted, and nobody's consent speaks for it.",
    "The sender chose to keep it back.",
    "A later entry took its place.",
    "It could not be searched for names that must not go.",
  ]

  private static let unsaid: Phrase = """
    Which reason holds for which field is not told: that alone could lead to a person. Items that were \
    not sent to you are not counted here either.
    """

  private static let check: Phrase = """
    There are three ways to check that no file of the lists was changed since the sender signed them. \
    Each of them also needs the eight words of the sender, told to you over another channel.
    """

  private static let ways: [Phrase] = [
    "In a browser: open the page VERIFY.html in this folder and choose the folder.",
    """
    With what every computer has: the commands at the end of READ-ME-FIRST.txt compare each file with \
    the lists.
    """,
    "With the program of this project: evidence verify --bundle FOLDER --sender \"EIGHT WORDS\"",
  ]

  private static let proofs: [Phrase] = [
    "The signature of the sender covers this page and every file that the lists in the folder name.",
    """
    A page cannot prove who signed it: whoever makes a false folder can write any words into it. Compare \
    the eight words with the sender over another channel.
    """,
    """
    Dates in the records are as people gave them.
    """,
    BundleFacts.clocks,
  ]
}
