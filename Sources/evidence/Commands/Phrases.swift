internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct Phrases: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Find wording that documents of different organisations share."),
    discussion: say(
      """
      Applications and minutes that were dictated often have whole sentences in common. This compares the field
      text_content of documents, and their files of plain text up to 1 MiB, between cases. Capitals, marks between words
      and the Tajik letters that have a Russian look-alike make no difference.

      Shared wording proves nothing by itself: what the law or a common form prescribes is found as well, and no attempt
      is made to tell it apart. Compare with documents from before the pressure began.

      Example: evidence phrases --kind application_to_dissolve,minutes --minimum-words 8
      """))

  @Option(help: about("Only documents of these kinds.", valueName: "kinds"))
  var kind: String?

  @Option(help: about("Only passages of so many words or more.", valueName: "number"))
  var minimumWords = 6

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard (1...1000).contains(minimumWords) else {
      throw UsageFault("--minimum-words is a number from 1 to 1000")
    }
    let type = try Schema.named("document").field("document.kind")?.type
    let kinds = try (kind ?? "").utf8.split(separator: UInt8(ascii: ",")).map { part in
      let word = String(decoding: part, as: UTF8.self)
      return try type?.value(typed: word, field: "--kind").stringValue ?? word
    }
    let reader = try options.reader()
    Progress.current.begin("reading")
    let result = try reader.phrases(documentKinds: kinds, minimumWords: minimumWords)
    report.print(json(result)) { printText(result) }
  }

  private func printText(_ result: PhraseReport) {
    for phrase in result.phrases {
      Output.line("\(Count.words(phrase.wordCount)) in \(Count.cases(phrase.cases.count)):")
      Output.line(data: "  \(Printable.line(phrase.text))")
      for place in phrase.places {
        let source = Printable.line(place.source)
        Output.line("    item \(place.item) (\(Printable.line(place.caseCode))), \(source), word \(place.word)")
      }
    }
    for reason in result.leftOut { Message.note("left out: \(Message.shown(reason))") }
    Message.note(
      """
      compared \(Count.texts(result.textCount)); what the law prescribes is shared as well, and is not told from \
      the rest
      """)
  }

  private func json(_ result: PhraseReport) -> JSONObject {
    [
      "texts": .integer(Int64(result.textCount)), "left_out": .array(result.leftOut.map { .string($0.text(in: .en)) }),
      "phrases": .array(
        result.phrases.map { phrase in
          .object([
            "words": .integer(Int64(phrase.wordCount)), "text": .string(phrase.text),
            "cases": .array(phrase.cases.map { .string($0) }),
            "places": .array(
              phrase.places.map { place in
                .object([
                  "item": .integer(Int64(clamping: place.item)), "case": .string(place.caseCode),
                  "source": .string(place.source), "word": .integer(Int64(place.word)),
                ])
              }),
          ])
        }),
    ]
  }
}
