/// Words of every day that are names as well, or look like a form of one.
///
/// Source: FORMAT section 5.
enum OrdinaryWords {
  /// Whether a word, as it is folded, only looks like a form of a name, in another alphabet or with another ending:
  /// *said* and Саид.
  static func isLookalike(_ word: String) -> Bool { lookalikes.contains(word) }

  /// Whether a word, as it is folded, is that, or a name as well: *умед* and Умед.
  static func isOne(_ word: String) -> Bool { lookalikes.contains(word) || names.contains(word) }

  private static let lookalikes = folded(
    """
    said some many man none non name names done room boy boys car care carry dare bar bare era ere nor pack pace \
    holy hole hollow jury navy malice ally sheer sherry shoddy hush holiday safari nine were very victory mary marry \
    mare jan gully gull sine zero zen alien ale sad dine par iso pope ammonia

    мира мире миру миром боя бою боем хочу хожу сына сыну сыне синий синие синей сине синее сходи сходим сходят сход \
    рано рану собирать ширина ширины ширину ширине чумы иному иным сады саду сада садом садах пара пару пары паре \
    дары даром дону нами тоже точь точку туры туре ныне июля июле июлю вера веры веру вере верой холле нора норы \
    зари заре гулять имомат
    """)

  private static let names = folded(
    """
    hope faith grace rose will mark grant joy may

    мир надежда надежды надежде надежду надеждой любовь любви любовью слава славы славе славу славой роза розы розе \
    розу розой
    """
  ).union(tajik)

  private static let tajik: Set<String> = {
    let stems = folded(
      """
      адолат азиз азим баракат баҳор вакил ватан давлат дониш дӯст зан имом инсоф ислом исломӣ истиқлол қонун мард \
      марҳабо маҳкама муаллим мубарак муҳтарам назар наврӯз ном озод озода озодӣ раис рамазон раҳм раҳмат роҳбар \
      рушд саодат садо сардор сафар сулҳ умед ҳаким ҳақиқат ҳоким ҳокимият ҳуқуқ халифа шоҳид шодӣ ҷумъа
      """)
    let endings = folded(
      "и ро иро ҳо ҳои ҳоро он они онро ён ёни ёнро ам ат аш амон атон ашон у ю ву анд ем ед аст мон тон шон")
    return Set(stems.flatMap { stem in [stem] + endings.map { stem + $0 } })
  }()

  private static func folded(_ text: String) -> Set<String> { Set(FoldedWord.all(in: text).map(\.text)) }
}

/// Names that everybody says, and that are no sign of a person in the records: the second word of each.
///
/// Source: FORMAT section 5.
enum PublicNames {
  /// The words before, and how the second word begins: President Emomali Rahmon, and Radio Ozodi.
  private static let names: [(first: Set<String>, second: [String])] = [
    (["эмомали", "имомали", "emomali", "imomali"], ["рахмон", "rahmon", "rakhmon"]),
    (["радио", "радиои", "radio", "radioi"], ["озоди", "ozodi"]),
  ]
  private static let longestEndingCount = 2

  /// Whether a word, as it is folded, is the second of such a name, given the word before.
  static func isOne(_ word: String, behind first: String) -> Bool {
    names.contains { name in
      name.first.contains(first)
        && name.second.contains { second in
          word.hasPrefix(second) && word.unicodeScalars.count <= second.unicodeScalars.count + longestEndingCount
        }
    }
  }
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
