internal import EvidenceVault

/// `READ-ME-FIRST.txt`: what a bundle is and how to check it, in three languages.
enum ReadMe {
  static func text(_ plan: ExportPlan) -> String {
    [
      english(plan.sender.fingerprint), russian(plan.sender.fingerprint), tajik(plan.sender.fingerprint), commands,
    ].joined(separator: "\n\n")
  }

  private static func english(_ fingerprint: String) -> String {
    """
    ENGLISH

    This folder holds evidence that was sealed for you. Treat it as confidential: it may put people in danger.
    Start with REPORT.html in a browser; REPORT.txt is the same as plain text. The files themselves are under data/,
    one folder for each item.
    Everything here is signed. What the sender withheld is missing on purpose, and the rest still verifies.

    Who sent it: ask the sender, over another channel, for the eight words of their key. They must be:
        \(fingerprint)
    Nothing in this folder can prove by itself who the sender is; the comparison of these words does.

    How to check it with this project's program:  evidence verify --bundle FOLDER --sender "EIGHT WORDS"
    How to check it in a browser, with nothing installed: open VERIFY.html and drop this folder on it.
    Better, open a copy of that page that you got from elsewhere: one that came with the folder could be forged with it.
    How to check it without: see the commands at the end. They show that no file was changed since the bundle was
    made; the signature and the proofs under proofs/ are in open formats that any expert can check.
    """
  }

  private static func russian(_ fingerprint: String) -> String {
    """
    РУССКИЙ

    В этой папке доказательства, запечатанные для вас. Обращайтесь с ними как с секретными: они могут подвергнуть
    людей опасности. Начните с файла REPORT.html, откройте его в браузере; REPORT.txt: то же простым текстом. Сами
    файлы находятся в папке data/, для каждого материала своя папка. Всё здесь подписано. То, что отправитель не
    раскрыл, отсутствует намеренно, остальное по-прежнему проверяется.

    Кто отправил: попросите отправителя по другому каналу связи назвать восемь слов его ключа. Они должны быть:
        \(fingerprint)
    Ничто в этой папке само по себе не доказывает, кто отправитель; это доказывает сравнение этих слов.

    Как проверить программой этого проекта:  evidence verify --bundle ПАПКА --sender "ВОСЕМЬ СЛОВ"
    Как проверить в браузере, ничего не устанавливая: откройте VERIFY.html и перетащите на неё эту папку.
    Лучше взять такую же страницу из другого места: пришедшую вместе с папкой могли подделать вместе с ней.
    Как проверить без неё: команды в конце. Они показывают, что ни один файл не изменён с тех пор, как пакет был
    составлен; подпись и доказательства в папке proofs/ записаны в открытых форматах, их может проверить эксперт.
    """
  }

  private static func tajik(_ fingerprint: String) -> String {
    """
    ТОҶИКӢ

    Дар ин ҷузвдон далелҳое ҳастанд, ки барои шумо мӯҳр карда шудаанд. Онҳоро махфӣ нигоҳ доред: онҳо метавонанд
    одамонро ба хатар андозанд. Аз файли REPORT.html сар кунед, онро дар браузер кушоед; REPORT.txt ҳамон чиз бо
    матни оддӣ аст. Худи файлҳо дар ҷузвдони data/ мебошанд, барои ҳар мавод ҷузвдони алоҳида. Ҳамааш имзо шудааст.
    Он чи фиристанда ошкор накардааст, қасдан нест, ва боқимонда ҳамоно санҷида мешавад.

    Кӣ фиристодааст: аз фиристанда бо роҳи дигари алоқа ҳашт калимаи калидашро пурсед. Онҳо бояд чунин бошанд:
        \(fingerprint)
    Дар ин ҷузвдон ҳеҷ чиз худ ба худ исбот намекунад, ки фиристанда кист; инро муқоисаи ҳамин калимаҳо нишон медиҳад.

    Санҷиш бо барномаи ин лоиҳа:  evidence verify --bundle ҶУЗВДОН --sender "ҲАШТ КАЛИМА"
    Санҷиш дар браузер, бе насб кардани чизе: VERIFY.html-ро кушоед ва ин ҷузвдонро ба он кашида гузоред.
    Беҳтар аст, ки чунин саҳифаро аз ҷои дигар гиред: саҳифаи ҳамроҳи ҷузвдонро бо он якҷоя сохта метавонистанд.
    Санҷиш бе он: фармонҳо дар охир. Онҳо нишон медиҳанд, ки аз вақти тартиб додани баста ягон файл тағйир наёфтааст;
    имзо ва далелҳои ҷузвдони proofs/ дар шаклҳои кушодаанд, ки онҳоро коршинос санҷида метавонад.
    """
  }

  private static let commands = """
    COMMANDS · КОМАНДЫ · ФАРМОНҲО

    Linux:            sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt
    macOS:            shasum -a 256 -c manifest-sha256.txt && shasum -a 256 -c tagmanifest-sha256.txt
    Windows:          Get-FileHash -Algorithm SHA256 FILE      (PowerShell; compare with manifest-sha256.txt)

    """
}
