internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import SecretSharing
internal import Streams
internal import Wording

/// Where recovery shares come from: files, or the terminal for those that are missing.
struct ShareOptions: ParsableArguments {
  @Option(
    help: about("Take a share from this file instead of the terminal; may be repeated.", valueName: "file"))
  var share: [String] = []

  func collect() throws -> [Share] {
    var shares = ShareCollection()
    for path in share {
      let words = try words(path)
      do throws(SharingError) { try shares.add(Share(words)) } catch {
        let explanation = Explanation(error)
        throw UsageFault("\(Message.shown(path)): \(explanation.sentence)", hint: explanation.hint)
      }
    }
    if shares.missingCount != 0 {
      let isPlain = Environment.value("TERM") == "dumb"
      try ShareDialogue(for: Self.noTerminal(shares.missingCount), canClear: !isPlain).complete(&shares)
    }
    return shares.shares
  }

  private static func noTerminal(_ missingCount: Int?) -> Phrase {
    guard let count = missingCount else { return "shares are needed, and there is no terminal to ask at" }
    return .counted(
      count, one: "\(count) more share is needed, and there is no terminal to ask at",
      other: "\(count) more shares are needed, and there is no terminal to ask at")
  }

  private func words(_ path: String) throws -> SecretBytes {
    do {
      let text = try SecretBytes(reading: DescriptorStream(reading: path), limit: PassphrasePrompt.maximumFileByteCount)
      return ShareSheet.words(in: text)
    } catch is StreamError {
      throw UsageFault("\(Message.shown(path)) is too long for a share")
    } catch {
      throw VaultError(error)
    }
  }
}
