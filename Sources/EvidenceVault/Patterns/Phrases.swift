internal import Streams
internal import StrictJSON
internal import Tar
public import Wording

/// Wording that documents of different organisations share.
public struct SharedPhrase: Sendable {
  /// A place where it stands.
  public struct Place: Hashable, Sendable {
    /// The number of the item.
    public let item: UInt64
    /// The case it belongs to.
    public let caseCode: String
    /// The field or the file with the text.
    public let source: String
    /// The number of the first word there, from 1.
    public let word: Int
  }

  /// The words as the first of the texts has them.
  public let text: String
  /// How many words they are.
  public let wordCount: Int
  /// The cases in whose documents they stand, sorted.
  public let cases: [String]
  /// Every place, in the order of items.
  public let places: [Place]
}

/// What a search for shared wording came to.
public struct PhraseReport: Sendable {
  /// The passages, those first that are long and stand in many cases.
  public let phrases: [SharedPhrase]
  /// How many texts were compared.
  public let textCount: Int
  /// What was not compared, and why.
  public let leftOut: [Phrase]
}

extension VaultReader {
  /// The longest file whose text is compared, in bytes.
  static let maximumTextByteCount: UInt64 = 1 << 20

  /// The field of a document that holds what is written in it.
  static let textField = "text_content"

  /// Finds wording of at least `minimumWords` words that documents of different cases share: in the field
  /// `text_content` and in files of plain text.
  ///
  /// Wording that the law prescribes is found as well; to tell it from what was dictated is left to a person.
  ///
  /// - Throws: as `forEachSummary` and `extract`.
  public func phrases(documentKinds: [String], minimumWords: Int) throws(VaultError) -> PhraseReport {
    var query = ItemQuery()
    query.kind = "document"
    var collection = TextCollection()
    for entry in try entries(query) where documentKinds.isEmpty || isOne(of: documentKinds, entry) {
      guard let caseCode = entry.caseCode else {
        collection.leftOut.append("item \(entry.index) belongs to no case")
        continue
      }
      if let text = entry.text(Self.textField) { collection.add(text, Self.textField, entry.index, caseCode) }
      for file in entry.files where file.mediaType == "text/plain" {
        do { try collection.add(text(of: file, entry), file.path, entry.index, caseCode) } catch {
          throw VaultError(error)
        }
      }
    }
    return collection.report(minimumWords: minimumWords)
  }

  private func isOne(of kinds: [String], _ entry: EntryFields) -> Bool {
    kinds.contains { entry.text("document.kind")?.utf8.elementsEqual($0.utf8) ?? false }
  }

  /// The bytes of a file of an item; `nil` if it is too long.
  private func text(of file: EntryFields.File, _ entry: EntryFields) throws -> [UInt8]? {
    guard file.byteCount <= Self.maximumTextByteCount else { return nil }
    let receiver = MemoryReceiver()
    for index in entry.recordIndex == entry.index ? [entry.index] : [entry.index, entry.recordIndex] {
      let part = try self.entry(at: index)
      let record = try record(of: part)
      guard let path = record.files.compactMap(\.path).first(where: { $0.text.utf8.elementsEqual(file.path.utf8) })
      else { continue }
      try readObject(part, record, only: path, into: receiver)
      break
    }
    return receiver.sink.bytes
  }
}

/// Keeps a file in memory.
private final class MemoryReceiver: ItemReceiver {
  let sink = MemorySink()

  func begin(_ file: FileRecord, path: ArchivePath) -> (any ByteSink)? { sink }
  func end(_ file: FileRecord, path: ArchivePath) {}
}

/// The texts that are compared.
private struct TextCollection {
  private struct Source {
    let item: UInt64
    let caseCode: String
    let name: String
    let text: String
    let words: Words
  }

  var leftOut: [Phrase] = []
  private var sources: [Source] = []

  mutating func add(_ text: String, _ name: String, _ item: UInt64, _ caseCode: String) {
    sources.append(Source(item: item, caseCode: caseCode, name: name, text: text, words: Words(text)))
  }

  mutating func add(_ bytes: [UInt8]?, _ name: String, _ item: UInt64, _ caseCode: String) {
    guard let bytes else {
      leftOut.append("item \(item): \(name) is longer than a text that is compared")
      return
    }
    guard let text = PlainText.read(bytes) else {
      leftOut.append("item \(item): \(name) is neither UTF-8 nor UTF-16 with a byte order mark")
      return
    }
    add(text, name, item, caseCode)
  }

  func report(minimumWords: Int) -> PhraseReport {
    let texts = sources.map { PatternText(group: $0.caseCode, words: $0.words.folded) }
    let phrases = SharedPassages.find(texts, minimum: max(1, minimumWords)).map(phrase)
    return PhraseReport(phrases: phrases.sorted(by: Self.matters), textCount: sources.count, leftOut: leftOut)
  }

  private func phrase(_ passage: SharedPassage) -> SharedPhrase {
    let places = passage.places.map { place in
      let source = sources[place.text]
      return SharedPhrase.Place(
        item: source.item, caseCode: source.caseCode, source: source.name, word: place.word + 1)
    }
    let first = passage.places[0]
    let ranges = sources[first.text].words.ranges
    let range = ranges[first.word].lowerBound..<ranges[first.word + passage.wordCount - 1].upperBound
    let words = sources[first.text].text[range].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return SharedPhrase(
      text: words, wordCount: passage.wordCount, cases: Set(places.map(\.caseCode)).sorted(), places: places)
  }

  /// Long and widely shared first; otherwise in the order of items.
  private static func matters(_ left: SharedPhrase, _ right: SharedPhrase) -> Bool {
    let weights = (left.wordCount * left.cases.count, right.wordCount * right.cases.count)
    if weights.0 != weights.1 { return weights.0 > weights.1 }
    return (left.places[0].item, left.places[0].word) < (right.places[0].item, right.places[0].word)
  }
}
