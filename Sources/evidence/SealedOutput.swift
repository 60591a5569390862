internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Wording

/// Where an export goes, and what goes with it.
struct SealedOutput {
  /// The path of the file, or of the folder with its parts.
  let path: String
  let partByteCount: UInt64?
  private let letter: OutputFile?

  /// In a folder, named by a slash at the end, the name is neutral. A name that tells something is told.
  init(_ output: String, split: String?, letter: String?, for plan: ExportPlan) throws {
    partByteCount = try split.map(PartSize.byteCount)
    if output.utf8.last == UInt8(ascii: "/") { try Self.requireFolder(output) }
    // Begun now: nothing is sealed and entered only to find that the letter cannot be written.
    do { self.letter = try letter.map(Self.letter) } catch { throw VaultError(error) }
    if output.utf8.last == UInt8(ascii: "/") {
      path = "\(output)\(plan.neutralName)"
    } else {
      path = output
      for telling in try plan.tellingWords(inFileName: splitPath(output).name) { Message.note(Self.sentence(telling)) }
    }
  }

  /// A slash at the end names a folder that is there: one that was made for a misspelled name would be looked for.
  private static func requireFolder(_ path: String) throws {
    do { _ = try Directory(opening: path) } catch StoreError.notFound {
      throw UsageFault(
        "there is no folder \(Message.shown(path)) to put the bundle into",
        hint: "make it first, or leave out the slash for a file or folder of that name")
    } catch { throw VaultError(error) }
  }

  private static func letter(_ path: String) throws(StoreError) -> OutputFile {
    try OutputFile(for: path, nonce: Hex.encode(SystemRandomness().bytes(8)))
  }

  func json(_ receipt: ExportReceipt) -> [(String, JSON)] {
    guard let count = receipt.partCount else { return [] }
    return [("parts", .integer(Int64(clamping: count)))]
  }

  /// What a person has to do with it.
  func tell(_ receipt: ExportReceipt) {
    guard let count = receipt.partCount else { return }
    let name = Message.shown(splitPath(path).name)
    Output.line(
      .counted(
        count, one: "in \(count) part: send every file of that folder; evidence open takes the folder",
        other: "in \(count) parts: send every file of that folder; evidence open takes the folder"))
    Output.line("others join them by: cat \(name).[0-9][0-9][0-9] > \(name)   (HOW-TO-JOIN.txt tells it)")
  }

  /// Writes the text for the e-mail; for a passphrase it is printed where no file was named.
  func writeLetter(_ receipt: ExportReceipt, for audience: Audience, isPrinting: Bool) throws {
    guard letter != nil || audience.isPassphrase && isPrinting else { return }
    let text = CoveringLetter(
      fileName: splitPath(path).name, sha256: receipt.digest.hex, for: audience, partCount: receipt.partCount
    ).text
    guard let letter else {
      Output.line(data: "\n\(say("A text to send with it:"))\n")
      Output.text(text)
      return
    }
    do {
      try letter.write(Array(text.utf8))
      try letter.finish()
      try letter.publish()
    } catch {
      throw VaultError(error)
    }
  }

  private static func sentence(_ telling: TellingName) -> Phrase {
    let what: Phrase =
      switch telling {
      case .recipient(let name): "words of the recipient \(Message.shown(name))"
      case .title(let item): "words of the title of item \(item)"
      case .purpose: "words of the purpose"
      case .identity(let item, let field): "words of \(field) of item \(item)"
      }
    return "the name of the file, which travels in the open, has \(what); --output FOLDER/ makes a neutral one"
  }
}

/// A size as people write it.
enum PartSize {
  /// `25M` and `2G` count in thousands, as mail gateways and makers of USB sticks do; `25MiB` and `2GiB` in 1,024s.
  static func byteCount(_ text: String) throws -> UInt64 {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [String: UInt64] = [
      "M": 1_000_000, "MB": 1_000_000, "G": 1_000_000_000, "GB": 1_000_000_000, "MiB": 1 << 20, "GiB": 1 << 30,
    ]
    guard let number = UInt64(digits), let unit = units[String(text.dropFirst(digits.count))],
      case let (count, isTooLarge) = number.multipliedReportingOverflow(by: unit), !isTooLarge
    else {
      throw UsageFault(
        "\(Message.shown(text)) is no size of a part", hint: "write 20M or 2G (thousands), or 20MiB or 2GiB (1,024s)")
    }
    return count
  }
}
