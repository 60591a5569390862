internal import EvidenceVault
internal import Primitives

/// `READ-ME-FIRST.txt`: what a bundle is and how to check it, in three languages.
enum ReadMe {
  static func text(_ plan: ExportPlan) -> String {
    let (words, key) = (plan.sender.fingerprint, plan.sender.bundleKey.fingerprint)
    return [english(words, key), russian(words, key), tajik(words, key), commands].joined(separator: "\n\n")
  }

  private static func english(_ fingerprint: String, _ key: String) -> String {
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
    made, and ssh-keygen shows who signed it. The key in its answer must be the one that the sender, asked over
    another channel, reads to you from evidence card:
        \(key)
    The proofs under proofs/ are in open formats that any expert can check.
    """
  }

  private static func russian(_ fingerprint: String, _ key: String) -> String {
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
    составлен, а ssh-keygen показывает, кто подписал. Ключ в ответе этой программы должен быть тем, который
    отправитель прочитает вам по другому каналу связи из evidence card:
        \(key)
    Доказательства в папке proofs/ записаны в открытых форматах, их может проверить любой эксперт.
    """
  }

  private static func tajik(_ fingerprint: String, _ key: String) -> String {
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
    Санҷиш бе он: фармонҳо дар охир. Онҳо нишон медиҳанд, ки аз вақти тартиб додани баста ягон файл тағйир наёфтааст,
    ва ssh-keygen нишон медиҳад, ки кӣ имзо кардааст. Калид дар ҷавоби он бояд ҳамон бошад, ки фиристанда бо роҳи
    дигари алоқа аз evidence card ба шумо мехонад:
        \(key)
    Далелҳои ҷузвдони proofs/ дар шаклҳои кушодаанд, ки онҳоро ҳар коршинос санҷида метавонад.
    """
  }

  /// Each line can be copied as it is, by somebody who stands in the folder. The tests run those of Linux and macOS.
  private static let commands = """
    COMMANDS · КОМАНДЫ · ФАРМОНҲО

    In this folder · В этой папке · Дар ҳамин ҷузвдон:

    Linux
        sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt
        \(verify)
        python3 -m pip install bagit && python3 -m bagit --validate .

    macOS
        shasum -a 256 -c manifest-sha256.txt && shasum -a 256 -c tagmanifest-sha256.txt
        \(verify)
        python3 -m pip install bagit && python3 -m bagit --validate .

    Windows (PowerShell)
        foreach ($list in "manifest-sha256.txt", "tagmanifest-sha256.txt") {
          foreach ($line in [IO.File]::ReadAllLines("$($PWD.ProviderPath)\\$list")) {
            $sum, $file = $line -split "  ", 2
            if ((Get-FileHash -LiteralPath $file).Hash -eq $sum) { "OK      $file" } else { "CHANGED $file" } } }
        cmd /c "\(verify)"
        py -m pip install bagit; py -m bagit --validate .

    Python: python3 -m pip install sd-jwt (Windows: py -m …), start python3 (py) here, and paste: every record verifies
    import base64, glob, re
    from jwcrypto.jwk import JWK
    from sd_jwt.verifier import SDJWTVerifier
    card = open("proofs/sender.note", encoding="utf-8").read()
    key = base64.b64decode(re.search("^key records [^+]+[+]........[+](.+)$", card, re.M)[1])[1:]
    key = JWK(kty="OKP", crv="Ed25519", x=base64.urlsafe_b64encode(key).decode().rstrip("="))
    verified = lambda name: SDJWTVerifier(open(name).read(), lambda *_: key).get_verified_payload()
    print(*[name + " OK" for name in sorted(glob.glob("proofs/*.sd-jwt")) if verified(name)], sep="\\n")

    age 1.3 and tar open the sealed bundle again (age 1.1 with a key that begins AGE-SECRET-KEY-1), on all three systems
        age -d -i KEY -o bundle.tar BUNDLE
        tar -xf bundle.tar

    OK: every line says OK, and ssh-keygen (OpenSSH 8.1 or newer) says Good "\(namespace)" signature for \(principal).
    Хорошо: в каждой строке OK, а ssh-keygen (OpenSSH 8.1 или новее) пишет Good "\(namespace)" signature …
    Дуруст: дар ҳар сатр OK, ва ssh-keygen (OpenSSH 8.1 ё навтар) менависад Good "\(namespace)" signature …

    """

  private static let (namespace, principal) = ("evidence-bundle", "sender")
  private static let verify =
    "ssh-keygen -Y verify -f proofs/allowed_signers -I \(principal) -n \(namespace)"
    + " -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"
}
