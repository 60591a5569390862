internal import DurableStore
internal import Wording

/// Checks everything that lies under `timestamps/`.
///
/// Source: FORMAT section 6.
struct TimestampCheck {
  let vault: Vault
  let head: Vault.Head

  struct Outcome {
    var trustedTimes: [TrustedTime] = []
    var findings: [Finding] = []
    /// The files that belong there, damaged or not.
    var knownPaths: [String] = []
  }

  func run() -> Outcome {
    var outcome = Outcome()
    guard vault.root.contains(TimestampFiles.folder) else { return outcome }
    guard let entries = try? vault.root.directory(TimestampFiles.folder).entries() else {
      let detail: Phrase = "this is no folder, or cannot be read"
      outcome.findings.append(Finding(.timestamp, path: TimestampFiles.folder, detail: detail))
      return outcome
    }
    for file in entries.compactMap({ $0.name.flatMap(TimestampFiles.init(name:)) }) {
      outcome.knownPaths.append(file.path)
      do {
        if let time = try check(file) { outcome.trustedTimes.append(time) }
      } catch {
        outcome.findings.append(finding(file.path, error))
      }
    }
    outcome.trustedTimes.sort { ($0.latest.secondsSince1970, $0.path) < ($1.latest.secondsSince1970, $1.path) }
    return outcome
  }

  private func check(_ file: TimestampFiles) throws -> TrustedTime? {
    let reader = TimestampReader(vault: vault, head: head)
    switch file {
    case .checkpoint(let digest): _ = try reader.stampedHead(digest)
    case .request(let digest): _ = try reader.request(digest)
    case .authority(let digest): _ = try reader.authority(digest)
    case .token(let digest, let authority): return try reader.trustedTime(digest, authority: authority)
    }
    return nil
  }

  private func finding(_ path: String, _ error: any Error) -> Finding {
    switch error {
    case StoreError.notFound(let missing):
      Finding(.timestamp, path: path, detail: "what it rests on is missing: \(missing)")
    default: Finding(.timestamp, path: path, error: error)
    }
  }
}
