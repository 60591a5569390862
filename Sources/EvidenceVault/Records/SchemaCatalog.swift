/// The kinds that this program knows. Each is read when it is first asked for: most commands need one or two of them.
extension Schema {
  private struct Kind: Sendable {
    let name: String
    let isItem: Bool
    let schema: @Sendable () -> Schema
  }

  // What is read stays: a constant, made once by whoever comes first.
  private static let testimony = Schema(embedded: PackageResources.testimony_json)
  private static let pressureEvent = Schema(embedded: PackageResources.pressure_event_json)
  private static let document = Schema(embedded: PackageResources.document_json)
  private static let dissolutionCase = Schema(embedded: PackageResources.dissolution_case_json)
  private static let person = Schema(embedded: PackageResources.person_json)
  private static let translation = Schema(embedded: PackageResources.translation_json)
  private static let recipientFile = SchemaFile(PackageResources.recipient_json)
  private static let recipient = Schema(recipientFile, fields: recipientFile.fields)
  private static let recipientRevoked = Schema(embedded: PackageResources.recipient_revoked_json)
  private static let export = Schema(embedded: PackageResources.export_json)
  private static let disclosure = Schema(embedded: PackageResources.disclosure_json)
  private static let withdrawal = Schema(embedded: PackageResources.withdrawal_json)
  private static let custody = Schema(embedded: PackageResources.custody_json)
  private static let receipt = Schema(embedded: PackageResources.receipt_json)
  private static let salvage = Schema(embedded: PackageResources.salvage_json)
  private static let recovery = Schema(embedded: PackageResources.recovery_json)
  private static let intake = Schema(embedded: PackageResources.intake_json)
  private static let intakeRevoked = Schema(embedded: PackageResources.intake_revoked_json)
  private static let collection = Schema(embedded: PackageResources.collection_json)
  private static let readers = Schema(embedded: PackageResources.readers_json)
  private static let reseal = Schema(embedded: PackageResources.reseal_json)
  private static let signingKey = Schema(embedded: PackageResources.signing_key_json)

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
