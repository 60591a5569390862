internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Streams
internal import Wording

/// Where the passphrase of a command comes from, and the key file that goes with it.
struct PassphraseOptions: ParsableArguments {
  @Option(
    help: about("Read the passphrase from the first line of this file; /dev/fd/3 works.", valueName: "path"))
  var passphraseFile: String?

  @Option(
    help: about("The key file that goes with the passphrase, where the vault has one.", valueName: "path"))
  var keyFile: String?

  /// The passphrase that opens something, joined to the key file if one was named.
  func passphrase(asking question: Phrase) throws -> Passphrase {
    // Whether it is there is known before anybody types a word.
    let keyFile = try KeyFileOption.load(keyFile)
    let passphrase = try PassphrasePrompt.passphrase(passphraseFile, asking: question)
    if let keyFile { return keyFile.joined(to: passphrase) }
    return passphrase
  }
}

/// A key file named on the command line.
enum KeyFileOption {
  static func load(_ path: String?) throws -> PassphraseKeyFile? {
    guard let path else { return nil }
    do {
      if let file = try PassphraseKeyFile(reading: DescriptorStream(reading: path)) { return file }
    } catch is StreamError {
      throw UsageFault("\(Message.shown(path)) is too long for a key file")
    } catch { throw VaultError(error) }
    throw UsageFault(
      "\(Message.shown(path)) is too short for a key file: at least \(PassphraseKeyFile.minimumByteCount) bytes",
      hint: "make one with evidence key file PATH")
  }

  /// A new passphrase, joined to a key file if one was named; what that means is told before.
  static func newPassphrase(
    _ passphraseFile: String?, with keyFile: PassphraseKeyFile?, opening: Phrase,
    option: String = PassphrasePrompt.usualOption
  ) throws -> Passphrase {
    if keyFile != nil {
      Message.note(
        """
        from now on it opens only with the passphrase and the key file together: if the file is lost, or one byte of \
        it changes, only recovery shares help (evidence key split), or a copy of the file; keep one elsewhere
        """)
    }
    let passphrase = try PassphrasePrompt.newPassphrase(passphraseFile, opening: opening, option: option)
    if let keyFile { return keyFile.joined(to: passphrase) }
    return passphrase
  }
}
