internal import EvidenceVault
internal import Wording

extension Explanation {
  /// Why a receipt was not taken. Nothing was filed in any of these cases.
  init(_ fault: ReceiptFault) {
    self =
      switch fault {
      case .malformed: Explanation(.findings, "this is no receipt, or a damaged one", askAgain)
      case .newerFormat(let found):
        Explanation(
          .failure, "the receipt was made by a later version: \(Message.shown(found))",
          "use that version or a newer one")
      case .tooLarge: Explanation(.findings, "this is larger than any receipt can be")
      case .badSignature: Explanation(.findings, "the signature of the receipt does not fit", askAgain)
      case .unknownSigner(let fingerprint):
        Explanation(
          .unknownSigner, "the receipt is signed by a key that is not known here: \(fingerprint)",
          "a receipt counts from whoever was added by their card before the bundle was sent to them")
      case .revoked(let name):
        Explanation(
          .unknownSigner, "the recipient \(Message.shown(name)) was revoked: somebody else may have their key",
          "ask them over another channel; evidence history ITEM --enter verified keeps what they say")
      case .otherSender:
        Explanation(.failure, "the receipt is for a bundle of another vault", "name that vault with --vault")
      case .notExported:
        Explanation(
          .failure, "this vault sent no bundle with the digest that the receipt names",
          "evidence receipt list shows the bundles that it sent; one that was changed on the way has another digest")
      case .notSentTo(let name):
        Explanation(
          .failure, "the bundle was not sent to \(Message.shown(name)), who signed the receipt",
          "find out how they came by it")
      case .doesNotFit:
        Explanation(
          .findings, "the receipt says something else of the bundle than this vault knows",
          "keep the file, and ask the recipient what they received")
      }
  }
}

extension Explanation {
  static let supplement = Explanation(
    .failure, "the bundle has fields of an item that was sent before, and not the item",
    "evidence open BUNDLE --output NEW --merge FOLDER puts them together with the bundle that has the item")

  static func conditionTravels(_ field: String) -> Explanation {
    Explanation(
      .usage, "\(Message.shown(field)) binds whoever gets the item, and cannot be withheld from them",
      "amend the record if something in it must not be seen, or leave the item out")
  }

  static func fileOfSeveral(_ name: String, _ items: [UInt64]) -> Explanation {
    let (path, numbers) = (String(name.dropFirst("file:".count)), items.map(String.init).joined(separator: ", "))
    return Explanation(
      .usage, "several items have a file called \(Message.shown(path)), and withhold it: \(numbers)",
      "say which was looked at, once for each: --disclose file:ITEM:PATH")
  }

  static func otherBeginning(_ here: UInt64) -> Explanation {
    Explanation(
      .findings,
      """
      the sender's card tells of another beginning of their vault than the one with which item \(here) came, under the \
      same key
      """, bothBundles)
  }

  static func otherBundleOfName(_ here: UInt64) -> Explanation {
    Explanation(
      .findings, "another bundle with the random name of this one was received before, and brought item \(here)",
      bothBundles)
  }

  static func kindWithheld(_ item: UInt64) -> Explanation {
    Explanation(
      .failure, "item \(item) of the bundle does not say of what kind it is, and cannot be filed",
      "nothing was filed; read it with evidence open, or ask the sender to send it with its kind")
  }

  static func otherValue(_ item: UInt64, _ field: String) -> Explanation {
    Explanation(
      .findings,
      """
      item \(item): of the field \(Message.shown(field)) the sender signed two values, and discloses another one now
      """,
      "nothing was put together; keep both bundles, which prove it, and ask the sender which value is true")
  }

  static func unknownCondition(_ item: UInt64, _ field: String) -> Explanation {
    Explanation(
      .failure,
      """
      item \(item) of the bundle binds whoever has it by the field \(Message.shown(field)), which this version does \
      not understand
      """,
      """
      nothing was filed; read it with evidence open, and use the version of the sender, or ask them to mend the field
      """)
  }

  static func otherHistory(_ here: UInt64, _ size: UInt64) -> Explanation {
    Explanation(
      .findings,
      """
      the sender signed two histories: the first \(size) entries of the index that this bundle shows are not those of \
      the one that item \(here) came from
      """,
      bothBundles)
  }
}

private let bothBundles: Phrase =
  """
  nothing was filed; keep both bundles, which prove it together, and ask the sender, and others who have bundles \
  of theirs, which one is true; if a key was seized, the sender revokes it, and sends again with the new card
  """
private let askAgain: Phrase = "ask the recipient to send it again"
