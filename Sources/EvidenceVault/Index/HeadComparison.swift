internal import Primitives
internal import TransparencyLog

/// How an index stands to a head that somebody kept of it.
public enum HeadComparison: Hashable, Sendable {
  /// It is the same index, and nothing was added.
  case same
  /// It holds all that the head covers, unchanged, and more.
  case grown
  /// The head covers entries that are not here: this is an older copy, or goes on from one.
  case olderCopy
  /// The entries that the head covers are not the first ones of this index: it was altered.
  case altered
  /// The head is of another vault.
  case anotherVault
  /// What is known does not decide it.
  case cannotTell(Reason)

  /// Why it cannot be told.
  public enum Reason: String, Hashable, Sendable {
    /// The words are of the empty index, which every vault once had.
    case emptyHead = "empty_head"
    /// The words are of more entries than are here: an older copy, an altered one and another vault look the same.
    case moreEntriesInWords = "more_entries_in_words"
    /// The words may be of entries that were given up when a restored copy was accepted.
    case givenUp = "given_up"
    /// The signature on the head does not fit: somebody changed the file.
    case invalidSignature = "invalid_signature"
    /// The index cannot be read as far as it would have to be.
    case unreadableIndex = "unreadable_index"
  }

  /// Whether the vault is what was expected.
  public var isAsExpected: Bool { self == .same || self == .grown }
}

/// A kept head, once it is known what vouches for it.
enum HeadClaim: Hashable {
  /// Size and words alone.
  case words(size: UInt64, fingerprint: String)
  /// Signed by this vault, under a name that its first `covered` entries were signed under.
  case signed(TreeHead, covered: UInt64)
  /// Signed by this vault's key under a name that this copy does not know: that of a later one.
  case signedLater
  /// Signed by another key, or as another log.
  case foreign
  /// In this vault's name, with a signature that does not fit.
  case forged

  /// The size that the claim is about, if it is to be compared.
  var size: UInt64? {
    switch self {
    case .words(let size, _): size
    case .signed(let head, _): head.size
    case .signedLater, .foreign, .forged: nil
    }
  }
}

extension HeadComparison {
  /// Decides, from what is claimed and what is here.
  ///
  /// - Parameters:
  ///   - size: The number of entries here.
  ///   - root: The root that the index here had at the size of the claim; `nil` if it never had that size, or cannot be
  ///     read.
  ///   - givenUp: What the index went on from, and what was known of each that it did not keep.
  init(_ claim: HeadClaim, size: UInt64, root: Digest?, givenUp: [Continuation]) {
    switch claim {
    case .foreign: self = .anotherVault
    case .forged: self = .cannotTell(.invalidSignature)
    case .signedLater: self = .olderCopy
    case .signed(let head, let covered) where head.size > min(covered, size): self = .olderCopy
    case .signed(let head, _): self = Self.compare(root.map { $0 == head.root }, isWhole: head.size == size)
    case .words(0, _): self = .cannotTell(.emptyHead)
    case .words(let expected, let words):
      let isLost = givenUp.contains {
        $0.lastSeen.size == expected && WordList.fingerprint(of: $0.lastSeen.root) == words
      }
      let isHere = root.map { WordList.fingerprint(of: $0) == words }
      if isHere != true, isLost {
        self = .olderCopy
      } else if expected > size {
        self = .cannotTell(.moreEntriesInWords)
      } else if isHere == false, givenUp.contains(where: { $0.isGivenUp(expected) }) {
        self = .cannotTell(.givenUp)
      } else {
        self = Self.compare(isHere, isWhole: expected == size)
      }
    }
  }

  private static func compare(_ isEqual: Bool?, isWhole: Bool) -> HeadComparison {
    guard let isEqual else { return .cannotTell(.unreadableIndex) }
    guard isEqual else { return .altered }
    return isWhole ? .same : .grown
  }
}

extension Vault {
  /// Compares the index up to `head` with a head that somebody kept.
  public func compare(_ head: Head, with expected: ExpectedHead) -> HeadComparison {
    let claim = claim(expected, size: head.tree.size)
    let root = claim.size.flatMap { size in
      size <= head.tree.size ? try? tree(head.tree).head(ofSize: size).root : nil
    }
    return HeadComparison(claim, size: head.tree.size, root: root, givenUp: note.continuations)
  }

  private func claim(_ expected: ExpectedHead, size: UInt64) -> HeadClaim {
    switch expected {
    case .words(let size, let fingerprint): return .words(size: size, fingerprint: fingerprint)
    case .note(let signed):
      guard let checkpoint = try? Checkpoint(signed.text), let key = note.checkpointKey(of: checkpoint.origin) else {
        return .foreign
      }
      do {
        _ = try signed.verifiedCheckpoint(of: checkpoint.origin, by: [key])
      } catch {
        guard case .invalidSignature = error else { return .foreign }
        return .forged
      }
      if checkpoint.origin == note.origin { return .signed(checkpoint.head, covered: size) }
      guard let former = note.continuations.first(where: { $0.origin == checkpoint.origin }) else {
        return .signedLater
      }
      return .signed(checkpoint.head, covered: former.kept.size)
    }
  }
}
