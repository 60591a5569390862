/// The words of a form, in the languages of the people who fill it in.
enum FormLanguage: String, CaseIterable {
  case en, ru, tg

  /// The one of the surroundings, otherwise English.
  static var preferred: FormLanguage {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(Environment.value).first { !$0.isEmpty }
    return set.flatMap { FormLanguage(rawValue: String($0.prefix(2))) } ?? .en
  }

  /// What a form says.
  enum Phrase {
    case keys, required, isRequired, writtenNow, doesDifferByClass, answerYesOrNo, nameElsewhere, isThatMeant
    case theRecord, isItRight, nothingAdded, kept
  }

  subscript(phrase: Phrase) -> String {
    let words = Self.words(phrase)
    return switch self {
    case .en: words.0
    case .ru: words.1
    case .tg: words.2
    }
  }

  private static func words(_ phrase: Phrase) -> (String, String, String) {
    switch phrase {
    case .keys:
      (
        "Return: skip or keep · ?: help · <: back · -: remove · .: leave · \\ at the end: one more line",
        "Enter: пропустить или оставить · ?: помощь · <: назад · -: удалить · .: выйти · \\ в конце: ещё строка",
        "Enter: гузаштан · ?: кӯмак · <: ба қафо · -: нест кардан · .: баромадан · \\ дар охир: сатри дигар"
      )
    case .required: ("required", "обязательно", "ҳатмӣ")
    case .isRequired: ("This has to be answered.", "На это нужно ответить.", "Ба ин ҷавоб додан лозим аст.")
    case .writtenNow: ("now", "сейчас", "ҳоло")
    case .doesDifferByClass:
      (
        "Is consent different for some kind of recipient? (yes/no)",
        "Для кого-то из получателей согласие другое? (да/нет)",
        "Оё барои ягон гирандагон розигӣ дигар аст? (ҳа/не)"
      )
    case .answerYesOrNo: ("Answer yes or no.", "Ответьте да или нет.", "Ҷавоб диҳед: ҳа ё не.")
    case .nameElsewhere:
      ("words of a name also stand here", "здесь тоже есть слова имени", "дар ин ҷо низ калимаҳои ном ҳастанд")
    case .isThatMeant: ("Is that meant? (yes/no)", "Так и нужно? (да/нет)", "Ҳамин тавр лозим аст? (ҳа/не)")
    case .theRecord: ("The record:", "Запись:", "Сабт:")
    case .isItRight:
      ("Is it right? (yes/no, < to go back)", "Всё верно? (да/нет, < назад)", "Дуруст аст? (ҳа/не, < ба қафо)")
    case .nothingAdded: ("nothing was added", "ничего не добавлено", "ҳеҷ чиз илова нашуд")
    case .kept:
      ("the answers are kept, sealed, in", "ответы сохранены под замком в", "ҷавобҳо мӯҳршуда нигоҳ дошта шуданд дар")
    }
  }
}
