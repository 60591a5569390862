internal import Primitives

/// `HOW-TO-JOIN.txt`: how the parts become one file again. It lies in the open beside them, so it says nothing of what
/// the file is, who made it or what with.
enum JoiningText {
  static func text(base: String, partCount: Int, digest: Digest) -> String {
    """
    \(base): \(partCount)

    EN  These are the parts of one file. Put all of them into one folder and join them with the command below.
    RU  Это части одного файла. Положите все части в одну папку и соедините их командой, указанной ниже.
    TG  Инҳо қисмҳои як файл мебошанд. Ҳамаи қисмҳоро ба як ҷузвдон гузоред ва бо фармони зерин пайваст кунед.

    Linux, macOS:  cat \(base).[0-9][0-9][0-9] > \(base)
    Windows:       \(windowsCommand(base, partCount))

    EN  Check the parts, and the joined file:
    RU  Проверка частей и соединённого файла:
    TG  Санҷиши қисмҳо ва файли пайвастшуда:

    Linux:         sha256sum -c \(PartName.list(of: base))
                   sha256sum \(base)
    macOS:         shasum -a 256 -c \(PartName.list(of: base))
                   shasum -a 256 \(base)
    Windows:       certutil -hashfile \(base) SHA256

    \(digest.hex)  \(base)

    """
  }

  /// The parts one by one as long as that is a line that people can read: what a pattern finds is joined in the order
  /// of the disk, which is that of the names on most.
  private static func windowsCommand(_ base: String, _ partCount: Int) -> String {
    guard partCount <= 9 else { return "cmd /c copy /b \(base).\(partCount <= 99 ? "0??" : "???") \(base)" }
    let parts = (1...max(partCount, 1)).map { PartName(base, $0).text }
    return "cmd /c copy /b \(parts.joined(separator: "+")) \(base)"
  }
}
