/// Sizes rounded up so that a ciphertext tells little of what it holds: at most 12 % more, 1 to 2 % on average.
///
/// Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs
/// 2019-4, section 4 (Padmé).
enum Padme {
  /// The padded size for `byteCount` bytes.
  static func paddedByteCount(_ byteCount: UInt64) -> UInt64 {
    guard byteCount > 1 else { return byteCount }
    let exponent = UInt64(63 - byteCount.leadingZeroBitCount)
    let significantBits = UInt64(64 - exponent.leadingZeroBitCount)
    guard exponent > significantBits else { return byteCount }
    let mask = (UInt64(1) << (exponent - significantBits)) - 1
    let (sum, isOver) = byteCount.addingReportingOverflow(mask)
    return isOver ? byteCount : sum & ~mask
  }
}
