import DurableStore
@testable import EvidenceVault
import Primitives
import TestFolders
import Testing
import TransparencyLog

/// Every way of putting an older, another or a changed state in the place of a vault, one row each, and what the check
/// says of it.
@Suite struct RollbackTableTests {
  /// What a check came to.
  enum Verdict: Equatable {
    /// Sound, and the memory of the machine and the expected head agree.
    case sound
    /// Sound as far as this machine can tell, which has not seen the vault before.
    case soundButUnknown
    /// Sound in itself, but not what was expected.
    case notExpected(HeadComparison)
    /// Damage, about this.
    case damage(Finding.Subject)
    /// Sound, and the witnesses that a policy asks for have signed up to that number of entries; `nil` if too few have.
    case countersigned(upTo: UInt64?)
    case rolledBack, superseded, replaced, newerFormat
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let number: Int
    let name: String
    let expected: Verdict
    let play: @Sendable (Stage) throws -> Verdict
    var testDescription: String { "\(number). \(name)" }
  }

  static let rows = RollbackTableTests.wholeStates + RollbackTableTests.heads + RollbackTableTests.keys

  @Test(arguments: rows) func theCheckSaysWhatTheTableSays(row: Row) throws {
    let verdict = try row.play(Stage())
    #expect(verdict == row.expected, "\(verdict)")
  }

  @Test func theTableHasEveryCase() { #expect(Self.rows.map(\.number).sorted() == Array(1...17)) }
}

extension RollbackTableTests {
  /// A vault with two entries that this machine has seen, as it was after each of them.
  final class Stage {
    let fixture: VaultFixture
    let one: Tree
    let two: Tree
    let headOfTwo: Vault.Head

    init() throws {
      fixture = try VaultFixture()
      try fixture.addDocument("One", files: ["a.txt": "one"], to: fixture.open(stateFolder: fixture.folder["state"]))
      one = try Tree(of: fixture.path)
      try fixture.addDocument("Two", files: ["b.txt": "two"], to: fixture.open(stateFolder: fixture.folder["state"]))
      two = try Tree(of: fixture.path)
      headOfTwo = try fixture.open().head()
    }

    /// Puts `tree` in the place of the vault and checks it, on the machine that has seen it or a new one.
    func check(_ tree: Tree, knows: Bool = true, expecting expected: ExpectedHead? = nil) throws -> Verdict {
      try tree.write(to: fixture.path)
      return try check(knows: knows, expecting: expected)
    }

    func check(
      knows: Bool = true, expecting expected: ExpectedHead? = nil, policy: WitnessPolicy? = nil
    ) throws -> Verdict {
      do {
        let vault = try fixture.open(stateFolder: fixture.folder[knows ? "state" : "new machine"])
        let report = try vault.verify(expecting: expected, policy: policy)
        if let damage = report.findings.first(where: { $0.severity == .damage }) { return .damage(damage.subject) }
        if let comparison = report.comparison, !comparison.isAsExpected { return .notExpected(comparison) }
        if policy != nil { return .countersigned(upTo: report.witnesses.metSize) }
        return report.seenHead == nil && expected == nil ? .soundButUnknown : .sound
      } catch VaultError.rolledBack {
        return .rolledBack
      } catch VaultError.superseded {
        return .superseded
      } catch VaultError.replaced {
        return .replaced
      } catch VaultError.newerFormat {
        return .newerFormat
      } catch VaultError.damaged(let finding) {
        return .damage(finding.subject)
      }
    }

    /// A state made of `base` with the files of `other` that are in one of `folders`, or are named.
    func mix(_ base: Tree, with other: Tree, _ folders: String...) throws -> Tree {
      var mixed = base
      for path in Set(base.files + other.files)
      where folders.contains(where: { path == $0 || path.hasPrefix("\($0)/") }) { mixed[path] = other[path] }
      return mixed
    }

    func signedCheckpoint(size: UInt64, root: Digest) throws -> SignedNote {
      let note = try fixture.open().note
      return try Vault.checkpoint(TreeHead(size: size, root: root), note: note, signer: fixture.signer)
    }

    func acceptRestored() throws {
      let vault = try fixture.open(stateFolder: fixture.folder["state"])
      _ = try vault.accept(vault.plannedRestoration(), signer: fixture.signer)
    }

    func add(_ title: String, knows: Bool = true) throws {
      try fixture.addDocument(title, to: fixture.open(stateFolder: knows ? fixture.folder["state"] : nil))
    }
  }

  static let wholeStates = [
    Row(number: 1, name: "whole rollback, a later head is known", expected: .rolledBack) { try $0.check($0.one) },
    Row(number: 2, name: "whole rollback, nothing is known", expected: .soundButUnknown) {
      try $0.check($0.one, knows: false)
    },
    Row(number: 3, name: "one file rolled back: the checkpoint", expected: .damage(.index)) {
      try $0.check($0.mix($0.two, with: $0.one, "checkpoint"), knows: false)
    },
    Row(number: 4, name: "only the index rolled back", expected: .rolledBack) {
      try $0.check($0.mix($0.two, with: $0.one, "checkpoint", "tile"))
    },
    Row(number: 5, name: "only the objects rolled back", expected: .damage(.object)) {
      try $0.check($0.mix($0.two, with: $0.one, "objects"))
    },
    Row(number: 6, name: "two states mixed", expected: .damage(.index)) {
      try $0.check($0.mix($0.two, with: $0.one, "tile"))
    },
    Row(
      number: 8, name: "frozen: the same old head as an answer to who expects a later one",
      expected: .notExpected(.olderCopy)
    ) {
      try $0.check($0.one, knows: false, expecting: .note($0.headOfTwo.note))
    },
    Row(number: 15, name: "a restored backup goes on under a new origin", expected: .sound) {
      try $0.one.write(to: $0.fixture.path)
      try $0.acceptRestored()
      try $0.add("After the restoration")
      return try $0.check()
    },
  ]

  static let heads = [
    Row(number: 7, name: "a fork, two heads after one", expected: .damage(.pin)) {
      try $0.one.write(to: $0.fixture.path)
      try $0.add("Other two", knows: false)
      return try $0.check()
    },
    Row(number: 9, name: "a head of 2^63 - 1 entries", expected: .damage(.index)) {
      let note = try $0.signedCheckpoint(size: TreeHead.maximumSize, root: SHA256Hasher.digest(of: [1]))
      var tree = $0.two
      tree["checkpoint"] = note.bytes
      return try $0.check(tree, knows: false)
    },
    Row(number: 10, name: "a head of another vault", expected: .notExpected(.anotherVault)) {
      let other = try VaultFixture()
      try other.addDocument("Elsewhere")
      return try $0.check(expecting: .note(other.open().head().note))
    },
    Row(number: 13, name: "too few witnesses, one twice, a stranger among them", expected: .countersigned(upTo: nil)) {
      let time: UInt64 = 1_700_000_000
      for signers in [[], [1], [1, 1], [1, 9], [9, 8]] as [[UInt8]] {
        let times = signers.enumerated().map { ($1, time + UInt64($0)) }
        #expect(try $0.checkCosigned(times) == .countersigned(upTo: nil), "\(signers)")
      }
      #expect(try $0.checkCosigned([(1, time), (2, time)]) == .countersigned(upTo: 2))
      let older = try $0.cosigned($0.one, [(1, time), (2, time)])
      #expect(try $0.check(older) == .rolledBack, "no witness makes an older copy the present one")
      return try $0.checkCosigned([(1, time), (9, time), (1, time + 1)])
    },
    Row(number: 14, name: "cosignatures of the future, the past, no time", expected: .damage(.cosignature)) {
      let now: UInt64 = 1_700_000_000
      // It is the witness's clock that speaks: the report tells its time, and does not judge it.
      #expect(try $0.checkCosigned([(1, 1), (2, now)]) == .countersigned(upTo: 2))
      #expect(try $0.checkCosigned([(1, Cosignature.maximumTime), (2, now)]) == .countersigned(upTo: 2))
      #expect(try $0.checkCosigned([(1, Cosignature.maximumTime + 1), (2, now)]) == .damage(.cosignature))
      #expect(try $0.checkCosigned([(1, UInt64.max), (2, now)]) == .damage(.cosignature))
      return try $0.checkCosigned([(1, 0), (2, now)])
    },
  ]

  static let keys = [
    Row(number: 11, name: "a note under another key, at the place of the one that was seen", expected: .replaced) {
      let note = try $0.fixture.open().note
      let signer = VaultSigner(generatingFrom: SystemRandomness())
      var tree = $0.two
      tree["vault.note"] = try VaultNote(origin: note.origin, readers: note.readers, signer: signer).note.bytes
      tree["checkpoint"] = try Vault.checkpoint(
        $0.headOfTwo.tree, note: VaultNote(tree["vault.note"] ?? []), signer: signer
      ).bytes
      return try $0.check(tree)
    },
    Row(number: 12, name: "a head signed by a key that is not the vault's", expected: .damage(.checkpoint)) {
      let note = try $0.fixture.open().note
      let stranger = VaultSigner(generatingFrom: SystemRandomness())
      var tree = $0.two
      tree["checkpoint"] = try Vault.checkpoint($0.headOfTwo.tree, note: note, signer: stranger).bytes
      return try $0.check(tree)
    },
    Row(number: 16, name: "the note from before a restoration, to undo it", expected: .superseded) {
      try $0.one.write(to: $0.fixture.path)
      try $0.acceptRestored()
      // The newest state under the old origin, which is not short of any head seen under it.
      return try $0.check($0.two)
    },
    Row(number: 17, name: "a note of another version of the format", expected: .newerFormat) {
      #expect(try $0.check($0.relabeled("evidence-vault/v2")) == .newerFormat)
      #expect(try $0.check($0.relabeled("evidence-box/v1")) == .damage(.note))
      return try $0.check($0.relabeled("evidence-vault/v0"))
    },
  ]
}

extension RollbackTableTests.Stage {
  private func witness(_ number: UInt8) throws -> CosignatureSigner {
    let seed = SecretBytes(count: 32) { span in span[0] = number }
    return try CosignatureSigner(name: KeyName("witness.example/\(number)"), key: SigningKey(seed: seed))
  }

  /// `tree` with its head countersigned by witnesses, each at a time.
  func cosigned(_ tree: Tree, _ times: [(witness: UInt8, time: UInt64)]) throws -> Tree {
    var note = try SignedNote(tree["checkpoint"] ?? [])
    for (number, time) in times { note = try note.adding(witness(number).sign(note.text, time: time)) }
    var cosigned = tree
    cosigned["cosignatures/\(SHA256Hasher.digest(of: note.bytes).hex).note"] = note.bytes
    return cosigned
  }

  /// Checks the state of two entries, countersigned, against a policy that wants two of the witnesses 1, 2 and 3.
  func checkCosigned(_ times: [(witness: UInt8, time: UInt64)]) throws -> RollbackTableTests.Verdict {
    try cosigned(two, times).write(to: fixture.path)
    return try check(policy: WitnessPolicy(2, of: [1, 2, 3].map { try witness($0).witnessKey }))
  }

  /// The state of two entries under a note with another first line, signed like the real one.
  func relabeled(_ firstLine: String) throws -> Tree {
    try two.write(to: fixture.path)
    let note = try fixture.open().note
    let text = try NoteText(note.note.text.description.replacing("evidence-vault/v1\n", with: "\(firstLine)\n"))
    let signature = try fixture.signer.sign(text, for: .vault, origin: note.origin)
    var relabeled = two
    relabeled["vault.note"] = try SignedNote(text: text, signatures: [signature]).bytes
    return relabeled
  }
}
