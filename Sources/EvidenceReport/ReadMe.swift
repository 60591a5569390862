internal import EvidenceVault
internal import Primitives

/// `READ-ME-FIRST.txt`: what a bundle is, what lies in it and how to check it, in three languages.
struct ReadMe {
  private let plan: ExportPlan
  private let hasSheet: Bool
  private let words: String
  private let digits: String
  private let key: String
  private let commands: ReadMeCommands

  /// A text for the bundle of a plan, with or without a submission sheet and time-stamps in it.
  init(_ plan: ExportPlan, hasSheet: Bool) {
    self.plan = plan
    self.hasSheet = hasSheet
    commands = ReadMeCommands(
      item: plan.items.first?.record.index ?? 0, times: plan.times, audience: plan.audience)
    (words, digits) = (plan.sender.keyFingerprint.words, plan.sender.keyFingerprint.digits)
    key = plan.sender.bundleKey.fingerprint
  }

  /// The text.
  var text: String { [english, russian, tajik, commands.text].joined(separator: "\n\n") }

  private var english: String {
    """
    ENGLISH

    This folder holds evidence that was sealed for you. Treat it as confidential: it may put people in danger.
    \(addition(
      """
      It adds to a bundle that you have: what was withheld of item \(number) then. Keep the two in folders of their own.
      The program evidence puts them together, with the eight words of the sender:
          evidence open FILE --output NEW --merge FOLDER-OF-THE-FIRST --sender "EIGHT WORDS" \(key("KEY"))
      """))
    What lies here:
        REPORT.html          everything that was disclosed, to read in a browser
        REPORT.txt           the same as plain text, in English alone and without the timeline\
    \(sheet("the answers to a questionnaire, to paste; SUBMISSION.txt is the same as plain text"))
        VERIFY.html          a page that checks this folder in a browser, with nothing installed
        data/item-N/         record and files of item N; an item that was corrected has a folder as it was first
                             sealed, one as it stands now, and one for each version that brought files: the one
                             with the highest number counts
        proofs/              signatures and proofs in open formats, which any expert can check
        bundle.note and the other files: what the sender signed, and checksums

    Before you use or publish anything, read in REPORT.html what the witness allows you: which names, until when.
    What the sender withheld is missing on purpose, and the rest still verifies. To ask for it, name the bundle and the
    item, and say what you need and what for: the sender asks the witness, and can send it as a small addition.
    \(contact("To ask the sender"))\
    To cite: bundle \(plan.identifier), the number of the item, and the SHA-256
    of the file from manifest-sha256.txt.

    Who sent it: call the sender on a number that you had before this came. Let them read out the eight words of their
    key, or the digits, before you say anything. They must be:
        \(words)
        \(digits)
    Nothing in this folder can prove by itself who the sender is; the comparison of these words does.

    How to check it with the program evidence:  evidence verify --bundle FOLDER --sender "EIGHT WORDS"
    How to check it in a browser, with nothing installed: open VERIFY.html and drop this folder on it.
    Better, open a copy of that page that you got from elsewhere: one that came with the folder could be forged with it.
    How to check it without: with the commands at the end. The sums show that no file in the lists was changed;
    ssh-keygen, who signed the lists. The lines for Python show that the sender signed bundle.note (when, for whom and
    what for) and each record, and name each file that is in no list: such a file was put there by somebody else.
    The key in the answer of ssh-keygen must be the one that the sender, asked over another channel, reads to you from
    evidence card:
        \(key)
    """
  }

  private var russian: String {
    """
    РУССКИЙ

    В этой папке доказательства, запечатанные для вас. Обращайтесь с ними как с секретными: они могут подвергнуть
    людей опасности.
    \(addition(
      """
      Это дополнение к пакету, который у вас есть: то, что тогда не было раскрыто из материала \(number). Держите их в
      разных папках. Программа evidence соединяет их, с восемью словами отправителя:
          evidence open ФАЙЛ --output НОВАЯ --merge ПАПКА-ПЕРВОГО --sender "ВОСЕМЬ СЛОВ" \(key("КЛЮЧ"))
      """))
    Что здесь лежит:
        REPORT.html          всё, что раскрыто, для чтения в браузере
        REPORT.txt           то же простым текстом, только по-английски и без хронологии\
    \(sheet("ответы на вопросы анкеты, для вставки; SUBMISSION.txt: то же простым текстом"))
        VERIFY.html          страница, которая проверяет эту папку в браузере, ничего не нужно устанавливать
        data/item-N/         запись и файлы материала N; у исправленного материала одна папка для первой версии, одна
                             для нынешней и по одной для версий, с которыми пришли файлы; действует та, у которой
                             номер больше всех
        proofs/              подписи и доказательства в открытых форматах, их может проверить любой эксперт
        bundle.note и другие файлы: то, что подписал отправитель, и контрольные суммы

    Прежде чем что-либо использовать или публиковать, прочитайте в REPORT.html, что вам разрешает свидетель: какие
    имена, до какого срока. То, что отправитель не раскрыл, отсутствует намеренно, остальное по-прежнему проверяется.
    Чтобы попросить об этом, назовите пакет и материал, скажите, что вам нужно и для чего: отправитель спросит
    свидетеля и сможет прислать это небольшим дополнением.
    \(contact("Связаться с отправителем"))\
    Как ссылаться: пакет \(plan.identifier), номер материала и SHA-256 файла
    из manifest-sha256.txt.

    Кто отправил: позвоните отправителю по номеру, который был у вас раньше. Пусть сначала он прочитает восемь слов
    своего ключа или цифры, а вы пока ничего не говорите. Они должны быть:
        \(words)
        \(digits)
    Ничто в этой папке само по себе не доказывает, кто отправитель; это доказывает сравнение этих слов.

    Как проверить программой evidence:  evidence verify --bundle ПАПКА --sender "ВОСЕМЬ СЛОВ"
    Как проверить в браузере, ничего не устанавливая: откройте VERIFY.html и перетащите на неё эту папку.
    Лучше взять такую же страницу из другого места: пришедшую вместе с папкой могли подделать вместе с ней.
    Как проверить без неё: командами в конце. Суммы показывают, что ни один файл из списков не изменён; ssh-keygen
    показывает, кто подписал списки. Строки для Python показывают, что отправитель подписал bundle.note (когда, для
    кого и для чего) и каждую запись, и называют каждый файл, которого нет в списках: такой файл положил кто-то другой.
    Ключ в ответе ssh-keygen должен быть тем, который отправитель прочитает вам по другому каналу связи из
    evidence card:
        \(key)
    """
  }

  private var tajik: String {
    """
    ТОҶИКӢ

    Дар ин ҷузвдон далелҳое ҳастанд, ки барои шумо мӯҳр карда шудаанд. Онҳоро махфӣ нигоҳ доред: онҳо метавонанд
    одамонро ба хатар андозанд.
    \(addition(
      """
      Ин иловаест ба бастае, ки доред: он чи он вақт аз маводи \(number) ошкор нашуда буд. Онҳоро дар ҷузвдонҳои ҷудо
      нигоҳ доред. Барномаи evidence онҳоро якҷоя мекунад, бо ҳашт калимаи фиристанда:
          evidence open ФАЙЛ --output НАВ --merge ҶУЗВДОНИ-ЯКУМ --sender "ҲАШТ КАЛИМА" \(key("КАЛИД"))
      """))
    Дар ин ҷо чӣ ҳаст:
        REPORT.html          ҳама чизи ошкоршуда, барои хондан дар браузер
        REPORT.txt           ҳамон чиз бо матни оддӣ, танҳо бо забони англисӣ ва бе ҷараёни ҳодисаҳо\
    \(sheet("ҷавобҳо ба саволнома, барои гузоштан; SUBMISSION.txt ҳамон чиз бо матни оддӣ аст"))
        VERIFY.html          саҳифае, ки ин ҷузвдонро дар браузер, бе насби чизе, месанҷад
        data/item-N/         сабт ва файлҳои маводи N; маводи ислоҳшуда як ҷузвдон барои нусхаи якум, як ҷузвдон барои
                             нусхаи ҳозира ва барои ҳар нусхае, ки файл овард, якторӣ дорад; он нусха эътибор
                             дорад, ки рақамаш аз ҳама калонтар аст
        proofs/              имзоҳо ва далелҳо дар шаклҳои кушода, ки ҳар коршинос онҳоро санҷида метавонад
        bundle.note ва файлҳои дигар: он чи фиристанда имзо кардааст, ва суммаҳои санҷишӣ

    Пеш аз истифода ё нашри чизе дар REPORT.html хонед, ки шоҳид ба шумо чиро иҷозат медиҳад: кадом номҳо, то кай.
    Он чи фиристанда ошкор накардааст, қасдан нест, ва боқимонда ҳамоно санҷида мешавад. Барои пурсидани он баста ва
    маводро номбар кунед ва гӯед, ки чӣ ва барои чӣ лозим аст: фиристанда аз шоҳид мепурсад ва онро ҳамчун иловаи
    хурд фиристода метавонад.
    \(contact("Барои пурсидан аз фиристанда"))\
    Барои иқтибос: баста \(plan.identifier), рақами мавод ва SHA-256-и файл
    аз manifest-sha256.txt.

    Кӣ фиристодааст: ба фиристанда бо рақаме занг занед, ки пештар доштед. Бигзор аввал ӯ ҳашт калимаи калидаш ё
    рақамҳоро хонад, то он вақт чизе нагӯед. Онҳо бояд чунин бошанд:
        \(words)
        \(digits)
    Дар ин ҷузвдон ҳеҷ чиз худ ба худ исбот намекунад, ки фиристанда кист; инро муқоисаи ҳамин калимаҳо нишон медиҳад.

    Санҷиш бо барномаи evidence:  evidence verify --bundle ҶУЗВДОН --sender "ҲАШТ КАЛИМА"
    Санҷиш дар браузер, бе насб кардани чизе: VERIFY.html-ро кушоед ва ин ҷузвдонро ба он кашида гузоред.
    Беҳтар аст, ки чунин саҳифаро аз ҷои дигар гиред: саҳифаи ҳамроҳи ҷузвдонро бо он якҷоя сохта метавонистанд.
    Санҷиш бе он: бо фармонҳо дар охир. Суммаҳо нишон медиҳанд, ки ягон файли рӯйхатҳо тағйир наёфтааст; ssh-keygen
    нишон медиҳад, ки рӯйхатҳоро кӣ имзо кардааст. Сатрҳо барои Python нишон медиҳанд, ки фиристанда bundle.note-ро
    (кай, барои кӣ ва барои чӣ) ва ҳар сабтро имзо кардааст, ва ҳар файлеро, ки дар рӯйхатҳо нест, ном мебаранд: чунин
    файлро каси дигар гузоштааст. Калид дар ҷавоби ssh-keygen бояд ҳамон бошад, ки фиристанда бо роҳи дигари алоқа аз
    evidence card ба шумо мехонад:
        \(key)
    """
  }

  /// The item that the bundle adds to, if it does.
  private var number: String { plan.supplemented.map(String.init) ?? "" }
  /// How whoever has the bundle says what opens it.
  private func key(_ name: String) -> String { plan.audience.isPassphrase ? "--passphrase" : "--identity \(name)" }
  /// What is said of a bundle that adds to another.
  private func addition(_ text: String) -> String { plan.supplemented == nil ? "" : text + "\n" }
  /// How to reach the sender, if they say so. It is no number to compare words on: whoever forged the bundle wrote it.
  private func contact(_ label: String) -> String {
    plan.contact.isEmpty ? "" : "\(label): \(Printable.line(plan.contact))\n"
  }
  /// The line about a submission sheet, if there is one.
  private func sheet(_ text: String) -> String { hasSheet ? "\n    SUBMISSION.html      \(text)" : "" }
}
