/// Words that are forms of somebody's name as well, in another alphabet or with another ending: *said* and Саид. One
/// that is not written as the name is in the record counts only with a capital letter within a sentence.
enum OrdinaryWords {
  /// The words as they are folded.
  static let all: Set<String> = {
    let text = """
      said some many man none non name names done room boy boys car care carry dare bar bare era ere nor pack pace \
      holy hole hollow jury navy malice ally sheer sherry shoddy hush holiday safari nine were very victory mary marry \
      mare jan gully gull sine zero zen alien ale sad dine par iso pope ammonia

      мира мире миру миром боя бою боем хочу хожу сына сыну сыне синий синие синей сине синее сходи сходим сходят сход \
      рано рану собирать ширина ширины ширину ширине чумы иному иным сады саду сада садом садах пара пару пары паре \
      дары даром дону нами тоже точь точку туры туре ныне июля июле июлю вера веры веру вере верой холле нора норы \
      зари заре гулять имомат
      """
    var words: Set<String> = []
    NameFold.forEachWord(text, isJoined: true) { words.insert($0.text) }
    return words
  }()
}

/// Words that stand in names of organisations, and between words, and tell of nobody by themselves.
enum CommonWords {
  /// Words as they sound; with other endings, too.
  private static let beginnings = [
    "ташкилот", "созмон", "чамъият", "жамъият", "иттиходия", "бунед", "марказ", "шабака", "гурух", "байналмилал",
    "чумхури", "организаци", "ассоциаци", "обществ", "общественн", "фонд", "центр", "комитет", "союз", "международн",
    "объединени", "associat", "organisat", "organizat", "foundation", "public", "society", "center", "centre", "union",
    "committee", "network", "group", "international",
  ].map { NameSpelling.sound(NameSpelling.latin($0)) }

  private static let words: Set<String> = [
    "the", "and", "for", "from", "with", "that", "this", "not", "note", "was", "are", "для", "при", "что", "как", "или",
    "его", "барои", "дар", "аст", "бар",
  ]

  /// Whether a word stands between others, and is nobody's name.
  static func isSmall(_ word: String) -> Bool { words.contains(word) }

  /// Whether it is a word of organisations.
  static func isOfOrganisations(_ word: String) -> Bool {
    let sound = NameSpelling.sound(NameSpelling.latin(word))
    return beginnings.contains { beginning in
      sound.utf8.starts(with: beginning.utf8)
        && sound.unicodeScalars.count <= beginning.unicodeScalars.count + 4
    }
  }
}
