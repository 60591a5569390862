internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Streams
internal import StrictJSON
internal import Wording

struct KeyWords: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "words", abstract: say("Print the words of public keys, to be compared by voice."),
    discussion: say(
      """
      Of a card, these are the words of its signing key; of an age recipient without a card, those of its SHA-256. For
      whoever does not speak English the same is told as digits.
      """))

  @Argument(help: about("A card file, or age recipients (age1…)."))
  var keys: [String]

  @OptionGroup var report: ReportOptions

  func run() throws {
    let (recipients, card) = try PublicKeys.load(keys)
    let fingerprint = card?.keyFingerprint ?? KeyFingerprint(of: recipients)
    report.print(["fingerprint": .string(fingerprint.words), "digits": .string(fingerprint.digits)]) {
      Output.line(data: fingerprint.words)
      Output.line(data: fingerprint.digits)
    }
  }
}

/// Public keys as they are named on the command line: a card file, or age recipients.
enum PublicKeys {
  private static let maximumCardByteCount = 1 << 20

  static func load(_ keys: [String]) throws -> (recipients: [Recipient], card: VaultNote?) {
    guard keys.count == 1, !RecipientText.isMeant(keys[0]) else {
      return (try keys.map { try RecipientText.recipient($0) }, nil)
    }
    let bytes: [UInt8]
    do { bytes = try DescriptorStream(reading: keys[0]).readAll(limit: maximumCardByteCount) } catch {
      throw VaultError(error)
    }
    guard let card = try? VaultNote(bytes) else { throw UsageFault(unusableKey: keys[0]) }
    return (card.readers, card)
  }
}
