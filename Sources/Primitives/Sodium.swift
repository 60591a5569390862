internal import CSodium

/// libsodium, made ready once for the process.
///
/// Source: `sodium_init`, which is safe to call from several threads and returns a negative value only when the
/// operating system gives no randomness.
enum Sodium {
  private static let isReady: Bool = sodium_init() >= 0

  /// Stops the process when libsodium cannot be used: no later call could be trusted.
  static func prepare() {
    precondition(isReady, "Primitives: libsodium could not be initialised")
  }

  /// Overwrites the 64 KiB of stack below the caller, where functions that have returned left what they worked on.
  /// Functions that may be inlined into the caller leave it above that.
  ///
  /// Source: `sodium_stackzero`.
  static func clearStack() { sodium_stackzero(64 << 10) }
}
