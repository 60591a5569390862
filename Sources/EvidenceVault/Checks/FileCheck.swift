internal import DurableStore
internal import Primitives
internal import Streams

/// Checks that every file the index names is there, under the digest that is its name.
struct FileCheck {
  let root: Directory
  let entries: [Entry]
  let environment: VaultEnvironment

  struct Outcome {
    var findings: [Finding] = []
    var damagedPaths: Set<String> = []
    var byteCount: UInt64 = 0
  }

  private struct Expected: Sendable {
    let subject: Finding.Subject
    let item: UInt64
    let path: String
    let digest: Digest
    let byteCount: UInt64?
  }

  func run() -> Outcome {
    var outcome = Outcome()
    for (file, result) in zip(expected, concurrentMap(expected, check)) {
      outcome.byteCount += result.byteCount
      guard let detail = result.fault else { continue }
      outcome.damagedPaths.insert(file.path)
      outcome.findings.append(Finding(file.subject, item: file.item, path: file.path, detail: detail))
    }
    return outcome
  }

  private var expected: [Expected] {
    var files: [Expected] = []
    var seen: Set<Digest> = []
    for entry in entries {
      if let object = entry.object, seen.insert(object.digest).inserted {
        files.append(
          Expected(
            subject: .object, item: entry.index, path: object.path, digest: object.digest,
            byteCount: object.byteCount))
      }
      guard seen.insert(entry.records.digest).inserted else { continue }
      files.append(
        Expected(
          subject: .record, item: entry.index, path: entry.records.path, digest: entry.records.digest, byteCount: nil))
    }
    return files
  }

  @Sendable private func check(_ expected: Expected) -> (fault: String?, byteCount: UInt64) {
    do {
      let file = try root.file(expected.path)
      if let byteCount = expected.byteCount, file.byteCount != byteCount {
        return ("the file has \(file.byteCount) bytes instead of \(byteCount)", 0)
      }
      let sink = DigestingSink()
      try CountingSource(file, onProgress: environment.onProgress).copy(to: sink)
      let isSame = sink.digest == expected.digest
      return (isSame ? nil : "the file has another digest than its name", file.byteCount)
    } catch StoreError.notFound {
      return ("the file is missing", 0)
    } catch {
      return ("the file cannot be read: \(error)", 0)
    }
  }
}
