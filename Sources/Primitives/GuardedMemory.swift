internal import CSodium
internal import Synchronization

/// Guarded memory: locked, between guard pages, left out of core files, wiped when it is given back.
///
/// A block of its own costs ten system calls and three pages. Keys are small and come by the dozen with every file, so
/// up to 256 bytes lie in slots of a page that they share with other secrets; pages are kept for the next ones.
///
/// Source: `sodium_malloc`, `sodium_free`, `sodium_memzero`.
enum GuardedMemory {
  private static let slotByteCount = 256
  private static let slotsPerPage = 16

  /// Sendable: an address that has one owner at a time.
  @safe private struct Slot: @unchecked Sendable { let address: UnsafeMutableRawPointer }

  private static let freeSlots = Mutex<[Slot]>([])

  /// `byteCount` zero bytes.
  static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount <= slotByteCount else { return unsafe block(byteCount) }
    let slot = freeSlots.withLock { slots in
      if slots.isEmpty { addPage(to: &slots) }
      return slots.removeLast()
    }
    return unsafe slot.address
  }

  /// Wipes `byteCount` bytes that `allocate` gave.
  static func free(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {
    guard byteCount <= slotByteCount else { return unsafe sodium_free(address) }
    unsafe sodium_memzero(address, slotByteCount)
    let slot = unsafe Slot(address: address)
    freeSlots.withLock { $0.append(slot) }
  }

  private static func addPage(to slots: inout [Slot]) {
    let page = unsafe block(slotByteCount * slotsPerPage)
    for slot in 0..<slotsPerPage { unsafe slots.append(Slot(address: page + slot * slotByteCount)) }
  }

  /// Stops the process when there is no guarded memory left: no later call could be trusted.
  private static func block(_ byteCount: Int) -> UnsafeMutableRawPointer {
    Sodium.prepare()
    guard let memory = unsafe sodium_malloc(byteCount) else {
      preconditionFailure("Primitives: no guarded memory left")
    }
    unsafe sodium_memzero(memory, byteCount)
    return unsafe memory
  }
}
