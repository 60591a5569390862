internal import CSodium
internal import CSystem
internal import Synchronization

/// Guarded memory: locked, between guard pages, left out of core files, wiped when it is given back.
///
/// Where the kernel has `memfd_secret`, it is hidden too: no other process reads it from outside, not root through
/// `/proc`, and the machine does not hibernate while it is there. Elsewhere, and beyond what the process may lock,
/// libsodium gives the memory.
///
/// A block of its own costs ten system calls and three pages. Keys are small and come by the dozen with every file, so
/// up to 256 bytes lie in slots of a page that they share with other secrets; pages are kept for the next ones.
///
/// Source: `memfd_secret(2)`; `sodium_malloc`, `sodium_free`, `sodium_memzero`.
@safe struct GuardedMemory {
  private enum Origin { case slot, hidden, sodium }

  let address: UnsafeMutableRawPointer
  private let byteCount: Int
  private let origin: Origin

  /// Sendable: an address that has one owner at a time.
  @safe private struct Slot: @unchecked Sendable { let address: UnsafeMutableRawPointer }

  private static let slotByteCount = 256
  private static let slotsPerPage = 16
  private static let freeSlots = Mutex<[Slot]>([])
  private static let isUnlocked = Atomic(false)

  /// Whether some of it could not be locked, so that it can be swapped out.
  static var canBeSwappedOut: Bool { isUnlocked.load(ordering: .relaxed) }

  /// `byteCount` zero bytes.
  static func allocate(_ byteCount: Int) -> GuardedMemory {
    guard byteCount <= slotByteCount else { return block(byteCount) }
    let slot = freeSlots.withLock { slots in
      if slots.isEmpty { addPage(to: &slots) }
      return slots.removeLast()
    }
    return unsafe GuardedMemory(address: slot.address, byteCount: byteCount, origin: .slot)
  }

  /// Wipes it and gives it back; whoever holds it does so once.
  func free() {
    switch origin {
    case .slot:
      unsafe sodium_memzero(address, Self.slotByteCount)
      let slot = unsafe Slot(address: address)
      Self.freeSlots.withLock { $0.append(slot) }
    case .hidden:
      unsafe sodium_memzero(address, byteCount)
      unsafe csystem_unmap_secret(address, byteCount)
    case .sodium: unsafe sodium_free(address)
    }
  }

  private static func addPage(to slots: inout [Slot]) {
    let page = block(slotByteCount * slotsPerPage)
    for slot in 0..<slotsPerPage { unsafe slots.append(Slot(address: page.address + slot * slotByteCount)) }
  }

  private static func block(_ byteCount: Int) -> GuardedMemory {
    Sodium.prepare()
    if let hidden = unsafe csystem_map_secret(byteCount) {
      return unsafe GuardedMemory(address: hidden, byteCount: byteCount, origin: .hidden)
    }
    return unsafe GuardedMemory(address: lockedBlock(byteCount), byteCount: byteCount, origin: .sodium)
  }

  /// Stops the process when there is no guarded memory left: no later call could be trusted.
  private static func lockedBlock(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = unsafe sodium_malloc(byteCount) else {
      preconditionFailure("Primitives: no guarded memory left")
    }
    // `sodium_malloc` goes on without the lock, and says nothing.
    if unsafe sodium_mlock(memory, byteCount) != 0 { isUnlocked.store(true, ordering: .relaxed) }
    unsafe sodium_memzero(memory, byteCount)
    return unsafe memory
  }
}
