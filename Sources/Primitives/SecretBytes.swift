internal import CSodium

/// A run of secret bytes in guarded memory: locked, between guard pages, left out of core files, wiped when it goes.
///
/// Where the kernel can hide memory, no other process reads it from outside.
///
/// The value cannot be copied. Bytes are reached only inside a closure, at the call of the primitive that needs them.
/// Guarded memory is scarce, so they are for keys and passphrases, never for content.
@safe public struct SecretBytes: ~Copyable, @unchecked Sendable {
  // Sendable: the memory is owned by exactly one value, and only `mutating` methods write to it.
  private let memory: GuardedMemory
  /// The number of bytes.
  public let count: Int

  /// Whether the system refused to lock some of this process's secrets, so that they can be swapped out.
  public static var canBeSwappedOut: Bool { GuardedMemory.canBeSwappedOut }

  /// Makes `count` zero bytes.
  public init(count: Int) {
    precondition(count >= 0, "Primitives: a negative count of secret bytes")
    self.memory = GuardedMemory.allocate(count)
    self.count = count
  }

  /// Makes `count` bytes and lets `fill` write them in place, so that no other copy exists.
  public init<Failure: Error>(
    count: Int, filledBy fill: (inout MutableSpan<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(count: count)
    try withMutableSpan(fill)
  }

  /// Makes `count` random bytes.
  public init(randomCount count: Int, from randomness: any RandomSource = SystemRandomness()) {
    self.init(count: count) { randomness.fill(&$0) }
  }

  /// Copies a part of another secret.
  public init(copying other: borrowing SecretBytes, in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= other.count, "Primitives: range beyond a secret")
    self.init(count: range.count)
    for index in range { self[index - range.lowerBound] = other[index] }
  }

  deinit { memory.free() }

  /// One byte of the secret.
  public subscript(index: Int) -> UInt8 {
    get {
      precondition(index >= 0 && index < count, "Primitives: index beyond a secret")
      return unsafe memory.address.load(fromByteOffset: index, as: UInt8.self)
    }
    set {
      precondition(index >= 0 && index < count, "Primitives: index beyond a secret")
      unsafe memory.address.storeBytes(of: newValue, toByteOffset: index, as: UInt8.self)
    }
  }

  /// Lends the bytes for reading.
  public borrowing func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let pointer = unsafe UnsafeRawPointer(memory.address).assumingMemoryBound(to: UInt8.self)
    return try unsafe body(Span(_unsafeStart: pointer, count: count))
  }

  /// Lends the bytes for writing in place.
  public mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let pointer = unsafe memory.address.assumingMemoryBound(to: UInt8.self)
    var span = unsafe MutableSpan(_unsafeStart: pointer, count: count)
    return try body(&span)
  }

  /// Lends the address of the bytes to a C function.
  borrowing func withPointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    unsafe body(UnsafeRawPointer(memory.address).assumingMemoryBound(to: UInt8.self))
  }

  /// Lends the address of the bytes to a C function that writes them.
  mutating func withMutablePointer<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
    unsafe body(memory.address.assumingMemoryBound(to: UInt8.self))
  }

  /// Takes bytes that another library made, as many as there are here; the caller wipes those.
  mutating func replace(with bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count == count, "Primitives: a secret of another size")
    guard let start = bytes.baseAddress else { return }
    unsafe memory.address.copyMemory(from: start, byteCount: count)
  }

  /// Compares in constant time; the lengths are not secret.
  ///
  /// Source: `sodium_memcmp`.
  public borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe sodium_memcmp(memory.address, other.memory.address, count) == 0
  }
}
