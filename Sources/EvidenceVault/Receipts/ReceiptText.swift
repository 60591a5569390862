internal import Primitives
internal import TransparencyLog

/// The lines of a receipt.
///
/// Source: FORMAT section 13.
enum ReceiptText {
  static func text(card: VaultNote, received: Timestamp, sealed: Digest, outcome: Receipt.Outcome) -> String {
    var lines = [Receipt.firstLine, "origin \(card.origin)", "received \(received)", "sealed \(sealed.hex)"]
    switch outcome {
    case .refused(let refusal): lines.append("result \(outcome.word) \(refusal.rawValue)")
    case .notChecked: lines.append("result \(outcome.word)")
    case .verified(let verified):
      lines += [
        "result \(outcome.word)", "bundle \(verified.bundle)", "sender \(verified.sender)",
        "tagmanifest \(verified.tagManifest.hex)", "checkpoint \(verified.head.size) \(verified.head.root.hex)",
      ]
      if let cosigned = verified.cosigned { lines.append("cosigned \(Base64.padded.encode(cosigned.bytes))") }
    }
    lines.append("card \(Base64.padded.encode(card.note.bytes))")
    return lines.joined(separator: "\n") + "\n"
  }

  typealias Parts = (card: VaultNote, received: Timestamp, sealed: Digest, outcome: Receipt.Outcome)

  /// `nil` unless the text is exactly what `text` makes of what is read.
  static func parse(_ text: NoteText) -> Parts? {
    var lines = Lines(text)
    guard lines.skip(Receipt.firstLine), let origin = lines.value("origin"),
      let received = lines.value("received").flatMap({ Timestamp($0) }),
      let sealed = lines.value("sealed").flatMap({ Digest(hex: $0) }), let outcome = outcome(&lines),
      let card = lines.value("card").flatMap({ Base64.padded.decode($0) }).flatMap({ try? VaultNote($0) }),
      lines.isAtEnd, card.origin.description.utf8.elementsEqual(origin.utf8)
    else { return nil }
    let again = self.text(card: card, received: received, sealed: sealed, outcome: outcome)
    return again.utf8.elementsEqual(text.bytes) ? (card, received, sealed, outcome) : nil
  }

  private static func outcome(_ lines: inout Lines) -> Receipt.Outcome? {
    guard let words = lines.value("result")?.split(separator: " ", omittingEmptySubsequences: false) else { return nil }
    switch (words.first, words.count) {
    case ("refused", 2): return Receipt.Refusal(rawValue: String(words[1])).map { .refused($0) }
    case ("not_checked", 1): return .notChecked
    case ("verified", 1): return verified(&lines).map { .verified($0) }
    default: return nil
    }
  }

  private static func verified(_ lines: inout Lines) -> Receipt.Verified? {
    guard let bundle = lines.value("bundle"),
      Hex.decode(Array(bundle.utf8))?.count == BundleNote.identifierByteCount,
      let sender = lines.value("sender").flatMap({ try? VerifierKey($0) }),
      let tagManifest = lines.value("tagmanifest").flatMap({ Digest(hex: $0) }),
      let head = lines.value("checkpoint").flatMap(BundleNote.parseHead)
    else { return nil }
    var cosigned: SignedNote?
    if let text = lines.value("cosigned") {
      guard let bytes = Base64.padded.decode(text), let note = try? SignedNote(bytes), note.bytes == bytes else {
        return nil
      }
      cosigned = note
    }
    return Receipt.Verified(bundle: bundle, sender: sender, tagManifest: tagManifest, head: head, cosigned: cosigned)
  }
}

/// Lines of a note that begin with a name.
private struct Lines {
  private var rest: ArraySlice<ArraySlice<UInt8>>

  init(_ text: NoteText) {
    rest = text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ line: String) -> Bool {
    guard rest.first?.elementsEqual(line.utf8) == true else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// What stands behind the name in the next line; `nil`, and nothing is taken, if that has another name.
  mutating func value(_ name: String) -> String? {
    guard let line = rest.first, line.starts(with: "\(name) ".utf8),
      let text = String(validating: line.dropFirst(name.utf8.count + 1), as: UTF8.self)
    else { return nil }
    rest = rest.dropFirst()
    return text
  }
}
