internal import CSystem

/// As long as it lives, what asks the process to end is not listened to: from the step of a command that counts to its
/// last one. A command that ended between them would say that nothing was left half-done. Nobody waits for another
/// process meanwhile: the lock is there before, but where keys come back, whose entry takes it again. A second SIGINT
/// or SIGTERM ends the process all the same.
public struct HeldInterrupts: ~Copyable {
  /// Holds them from now on.
  public init() { csystem_hold_interrupts() }

  deinit { csystem_release_interrupts() }
}
