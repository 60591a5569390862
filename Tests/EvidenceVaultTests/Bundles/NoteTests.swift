@testable import EvidenceVault
import Primitives
import TestFolders
import Testing
import TransparencyLog

@Suite struct NoteTests {
  @Test func anyChangedByteOfAVaultNoteIsRefused() throws {
    let bytes = try VaultFixture().open().note.note.bytes
    #expect(try VaultNote(bytes).note.bytes == bytes)
    for offset in bytes.indices {
      for pattern: UInt8 in [0x01, 0x20, 0x80] {
        var changed = bytes
        changed[offset] ^= pattern
        #expect(throws: VaultError.self, "byte \(offset), bits \(pattern)") { try VaultNote(changed) }
      }
    }
  }

  @Test func aVaultNoteWithMoreOrFewerLinesIsRefused() throws {
    let bytes = try VaultFixture().open().note.note.bytes
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices.dropLast() {
      var fewer = lines
      fewer.remove(at: index)
      #expect(throws: VaultError.self) { try VaultNote(Array(fewer.joined(separator: "\n").utf8)) }
      var more = lines
      more.insert(lines[index], at: index)
      // A repeated signature signs the same.
      guard !lines[index].hasPrefix("— ") else { continue }
      #expect(throws: VaultError.self) { try VaultNote(Array(more.joined(separator: "\n").utf8)) }
    }
  }

  @Test func aVaultNoteOfALaterVersionIsNamedAsThat() throws {
    let text = String(decoding: try VaultFixture().open().note.note.bytes, as: UTF8.self)
    let later = text.replacing("evidence-vault/v1\n", with: "evidence-vault/v2\n", maxReplacements: 1)
    #expect { try VaultNote(Array(later.utf8)) } throws: {
      if case VaultError.newerFormat(found: "evidence-vault/v2") = $0 { true } else { false }
    }
  }

  @Test func anyChangedByteOfABundleNoteIsRefused() throws {
    let bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
    let folder = bundle.fixture.folder["opened"]
    let bytes = try #require(Tree(of: folder)[Bag.note.text])
    for offset in bytes.indices {
      for pattern: UInt8 in [0x01, 0x20, 0x80] {
        var changed = bytes
        changed[offset] ^= pattern
        try Tree.replace("\(folder)/\(Bag.note.text)", with: changed)
        #expect(throws: VaultError.self, "byte \(offset), bits \(pattern)") {
          try Bundle.check(folder: folder, from: bundle.sender, environment: bundle.fixture.environment)
        }
      }
    }
  }

  private static let hex = String(repeating: "5a", count: 32)
  private static let later = String(repeating: "5b", count: 32)
  private static let bundleNote = [
    "evidence-bundle/v1", "origin example.invalid/log", "bundle \(hex.prefix(32))", "created 2023-05-26T09:30:00Z",
    "purpose ",
    "recipient \(hex)", "recipient \(later)", "checkpoint 3 \(hex)", "tagmanifest \(hex)",
  ]

  private func read(_ lines: [String]) throws -> BundleNote {
    try BundleNote(NoteText(lines.map { "\($0)\n" }.joined()))
  }

  @Test func aBundleNoteSaysWhatItsLinesSay() throws {
    let note = try read(Self.bundleNote)
    #expect(note.origin.description == "example.invalid/log")
    #expect(note.recipients == [Self.hex, Self.later])
    #expect(note.head.size == 3)
    #expect(note.tagManifest.hex == Self.hex)
  }

  @Test func aBundleNoteInAnyOtherSpellingIsRefused() throws {
    var variants = Self.bundleNote.indices.filter { ![5, 6].contains($0) }.map { index in
      var lines = Self.bundleNote
      lines.remove(at: index)
      return lines
    }
    variants += Self.bundleNote.indices.dropFirst().map { index in
      var lines = Self.bundleNote
      lines.swapAt(index - 1, index)
      return lines
    }
    for line in ["checkpoint 03 \(Self.hex)", "checkpoint 3  \(Self.hex)", "checkpoint 3 \(Self.hex.uppercased())"] {
      var lines = Self.bundleNote
      lines[7] = line
      variants.append(lines)
    }
    for moment in [
      "2023-05-26", "2023-05-26T09:30:00.5Z", "2023-02-30T09:30:00Z", "2023-05-26T09:30:00+05:00", "soon", "",
    ] {
      var lines = Self.bundleNote
      lines[3] = "created \(moment)"
      variants.append(lines)
    }
    variants.append(Self.bundleNote + ["more"])
    for lines in variants {
      #expect(throws: VaultError.self, "\(lines)") { try read(lines) }
    }
  }

  @Test func aBundleNoteOfALaterVersionIsNamedAsThat() {
    #expect { try read(["evidence-bundle/v2", "anything"]) } throws: {
      if case VaultError.bundle(.newerFormat(found: "evidence-bundle/v2")) = $0 { true } else { false }
    }
  }
}
