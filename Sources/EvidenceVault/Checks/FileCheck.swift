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
    let outcome = Mutex((byteCount: UInt64(0), faults: [(file: NamedFile, finding: Finding)]()))
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
      return Outcome(findings: faults.map(\.finding), damaged: faults.map(\.file), byteCount: outcome.byteCount)
    }
  }

  private func check(_ expected: NamedFile) -> (fault: Finding?, byteCount: UInt64) {
    let subject: Finding.Subject = expected.kind == .object ? .object : .record
    func fault(_ detail: Phrase) -> Finding {
      Finding(subject, item: expected.item, path: expected.path, detail: detail)
    }
    do {
      let file = try root.file(expected.path)
      guard expected.canHave(file.byteCount) else {
        return (
          fault(
            expected.kind == .object
              ? "the file has \(file.byteCount) bytes instead of \(expected.byteCount)"
              : "the file has \(file.byteCount) bytes, more than any such file has"), 0
        )
      }
      let sink = DigestingSink()
      try CountingSource(file, onProgress: environment.onProgress).copy(to: sink)
      let isSame = sink.digest == expected.digest
      return (isSame ? nil : fault("the file has another digest than its name"), file.byteCount)
    } catch StoreError.notFound {
      return (fault("the file is missing"), 0)
    } catch {
      return (Finding(subject, item: expected.item, path: expected.path, error: error), 0)
    }
  }
}
