internal import CEmbedded
internal import Embedded

/// The kinds that this program knows. Each is read when it is first asked for: most commands need one or two of them.
extension Schema {
  private struct Kind: Sendable {
    let name: String
    let isItem: Bool
    let schema: @Sendable () -> Schema
  }

  // What is read stays: a constant, made once by whoever comes first.
  private static let testimony = Schema(embedded: EmbeddedFile.testimony_json.bytes)
  private static let pressureEvent = Schema(embedded: EmbeddedFile.pressure_event_json.bytes)
  private static let document = Schema(embedded: EmbeddedFile.document_json.bytes)
  private static let dissolutionCase = Schema(embedded: EmbeddedFile.dissolution_case_json.bytes)
  private static let person = Schema(embedded: EmbeddedFile.person_json.bytes)
  private static let translation = Schema(embedded: EmbeddedFile.translation_json.bytes)
  private static let recipientFile = SchemaFile(EmbeddedFile.recipient_json.bytes)
  private static let recipient = Schema(recipientFile, fields: recipientFile.fields)
  private static let recipientRevoked = Schema(embedded: EmbeddedFile.recipient_revoked_json.bytes)
  private static let export = Schema(embedded: EmbeddedFile.export_json.bytes)
  private static let disclosure = Schema(embedded: EmbeddedFile.disclosure_json.bytes)
  private static let withdrawal = Schema(embedded: EmbeddedFile.withdrawal_json.bytes)
  private static let custody = Schema(embedded: EmbeddedFile.custody_json.bytes)
  private static let receipt = Schema(embedded: EmbeddedFile.receipt_json.bytes)
  private static let salvage = Schema(embedded: EmbeddedFile.salvage_json.bytes)
  private static let recovery = Schema(embedded: EmbeddedFile.recovery_json.bytes)
  private static let intake = Schema(embedded: EmbeddedFile.intake_json.bytes)
  private static let intakeRevoked = Schema(embedded: EmbeddedFile.intake_revoked_json.bytes)
  private static let collection = Schema(embedded: EmbeddedFile.collection_json.bytes)
  private static let readers = Schema(embedded: EmbeddedFile.readers_json.bytes)
  private static let reseal = Schema(embedded: EmbeddedFile.reseal_json.bytes)
  private static let signingKey = Schema(embedded: EmbeddedFile.signing_key_json.bytes)

  private static let kinds = [
    Kind(name: "testimony", isItem: true) { testimony }, Kind(name: "document", isItem: true) { document },
    Kind(name: "dissolution_case", isItem: true) { dissolutionCase },
    Kind(name: "pressure_event", isItem: true) { pressureEvent }, Kind(name: "person", isItem: true) { person },
    Kind(name: "translation", isItem: true) { translation }, Kind(name: "recipient", isItem: false) { recipient },
    Kind(name: "recipient_revoked", isItem: false) { recipientRevoked },
    Kind(name: "export", isItem: false) { export }, Kind(name: "disclosure", isItem: false) { disclosure },
    Kind(name: "withdrawal", isItem: false) { withdrawal }, Kind(name: "custody", isItem: false) { custody },
    Kind(name: "receipt", isItem: false) { receipt }, Kind(name: "salvage", isItem: false) { salvage },
    Kind(name: "recovery", isItem: false) { recovery }, Kind(name: "intake", isItem: false) { intake },
    Kind(name: "intake_revoked", isItem: false) { intakeRevoked },
    Kind(name: "collection", isItem: false) { collection }, Kind(name: "readers", isItem: false) { readers },
    Kind(name: "reseal", isItem: false) { reseal }, Kind(name: "signing_key", isItem: false) { signingKey },
  ]

  /// The names of all kinds, in the order of help texts.
  public static let kindNames = kinds.map(\.name)
  /// The names of the kinds that are pieces of evidence.
  public static let itemKinds = kinds.filter(\.isItem).map(\.name)
  /// The names of the kinds that are events.
  static let eventKinds = Set(kinds.filter { !$0.isItem }.map(\.name))

  /// All kinds, in the order of help texts.
  public static var all: [Schema] { kinds.map { $0.schema() } }

  /// The schema of a kind.
  ///
  /// - Throws: `VaultError.unknownKind` with the nearest one.
  public static func named(_ kind: String) throws(VaultError) -> Schema {
    guard let known = kinds.first(where: { $0.name.utf8.elementsEqual(kind.utf8) }) else {
      throw .unknownKind(kind, nearest: nearestName(to: kind, among: itemKinds))
    }
    return known.schema()
  }

  /// The classes of recipients that consent is asked for.
  public static var recipientClasses: [String] { recipientFile.classes.all }
  /// The classes whose recipients publish what they get.
  public static var publishingClasses: [String] { recipientFile.classes.publishing }
  /// The classes whose recipients tell a Government what they get.
  public static var governmentClasses: [String] { recipientFile.classes.tellingGovernment }
  /// The classes whose recipients use in court what they get.
  public static var courtClasses: [String] { recipientFile.classes.usingInCourt }

  private init(embedded bytes: [UInt8]) {
    let file = SchemaFile(bytes)
    self.init(file, fields: file.fields.flatMap { $0.isPerClass ? [$0] + Self.perClass($0) : [$0] })
  }

  /// The same question for each class alone: `consent.quotes` becomes `consent.media.quotes` and so on.
  private static func perClass(_ general: Field) -> [Field] {
    let group = general.name.prefix { $0 != "." }
    let question = general.name.dropFirst(group.count)
    return recipientClasses.map { name in
      let words = recipientFile.classes.labels[name] ?? [:]
      var labels = general.labels
      for (language, label) in labels { labels[language] = "\(label) (\(words[language] ?? name))" }
      return Field(
        name: "\(group).\(name)\(question)", type: general.type, sensitivity: general.sensitivity,
        consentNeed: general.consentNeed, links: general.links, isSetByProgram: general.isSetByProgram,
        isPerClass: false, generalName: general.name, labels: labels, help: general.help,
        valueLabels: general.valueLabels)
    }
  }
}
