/// A function that takes whatever bytes, and what must hold for all of them.
///
/// The same functions are run by libFuzzer (`tools/fuzz`) and, over the seeds and changes of them, by `MutationTests`.
/// To add one: a file beside this, and its target in `all`.
struct FuzzTarget: Sendable {
  /// What it is called on the command line.
  let name: String
  /// Inputs to start from; those that are made, and those found in folders of vectors.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// How many changed seeds the tests run: fewer where one input takes long.
  let sampleCount: Int
  /// Returns when everything held, also for input that was refused.
  let run: @Sendable ([UInt8]) throws(PropertyFailure) -> Void

  init(
    _ name: String, sampleCount: Int = 1500, seeds: @escaping @Sendable () throws -> [[UInt8]],
    run: @escaping @Sendable ([UInt8]) throws(PropertyFailure) -> Void
  ) {
    self.name = name
    self.seeds = seeds
    self.sampleCount = sampleCount
    self.run = run
  }

  static let all: [FuzzTarget] = [
    .ageHeader, .ageArmor, .ageBech32, .ageIdentities, .ageRecipients, .ageSSHRecipient, .ageSSHKey, .agePayload,
    .agePayloadEdits, .ageFile,
    .sshSignature,
    .note, .checkpoint, .tlogProof, .addCheckpoint, .verifierKey, .witnessKey, .witnessPolicy, .cosignature,
    .tilePath, .entryBundle, .tiles,
    .json, .presentation, .share, .tar, .csv, .timeStampResponse, .timeStampRequest, .timeStampAuthority,
    .vaultNote, .bundleNote, .receipt, .timestamp, .entry, .record, .catalogLine, .recordsFile, .manifest, .bundleEdits,
    .date, .typedHead, .shareSheet, .importFile, .textContent,
  ]
}

/// What did not hold.
struct PropertyFailure: Error, CustomStringConvertible {
  let description: String
}

func require(_ holds: Bool, _ property: String) throws(PropertyFailure) {
  guard holds else { throw PropertyFailure(description: property) }
}

/// What the inputs of a target are tried on. Where it cannot be made nothing would be tried, and nothing fail.
func needed<Value>(_ value: Value?, _ what: String) throws(PropertyFailure) -> Value {
  guard let value else { throw PropertyFailure(description: "nothing is tried: \(what) is missing") }
  return value
}

/// What `body` returns, or `nil` if it refuses its input.
func accepted<Value>(_ body: () throws -> Value) -> Value? { try? body() }
