public import EvidenceVault

/// A text for the e-mail or the parcel that a sealed file comes with, in three languages. It is read by whoever opens
/// the mail, so it says nothing of what the file is about, who made it, for whom, and with which program.
public struct CoveringLetter {
  private let fileName: String
  private let sha256: String
  private let isPassphrase: Bool
  private let version: String
  private let partCount: Int?

  /// A letter for a file sealed to an audience, in parts if there are any.
  public init(fileName: String, sha256: String, for audience: Audience, partCount: Int?) {
    self.fileName = Self.quoted(Printable.line(fileName))
    self.sha256 = sha256
    isPassphrase = audience.isPassphrase
    version = audience.ageVersion
    self.partCount = partCount
  }

  /// A name as a shell takes it for one word.
  private static func quoted(_ name: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-".utf8)
    return name.utf8.allSatisfy(plain.contains) ? name : "'\(name.replacing("'", with: "'\\''"))'"
  }

  /// The letter, with lines for the sender to fill in.
  public var text: String { [english, russian, tajik, commands].joined(separator: "\n\n") + "\n" }

  private var english: String {
    let parts = partCount.map { "\nIt comes in parts (\($0)); put them into one folder and join them first." } ?? ""
    let opening =
      isPassphrase
      ? "It opens with a passphrase, which reaches you in another way." : "It opens with the key that you have for it."
    return """
      ENGLISH

      With this comes an encrypted file, in the open format "age" (https://age-encryption.org).\(parts)
      \(opening)
      The program age is free, for Linux, macOS and Windows. The commands are at the end; use a new folder for each
      file. Then read READ-ME-FIRST.txt in it.
      If something does not work, ask: ____________________
      """
  }

  private var russian: String {
    let parts =
      partCount.map { "\nФайл разделён на части (\($0)); положите их в одну папку и сначала соедините." } ?? ""
    let opening =
      isPassphrase
      ? "Он открывается парольной фразой, которую вы получите другим путём."
      : "Он открывается ключом, который у вас для этого есть."
    return """
      РУССКИЙ

      К этому письму приложен зашифрованный файл в открытом формате «age» (https://age-encryption.org).\(parts)
      \(opening)
      Программа age бесплатна, есть для Linux, macOS и Windows. Команды указаны в конце; для каждого файла берите
      новую папку. Затем прочитайте в ней READ-ME-FIRST.txt.
      Если что-то не получается, спросите: ____________________
      """
  }

  private var tajik: String {
    let parts =
      partCount.map { "\nФайл ба қисмҳо тақсим шудааст (\($0)); онҳоро ба як ҷузвдон гузоред ва аввал пайваст кунед." }
      ?? ""
    let opening =
      isPassphrase
      ? "Он бо ибораи махфӣ кушода мешавад, ки ба шумо бо роҳи дигар мерасад."
      : "Он бо калиде кушода мешавад, ки шумо барои ин доред."
    return """
      ТОҶИКӢ

      Ба ин нома файли рамзгузорӣшуда дар шакли кушодаи «age» замима шудааст (https://age-encryption.org).\(parts)
      \(opening)
      Барномаи age ройгон аст, барои Linux, macOS ва Windows. Фармонҳо дар охир оварда шудаанд; барои ҳар файл
      ҷузвдони нав гиред. Баъд дар он READ-ME-FIRST.txt-ро хонед.
      Агар чизе нашавад, пурсед: ____________________
      """
  }

  private var commands: String {
    let join =
      partCount == nil
      ? "" : "    cat \(fileName).[0-9][0-9][0-9] > \(fileName)      (Windows: HOW-TO-JOIN.txt)\n"
    let key = isPassphrase ? "" : "-i KEY "
    let meaning =
      isPassphrase
      ? "    (age \(version) or newer)\n"
      : "    (KEY: the file with your key · файл с вашим ключом · файл бо калиди шумо; age \(version) or newer)\n"
    return """
      COMMANDS · КОМАНДЫ · ФАРМОНҲО

      \(join)    sha256sum \(fileName)
          age -d \(key)-o \(fileName).tar \(fileName)
      \(meaning)    mkdir \(fileName).opened
          tar -xf \(fileName).tar -C \(fileName).opened

      SHA-256:  \(sha256)  \(fileName)
      (macOS: shasum -a 256 instead of sha256sum; Windows: certutil -hashfile NAME SHA256)
      """
  }
}
