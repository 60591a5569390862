internal import ArgumentParser
internal import EvidenceVault

/// The words around fields in `evidence schema`, in the languages that the schemas themselves speak.
struct SchemaWords {
  /// The languages of labels and explanations.
  enum Language: String, CaseIterable, ExpressibleByArgument {
    case en
    case ru
    case tg
  }

  private let language: Language

  init(_ language: Language) { self.language = language }

  /// What is special about a field, in a few words.
  func marks(_ field: Schema.Field, isRequired: Bool) -> String {
    var marks = [sensitivity(field.sensitivity)]
    if isRequired { marks.append(say("required", "обязательно", "ҳатмӣ")) }
    if field.isSetByProgram {
      marks.append(say("written by the program", "записывает программа", "барнома менависад"))
    }
    if let need = field.consentNeed {
      marks.append(say("needs consent", "нужно согласие", "розигӣ лозим") + ": \(consent(need))")
    }
    if !field.links.isEmpty {
      marks.append(say("number of", "номер", "рақами") + " \(field.links.joined(separator: ", "))")
    }
    return marks.joined(separator: ", ")
  }

  /// What a field takes.
  func type(_ type: FieldType) -> String {
    switch type {
    case .text: say("text", "текст", "матн")
    case .date: say("a date", "дата", "сана")
    case .choice: say("one of the values below", "одно из значений ниже", "яке аз қиматҳои зер")
    case .integer: say("a whole number", "целое число", "адади бутун")
    case .boolean: say("yes or no", "да (yes) или нет (no)", "бале (yes) ё не (no)")
    case .list(.choice):
      say(
        "any of the values below, separated by commas", "любые из значений ниже, через запятую",
        "ҳар кадоме аз қиматҳои зер, бо вергул ҷудо")
    case .list(.integer):
      say("whole numbers, separated by commas", "целые числа через запятую", "ададҳои бутун, бо вергул ҷудо")
    case .list: say("texts, separated by commas", "тексты через запятую", "матнҳо, бо вергул ҷудо")
    }
  }

  /// The name under which one class answers alone.
  func perClass(_ field: Schema.Field) -> String {
    let group = field.name.prefix { $0 != "." }
    let name = "\(group).CLASS\(field.name.dropFirst(group.count))"
    return say(
      "also for one class alone: ", "также для одного вида получателей: ", "инчунин танҳо барои як навъи гирандагон: ")
      + name
  }

  /// The head of the list of fields that a template cannot do without.
  func needed(by template: String) -> String { say("needed for", "нужно для", "лозим барои") + " \(template)" }

  private func sensitivity(_ sensitivity: Schema.Sensitivity) -> String {
    switch sensitivity {
    case .open: say("open", "открыто", "кушода")
    case .restricted: say("restricted", "ограничено", "маҳдуд")
    case .identity: say("identity", "личность", "шахсият")
    }
  }

  private func consent(_ need: Schema.ConsentNeed) -> String {
    switch need {
    case .code: say("code name", "кодовое имя", "номи рамзӣ")
    case .initials: say("initials", "инициалы", "ҳарфҳои аввали ном")
    case .name: say("name", "имя", "ном")
    case .paraphrase: say("retelling", "пересказ", "бозгӯйӣ")
    case .verbatim: say("word for word", "дословно", "калима ба калима")
    case .region: say("region", "область", "вилоят")
    case .district: say("district", "район", "ноҳия")
    case .place: say("exact place", "точное место", "ҷойи дақиқ")
    case .family: say("family", "семья", "оила")
    case .voiceImage: say("voice and image", "голос и изображение", "овоз ва тасвир")
    }
  }

  private func say(_ english: String, _ russian: String, _ tajik: String) -> String {
    switch language {
    case .en: english
    case .ru: russian
    case .tg: tajik
    }
  }
}
