internal import StrictJSON

/// What a witness allows one class of recipients: the answers of a testimony, as far as they concern that class. A
/// question that was not answered counts as the answer that protects most.
///
/// Source: FORMAT section 5.
public struct ConsentTerms: Hashable, Sendable {
  /// How far the person may be identified.
  public enum Identification: Int, CaseIterable, Comparable, Sendable {
    /// The item does not go there.
    case refused
    /// Not even the code name.
    case none
    /// The code name.
    case code
    /// The initials.
    case initials
    /// The full name.
    case full

    /// Less is told before more.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// How the words of the witness may be used.
  public enum Quotes: Int, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// Told again in other words.
    case paraphrase
    /// As they were said.
    case verbatim
  }

  /// How exactly places may be named.
  public enum PlaceDetail: Int, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// The region.
    case region
    /// The district.
    case district
    /// The place itself.
    case exact
  }

  /// The name in what is published.
  public enum PublicName: Int, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// The initials.
    case initials
    /// The full name.
    case full
  }

  /// Before what the witness wants to be asked again.
  public enum Occasion: String, CaseIterable, Sendable {
    /// Every time that anything leaves.
    case eachUse = "each_use"
    /// Publication.
    case publication
    /// What a government gets to see.
    case government
    /// Use in court.
    case courtUse = "court_use"
  }

  /// How far the person may be identified; `nil` if the class was not asked about.
  public var identification: Identification?
  /// How the words may be used.
  public var quotes = Quotes.none
  /// How exactly places may be named.
  public var placeDetail = PlaceDetail.none
  /// Whether voice and image may be used.
  public var hasVoiceAndImage = false
  /// Whether the family may be spoken of.
  public var hasFamilyDetail = false
  /// The name in what is published.
  public var publicName = PublicName.none
  /// Whether the name may go to the government.
  public var isNameForGovernment = false
  /// The first day on which consent holds no more, as `YYYY-MM-DD`.
  public var end: String?
  /// The day on which consent was to be talked over again.
  public var reviewDue: String?
  /// The first day on which the testimony may be used.
  public var start: String?
  /// Before what the witness wants to be asked again.
  public var askAgainBefore: Set<Occasion> = []

  /// Whether a field makes consent narrower: left out, it would allow more. It binds whoever gets the item.
  static func isCondition(_ field: String) -> Bool {
    let conditions = [
      "consent.until", "consent.ask_again_before", "consent.conditions", "consent.review_due", ConsentLineage.sameAs,
    ]
    if conditions.contains(field) || field.hasPrefix("use.") { return true }
    return Schema.recipientClasses.contains { name in
      field.hasPrefix("consent.\(name).")
    }
  }

  /// Whether a field says whether a class of recipients gets anything, or what it alone gets.
  static func isAnswer(_ field: String, for recipientClass: String) -> Bool {
    field == "consent.\(recipientClass)" || field.hasPrefix("consent.\(recipientClass).")
  }

  /// Whether a field can allow something that is not allowed without it.
  static func allows(_ field: String) -> Bool {
    questions.contains { field == "consent.\($0)" } || Schema.recipientClasses.contains { isAnswer(field, for: $0) }
  }

  /// What is asked for all classes.
  private static let questions = [
    "quotes", "place_detail", "name_in_public_report", "voice_image", "family_detail", "name_to_government",
  ]

  /// Terms without a single answer.
  public init() {}

  /// The answers of a testimony for `recipientClass`: those for that class alone go before the general ones.
  init(_ fields: JSONObject, for recipientClass: String) {
    func answer(_ question: String) -> JSON? {
      fields["consent.\(recipientClass).\(question)"] ?? fields["consent.\(question)"]
    }
    func place<Level: RawRepresentable<Int>>(_ question: String, _ words: [String], _ none: Level) -> Level {
      answer(question)?.stringValue.flatMap(words.firstIndex).flatMap(Level.init) ?? none
    }
    identification = fields["consent.\(recipientClass)"]?.stringValue
      .flatMap(["refused", "none", "code", "initials", "full"].firstIndex).flatMap(Identification.init)
    quotes = place("quotes", ["none", "paraphrase", "verbatim"], .none)
    placeDetail = place("place_detail", ["none", "region", "district", "exact"], .none)
    publicName = place("name_in_public_report", ["none", "initials", "full"], .none)
    hasVoiceAndImage = answer("voice_image")?.boolValue ?? false
    hasFamilyDetail = answer("family_detail")?.boolValue ?? false
    isNameForGovernment = answer("name_to_government")?.stringValue == "yes"
    if answer("name_to_government")?.stringValue == "ask" { askAgainBefore.insert(.government) }
    // Where a date is not exact, the day that protects more counts: the earliest end, the latest beginning.
    end = answer("until")?.stringValue.map { EDTFSpan($0)?.firstDay ?? EDTFSpan.beginningOfTime }
    reviewDue = fields["consent.review_due"]?.stringValue.flatMap { EDTFSpan($0)?.firstDay }
    start = fields["use.not_before"]?.stringValue.map { EDTFSpan($0)?.lastDay ?? EDTFSpan.endOfTime }
    for word in answer("ask_again_before")?.arrayValue ?? [] {
      if let occasion = word.stringValue.flatMap(Occasion.init) { askAgainBefore.insert(occasion) }
    }
  }
}

extension EDTFSpan {
  /// Before every day that a date can name.
  static let beginningOfTime = "0000-01-01"
  /// After every day that a date can name.
  static let endOfTime = "9999-12-31"

  /// The first day as `YYYY-MM-DD`.
  var firstDay: String { first == .min ? Self.beginningOfTime : Self.text(first) }
  /// The last day as `YYYY-MM-DD`; the 31st also where a month has fewer.
  var lastDay: String { last == .max ? Self.endOfTime : Self.text(last) }

  private static func text(_ day: Int) -> String {
    let digits = String(String(day + 100_000_000).dropFirst())
    return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6))"
  }
}
