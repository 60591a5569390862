internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct RotateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: say("Put another key in the place of one that the vault uses."),
    subcommands: [RotateSigningKey.self, RotateReadingKey.self], defaultSubcommand: RotateSigningKey.self)
}

struct RotateReadingKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reading", abstract: say("Another key to read with, under the same passphrase."),
    discussion: say(
      """
      For when the reading key may have been seen, or shares of it are with people who should not have them any more.
      What is in the vault is sealed to the new key, by its header alone, as evidence reseal does. Copies elsewhere
      still open with the old key. This vault keeps the old key, sealed to the new one, for what others still seal to
      it: intake vaults in the field, and senders who have an older card. If it is interrupted once the entry is made,
      evidence reseal does the rest.
      """))

  @OptionGroup var own: OwnKeyOptions

  func run() throws {
    let vault = try own.open()
    guard vault.hasReadingIdentity else { throw VaultError.needsReadingKey(vault.readingKeyLack) }
    let passphrase = try own.passphrase()
    let signer = try vault.signer(passphrase)
    let rotation = try vault.rotateReadingKey(passphrase, signer: signer)
    // Whatever becomes of the rest, the key is another one now.
    if !own.report.json { Output.line("entry \(rotation.index): the vault reads with another key from now on") }
    Self.tellWhatFollows()
    Progress.current.begin("sealing anew")
    let resealed = try Self.sealAnew(rotation, signer: signer)
    own.report.print(json(rotation, resealed)) {
      resealed.printText()
      StillHere(rotation.remaining).printText()
    }
    try resealed.tellTroubles(stillHere: rotation.remaining)
  }

  private static func sealAnew(_ rotation: ReadingRotation, signer: VaultSigner) throws -> ResealReceipt {
    do {
      let identities = rotation.vault.includingEarlier([rotation.identity])
      return try VaultReader(rotation.vault, identities: identities).reseal(signer: signer)
    } catch {
      Message.note("what was in the vault before may still open with the old key: evidence reseal does the rest")
      guard case .file(.interrupted) = error else { throw error }
      throw Refusal(Explanation(.interrupted, "interrupted when the vault had its new key already"))
    }
  }

  private static func tellWhatFollows() {
    Message.note(
      """
      shares and copies of the old key do not bring the new one back: make new ones now (evidence key split), and keep \
      a copy of the vault elsewhere
      """)
    Message.note(
      """
      give the new card to those who send to this vault (evidence card), and make intake vaults in the field anew when \
      you can: until then they seal to the old key
      """)
  }

  private func json(_ rotation: ReadingRotation, _ resealed: ResealReceipt) -> JSONObject {
    [
      "entry": .integer(Int64(clamping: rotation.index)),
      "age_recipient": .string(rotation.identity.recipient.description), "resealed": .object(resealed.json),
      "still_here": StillHere(rotation.remaining).json,
    ]
  }
}
