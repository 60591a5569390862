@testable import EvidenceVault
import Testing

/// Letters as organisations write them, and persons of the records who have nothing to do with them: a search that
/// refuses everything is one that people switch off.
@Suite struct OrdinaryTextTests {
  private static let texts = [
    "a Tajik letter": """
    Ба: Сардори Раёсати адлияи вилоят
    Аз: Ташкилоти ҷамъиятии «Намуна»

    Муҳтарам ҷаноби раис!

    Ташкилоти мо аз соли 2009 фаъолият мекунад ва бо назардошти қонунгузорӣ ҳисоботро сари вақт месупорад. Рӯзи \
    ҷумъа намояндагони прокуратура ба дафтари мо омаданд. Шоҳидон мегӯянд, ки корманди ҳокимияти маҳаллӣ ба назари мо \
    фишор оварда, аз роҳбарият хоҳиш кард, ки аризаро имзо кунад. Давлати мо ҳуқуқро кафолат медиҳад.

    Мо умед дорем, ки Шумо адолатро таъмин мекунед ва қарори маҳкамаро бекор мекунед. Умед дорем! Вакили мо ба суд \
    муроҷиат кард. Раҳмат барои диққататон.
    """,
    "news": """
    Президент Эмомалӣ Раҳмон бо намояндагони ҷомеа мулоқот кард. Созмонҳои исломӣ манъ шудаанд. Дар арафаи наврӯз ва \
    моҳи рамазон мардум ҷамъ омаданд. Сафари корӣ ба Хоруғ анҷом ёфт. Радиои Озодӣ хабар дод.
    """,
    "a Russian letter": """
    В Управление юстиции

    Уважаемый господин начальник!

    Сотрудники пришли в наш офис и потребовали подписать заявление. Нам обещали мир и спокойствие. Мы не теряем \
    надежды: вера в правосудие осталась. С любовью к своему делу мы работали, пока не отключили свет. Слава нашим \
    людям. Президент Эмомали Рахмон подписал закон, сообщило Радио Озоди.
    """,
    "an English letter": """
    Dear Sir, officials came to our office and said that we had to sign. Said and done: they promised to leave us \
    alone. We hope that the human rights of many will not be a matter of grace. Radio Ozodi reported on it. President \
    Emomali Rahmon signed the law.
    """,
  ]

  private static let persons = [
    "Фирӯз Раҳимов", "Фарҳод Назаров", "Далер Каримов", "Ҷамшед Саидов", "Умед Раҳмонов", "Баҳром Шарипов",
    "Рустам Холов", "Сӯҳроб Одинаев", "Алишер Сафаров", "Манучеҳр Давлатов", "Шаҳло Мирзоева", "Зарина Ҳакимова",
    "Озода Исломова", "Мадина Вакилова", "Гулноза Шоҳидова", "Адолат Ҳокимова", "Мавҷуда Маҳкамова", "Саодат Сардорова",
    "Муҳтарам Рамазонова", "Наврӯз Ҳуқуқов", "Вера Миронова", "Надежда Славина", "Любовь Мирова", "Саид Раҳмонзода",
  ]

  @Test(arguments: texts.keys.sorted()) func nobodyOfThemIsInIt(kind: String) throws {
    let text = NameSearchText(try #require(Self.texts[kind]))
    for name in Self.persons {
      let found = NameMatch(name, field: "name.russian", isOwn: false).place(in: text)
      #expect(found == nil, "\(name): \(found?.word ?? "") in line \(found?.line ?? 0)")
    }
  }

  /// With their names in them they are found, however the sentence goes.
  @Test(arguments: persons) func eachOfThemIsFoundWhereTheNameStands(name: String) throws {
    let first = try #require(name.split(separator: " ").first.map(String.init))
    let texts = [
      "рассказ: \(first)", "Мо бо \(first) гап задем", "(\(first))", "\"\(first)\"", "\(first)", "г. \(first) сказал",
    ]
    for text in texts {
      #expect(
        NameMatch(first, field: "name.russian", isOwn: false).place(in: NameSearchText(text)) != nil, "\(text)")
    }
    #expect(
      NameMatch(first, field: "name.russian", isOwn: false).place(
        in: NameSearchText("\(first.lowercased()).pdf", isFileName: true)) != nil)
  }

  /// The witness of the very item is looked for in small letters, too, and where a sentence begins.
  @Test(arguments: [
    ("Умед", "мо умед дорем"), ("Вера", "Вере дали бумагу"), ("Мира", "Миру допросили"), ("Мира", "МИРУ"),
    ("Саид", "INTERVIEW WITH SAID"), ("Саид", "the witness\nSaid told"), ("Саид", "Said: second interview"),
    ("Али", "ALI WAS BEATEN"), ("Али", "АЛИЮ"), ("Назаров", "Назар омад"),
  ]) func ofTheItemItselfMoreCounts(name: String, text: String) {
    #expect(NameMatch(name, field: "witness.name").isFound(in: NameSearchText(text)))
  }

  @Test func aLineBetweenWordsEndsNoSentenceAndTwoDo() {
    func isFound(_ text: String) -> Bool {
      NameMatch("Саид", field: "name.latin", isOwn: false).isFound(in: NameSearchText(text))
    }
    #expect(isFound("the witness\nSaid told us"))
    #expect(!isFound("the end\n\nSaid he"))
    #expect(!isFound("He left. Said he"))
    #expect(isFound("Mr. Said he"))
  }

  // MARK: - What of a value counts

  @Test(arguments: [
    ("Ипсумова (Намунаева) Фарзона", "Рассказ Фарзоны"), ("Ипсумова (Намунаева) Фарзона", "о Намунаевой"),
    ("Фарзона (Фаза) Ипсумова", "слова Ипсумовой"), ("(Фарзона Ипсумова)", "слова Ипсумовой"),
    ("(фарзона)", "слова Фарзоны"), ("Ипсумзода", "показания Ипсумова"), ("Ипсумов", "гапи Ипсумзода"),
  ]) func bracketsHideNoName(name: String, text: String) {
    #expect(NameMatch(name, field: "witness.name").isFound(in: NameSearchText(text)))
  }

  @Test func aNoteInBracketsIsNoName() {
    let match = NameMatch("Фарзона Ипсумова (бухгалтер, fictional)", field: "witness.name")
    #expect(!match.isFound(in: NameSearchText("бухгалтер пришёл; a fictional letter")))
  }

  @Test(arguments: [
    "write to zk.fleur@example.org", "see @zk_fleur", "sister Лола Пробная came", "Пробная Лола", "tel 90 000 00 01",
  ]) func eachPartOfAContactIsLookedFor(text: String) {
    let match = NameMatch(
      "zk.fleur@example.org, Telegram @zk_fleur, sister: Пробная Лола, Khujand, +992 90 000 00 01",
      field: "protection.emergency_contact")
    #expect(match.isFound(in: NameSearchText(text)))
    #expect(!match.isFound(in: NameSearchText("Telegram, in Khujand")))
  }

  @Test func thePlaceInAContactIsNoName() {
    let match = NameMatch("Кӯчаи Намуна, Дараи Кабуд, t@example.org", field: "witness.contact")
    #expect(!match.isFound(in: NameSearchText("ба шаҳраки Дараи Кабуд")))
    #expect(match.isFound(in: NameSearchText("write to t@example.org")))
  }

  @Test func anOrganisationOfSeveralWordsIsAllOfThem() {
    let match = NameMatch("Ташкилоти ҷамъиятии «Право и развитие»", field: "organisation.name")
    #expect(!match.isFound(in: NameSearchText("имеет право на развитие")))
    #expect(match.isFound(in: NameSearchText("из «Права и развития» писали")))
    #expect(match.wholePlace(in: NameSearchText("«право и развитие»")) != nil)
  }

  @Test func aCodeRunTogetherIsOne() {
    #expect(CodeMatch("Quiet Lark").place(in: NameSearchText("case=quietlark-2")) != nil)
    #expect(CodeMatch("W 1").place(in: NameSearchText("w1")) == nil)
  }

  @Test(arguments: [
    ("Farzona Ipsumova", true), ("Ипсумова Фарзона", true), ("Ипсумова", true), ("Фарзона Намунаева", false),
    ("—", false),
  ]) func aNameInTheOtherAlphabetIsTheSame(name: String, isSame: Bool) {
    #expect(NameMatch.isSame(name, asOneOf: ["Somebody", "Фарзона Ипсумова"]) == isSame)
  }
}
