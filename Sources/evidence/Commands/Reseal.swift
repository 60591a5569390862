internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct Reseal: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Seal what is in the vault to the readers that there are now."),
    discussion: say(
      """
      After readers were added or removed, what was added before still opens to those who were readers then. This wraps
      the key of each such file anew. The content is copied, not sealed with another key: whoever was a reader and kept
      a copy, or the key of a file, still opens that, and no program can change it. It may be interrupted and run again.
      """))

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (reader, signer) = try options.readerAndSigner()
    Progress.current.begin("sealing anew")
    let receipt = try reader.reseal(signer: signer)
    report.print(receipt.json) { receipt.printText() }
    try receipt.tellTroubles()
  }
}

extension ResealReceipt {
  var json: JSONObject {
    [
      "objects": .integer(Int64(objectCount)), "records": .integer(Int64(recordsCount)),
      "entries": .array(entries.map { .integer(Int64(clamping: $0)) }),
      "head": head.map { .string($0.words) } ?? .null,
      "left": .array(troubles.map { .object($0.json) }), "still_here": StillHere(remaining).json,
    ]
  }

  func printText() {
    guard let head else {
      if troubles.isEmpty { Output.line("everything is sealed to the present readers already") }
      return
    }
    Output.line("sealed to the present readers: \(Count.objects(objectCount)), \(Count.recordsFiles(recordsCount))")
    StillHere(remaining).printText()
    Output.line("head: \(head.words)")
  }

  /// Says what stays as it was, and what is still here of these files and of `others`.
  func tellTroubles(stillHere others: [String] = []) throws {
    for trouble in troubles { Message.note("left as it was: \(Message.sentence(trouble)); \(trouble.remedy)") }
    if !entries.isEmpty {
      Message.note("copies elsewhere stay as they are, and open to those who were readers when they were made")
    }
    if !troubles.isEmpty {
      Message.error(
        "\(Count.files(troubles.count)) could not be sealed anew: nothing was changed there",
        hint: "see above what to do about each, and run it again")
    }
    try StillHere(others + remaining).requireNone()
    if !troubles.isEmpty { throw ExitStatus.partial }
  }
}
