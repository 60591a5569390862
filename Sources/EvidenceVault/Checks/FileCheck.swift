internal import DurableStore
internal import Primitives
internal import Streams
internal import Synchronization
internal import Wording

/// Checks that every file the index names is there, under the digest that is its name.
struct FileCheck {
  let root: Directory
  let named: NamedFiles
  let environment: VaultEnvironment

  struct Outcome {
    /// In the order of the entries.
    var findings: [Finding] = []
    var damaged: [NamedFile] = []
    var byteCount: UInt64 = 0

    var damagedPaths: Set<String> { Set(damaged.map(\.path)) }
  }

  func run() -> Outcome {
    let outcome = Mutex((byteCount: UInt64(0), faults: [(file: NamedFile, detail: Phrase)]()))
    Parallelism.forEach(below: named.files.count) { index in
      let file = named.files[index]
      let (fault, byteCount) = check(file)
      outcome.withLock { outcome in
        outcome.byteCount &+= byteCount
        if let fault { outcome.faults.append((file, fault)) }
      }
    }
    return outcome.withLock { outcome in
      let faults = outcome.faults.sorted { ($0.file.item, $0.file.path) < ($1.file.item, $1.file.path) }
      let findings = faults.map { file, detail in
        Finding(file.kind == .object ? .object : .record, item: file.item, path: file.path, detail: detail)
      }
      return Outcome(findings: findings, damaged: faults.map(\.file), byteCount: outcome.byteCount)
    }
  }

  private func check(_ expected: NamedFile) -> (fault: Phrase?, byteCount: UInt64) {
    do {
      let file = try root.file(expected.path)
      if expected.kind == .object, file.byteCount != expected.byteCount {
        return ("the file has \(file.byteCount) bytes instead of \(expected.byteCount)", 0)
      }
      let sink = DigestingSink()
      try CountingSource(file, onProgress: environment.onProgress).copy(to: sink)
      let isSame = sink.digest == expected.digest
      return (isSame ? nil : "the file has another digest than its name", file.byteCount)
    } catch StoreError.notFound {
      return ("the file is missing", 0)
    } catch {
      return (DamageText.phrase(error), 0)
    }
  }
}
