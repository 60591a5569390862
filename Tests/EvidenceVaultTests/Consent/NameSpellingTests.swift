@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// A withheld name in the forms that people write: with endings, in the other alphabet, and short; and the words of
/// every day that only look like one.
@Suite struct NameSpellingTests {
  private func isFound(_ name: String, in text: String, isFileName: Bool = false) -> Bool {
    NameMatch(name, field: "witness.name").isFound(in: NameSearchText(text, isFileName: isFileName))
  }

  @Test(arguments: [
    ("Бунёд Каримов", "Рассказ Бунёда о вызове"), ("Бунёд", "Рассказ Бунёда о вызове"), ("Бунёд", "гапи Бунёд"),
    ("Саид Бунёдов", "показания Бунёдова"), ("Умед Бобоев", "Рассказ Умеда о вызове"),
    ("Zafar Nazarov", "Показания Зафара Назарова"), ("Ҷамшед Ҳоҷиев", "Показания Джамшеда Ходжиева"),
  ]) func noFormOfAWithheldNameLeavesInATitle(name: String, title: String) throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony(title, more: [("witness.name", .string(name))])
    #expect {
      try fixture.reader().plan(
        [0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
    } throws: {
      guard case VaultError.identityWouldLeak(let found) = $0 else { return false }
      return found.allSatisfy { $0.place.english == "item 0, title" && $0.field == "witness.name" && !$0.isCode }
    }
  }

  @Test(arguments: [
    ("Умед", "Умеда Умеду Умедом Умеде Умеди Умедро Умедам Умедат Умедаш Умедҷон умедиро умедҳо"),
    ("Лола", "Лолы Лоле Лолу Лолой Лолаи Лоларо Лолаям Лолаҷон"), ("Саид", "Саида Саиду Саидом Саиди Саидро"),
    ("Амир", "Амира амиру Амири амирро Амирхон"), ("Али", "Алиро Алии Алию"), ("Нур", "Нура Нури Нурро"),
    ("Зулфия", "Зулфии Зулфию Зулфией Зулфияро"), ("Игорь", "Игоря Игорю Игорем Игоре"),
    ("Каримова", "Каримов Каримовой Каримову Каримовых Каримзода Карими"),
    ("Карим", "Карима Каримом Каримни Каримнинг каримро"),
  ]) func endingsHideNoName(name: String, forms: String) {
    for form in forms.split(separator: " ") {
      #expect(isFound(name, in: "the words of \(form), as told"), "\(form)")
    }
  }

  @Test(arguments: [
    "Ҷамшед Джамшед Чамшед Жамшед Jamshed Dzhamshed Djamshed Jamshedom Джамшеду",
    "Хуршед Khurshed Xurshed Hurshed Хуршеда", "Ғафур Гафур Ghafur Gafur", "Қурбон Курбон Qurbon Kurbon",
    "Ёқуб Ёкуб Yoqub Yokub Екуб", "Юсуф Yusuf Iusuf Юсуфа Yusufro", "Бунёд Bunyod Bunyed Бунед",
    "Зиёев Ziyoev Ziyoyev Зиеев", "Нақшбанд Накшбанд Naqshbandi Nakshband", "Азҳар Азхар Azhar Azkhar",
    "Исҳоқ Исхок Ishoq Iskhok", "Мақсуд Максуд Maqsud Maksud", "Шариф Sharif Шарифа", "Чориев Choriev Choriyev",
    "Мария Maria Mariya Марии", "Максим Maxim Maksim", "Муҳаммад Мухаммад Muhammad Muhamad", "Аҳмадӣ Ахмади Ahmadiy",
  ]) func alphabetsHideNoName(spellings: String) {
    let all = spellings.split(separator: " ").map(String.init)
    for text in all { #expect(isFound(all[0], in: "told \(text) then"), "\(text)") }
  }

  @Test func eitherSideMayBeLatin() {
    for (latin, cyrillic) in [
      ("Jamshed", "Джамшеда"), ("Khurshed", "Хуршеду"), ("Umed", "Умеда"), ("Zulfiya", "Зулфию"), ("Said", "Саида"),
    ] { #expect(isFound(latin, in: "слова \(cyrillic)"), "\(latin)") }
  }

  private static let shortNames =
    "Умед Саид Амир Азиз Лола Али Исо Нур Зоир Зиё Бек Шер Хол Гул Дона Зар Тоҷ Мир Сом Ато Шод Ризо Сино Амон Вали "
    + "Бой Асад Умар Ином Раъно Ҷума Ҷӯра Саъдӣ Хоҷа Рӯз Нав Ром Наим Малик Зайд Гулӣ Шодӣ Орзу Имом "
    + "Одил Олим Оқил Насим"
  private static let names =
    "Карим Салим Комил Шариф Зафар Далер Мадина Рустам Манзура Ситора Рашид Камол Малика Самира Сабина Ҳалима Латиф "
    + "Парвиз Собир Содиқ Равшан Ширин Холида Сафаров Холов Комилов Каримов Мирзоев Саидов Тоҳиров Марям"

  private static let ordinary = """
    she said that some of the people in the room were very kind and many had done nothing when the man came home; \
    nine boys had no name and no car, and the jury was none the wiser: a holy holiday, a sheer hole, a hollow victory; \
    he was coming and sharing comics, caring, comedy, committee, common, salient, marine, marital, dales, rusty, \
    malice, amid, already, also, alike, alive, island, isolated, nurse, journal, solid, amended, admired, aloof, \
    alley, lolling

    комиссия и комитет пришли; хочу сказать, что тоже видел сына и сыну; в июле собирать иному рано; точку поставили \
    одна пара, синий шар, дары даром, мира и миром, умение, умелый, азарт, азиатский, номер, саидовский закон, алиби, \
    амирский, нурлан?, салат, саботаж, шеренга, шершавый, болезнь, холодный, гулять, гуляют, зарплата, донос, \
    каримский?, рассказ, свидетель, организация, показания, протокол, решение, заседание, оказал, одиннадцать, толпа

    умедвор умедворам умедбахш азизон? ҳолат ҳолати ҷанобон мавод мавқеъ навиштан навсозӣ шодмонӣ гулдаста донистан \
    дониш донишҷӯ олимпӣ имомат насимӣ? аз барои он ки, амал амалӣ омад омадам, сабаб, санҷиш, ҳамкорон, шаҳодат, \
    рӯзнома
    """

  /// Small letters, as within a sentence; and a question mark stands behind what is the name itself with an ending.
  @Test func ordinaryWordsAreNobody() {
    let words = Self.ordinary.split { $0 == " " || $0 == "\n" }.filter { !$0.contains("?") }
    let text = NameSearchText(words.joined(separator: " "))
    for name in (Self.shortNames + " " + Self.names).split(separator: " ") {
      let match = NameMatch(String(name), field: "name.russian", isOwn: false)
      let found = match.place(in: text)
      #expect(found == nil, "\(name): \(found?.word ?? "")")
    }
  }

  /// At the beginning of a sentence every word has a capital letter, and in a heading all have.
  @Test func oneOfThemIsANameWithACapitalLetterWithinASentence() {
    func isFound(_ name: String, in text: String) -> Bool {
      NameMatch(name, field: "name.latin", isOwn: false).isFound(in: NameSearchText(text))
    }
    #expect(isFound("Саид", in: "Testimony of Said, witness"))
    #expect(!isFound("Саид", in: "Said the witness. \"Said who?\""))
    #expect(!isFound("Саид", in: "THAT IS WHAT SHE SAID"))
    #expect(!isFound("Said", in: "that is what she said"), "as the record has it, but of another item")
    #expect(!isFound("Али", in: "алии"))
    #expect(isFound("Али", in: "Testimony of Ali"))
  }

  @Test func shortNamesAreNotInsideOfWords() {
    for (name, text) in [("Умед", "неумеда"), ("Саид", "Asaid"), ("Нур", "Нурсултан"), ("Амир", "Владамир")] {
      #expect(!isFound(name, in: text), "\(text)")
      #expect(!isFound(name, in: text, isFileName: true), "\(text)")
    }
  }

  @Test(arguments: [
    "Умед2023.jpg", "рассказУмеда.pdf", "Rasskaz_Umeda.pdf", "umed-statement.txt", "умед1.txt", "StatementUmed2.docx",
  ]) func filesAreNamedAfterPeople(file: String) { #expect(isFound("Умед", in: file, isFileName: true)) }

  @Test func aWordOfOrganisationsIsOneOnlyBesideAnother() {
    let text = NameSearchText("Бунёди ҷамъиятӣ, ташкилоти мо")
    #expect(!NameMatch("Бунёди «Намуна»", field: "organisation.name").isFound(in: text))
    #expect(!NameMatch("Ташкилоти ҷамъиятии «Намуна»", field: "submission.submitted_by").isFound(in: text))
    #expect(NameMatch("Бунёд", field: "organisation.name").isFound(in: text))
    #expect(NameMatch("Бунёд Каримов", field: "witness.name").isFound(in: text))
  }
}
