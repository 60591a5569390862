import EvidenceVault
import Foundation

/// Which changes are tried, and what became of them.
struct Damage {
  /// Of so many bytes one is tried; 1 tries all.
  let stride: Int
  /// Whether every bit of such a byte is tried, or one.
  let isEveryBit: Bool
  private(set) var tried = 0
  private(set) var failures: [String] = []
  /// Which byte and bit are next is drawn by a generator of fixed seed, so that each run tries the same.
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(stride: Int, isEveryBit: Bool) {
    self.stride = stride
    self.isEveryBit = isEveryBit
  }

  /// Counts one change, and keeps what was wrong with the way in which it was found.
  mutating func judge(_ what: @autoclosure () -> String, _ fault: String?) {
    tried += 1
    if let fault { failures.append("\(what()): \(fault)") }
  }

  /// Places from 0 up to `count`, one in each stretch of `stride`.
  mutating func places(below count: Int) -> [Int] {
    Swift.stride(from: 0, to: count, by: stride).map { start in
      min(start + draw(below: stride), count - 1)
    }
  }

  /// The bits that are flipped in one byte.
  mutating func bits() -> [UInt8] {
    isEveryBit ? (0..<8).map { 1 << $0 } : [1 << UInt8(draw(below: 8))]
  }

  private mutating func draw(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  /// One line for a family of changes; the first faults are listed.
  func report(_ family: String) -> Bool {
    for failure in failures.prefix(20) { print("FAIL  \(family): \(failure)") }
    let isGood = failures.isEmpty && tried > 0
    print("\(isGood ? "ok   " : "FAIL ") \(family): \(tried) tried, \(failures.count) failed")
    return isGood
  }
}

/// The files below a folder, by their paths in it, sorted.
func files(below folder: String) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter { path in
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
    return attributes[.type] as? FileAttributeType == .typeRegular
  }
}
