internal import Age
public import Primitives
internal import Streams

/// What the library takes from its surroundings, so that tests can hold it still.
public struct VaultEnvironment: Sendable {
  /// Where salts, nonces and keys come from.
  public var randomness: any RandomSource = SystemRandomness()
  /// The clock.
  public var now: @Sendable () -> Timestamp = { Timestamp.now() }
  /// The folder where the last head seen of each vault is kept; `nil` to keep none.
  public var stateFolder: String?
  /// Called when the head of a vault that was seen cannot be kept there: an older copy would not be noticed.
  public var onForgotten: @Sendable () -> Void = {}
  /// Called with the number of entries that were seen here and given up when a copy of the vault was restored, until
  /// a later head is kept.
  public var onGivenUp: @Sendable (UInt64) -> Void = { _ in }
  /// Called once entries are in the index, under a signed head.
  public var onCommit: @Sendable () -> Void = {}
  /// How long to wait for another process that is committing, in seconds.
  public var lockPatience = 120.0
  /// Called once when another process is committing.
  public var onWait: @Sendable () -> Void = {}
  /// Called with the number of bytes that long work is going to take, once it is known.
  public var onPlan: @Sendable (UInt64) -> Void = { _ in }
  /// Called with the number of bytes worked on since the last call.
  public var onProgress: @Sendable (UInt64) -> Void = { _ in }
  /// Called with the number of entries that long work on the index is going to take, once it is known.
  public var onEntryPlan: @Sendable (UInt64) -> Void = { _ in }
  /// Called with the number of entries worked on since the last call.
  public var onEntryProgress: @Sendable (UInt64) -> Void = { _ in }
  /// Called with the path before a repair changes anything there; a test makes it throw.
  var beforeRepairing: @Sendable (String) throws -> Void = { _ in }
  /// Pieces of a stream in flight at once.
  public var workerCount = Parallelism.workerCount

  /// The defaults: the system's clock and randomness, no state folder.
  public init() {}

  var sealingOptions: SealingOptions { SealingOptions(workerCount: workerCount, randomness: randomness) }
}
