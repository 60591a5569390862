internal import Primitives

/// GF(256) modulo x⁸ + x⁴ + x³ + x + 1. No table is read at an address that depends on a secret, and none decides a
/// branch.
///
/// Source: SLIP-0039, "Shamir's secret-sharing"; FIPS 197 section 4.
enum FiniteField {
  /// The product of two elements, by eight steps of shifting and adding.
  static func multiply(_ one: UInt8, _ other: UInt8) -> UInt8 {
    var product: UInt8 = 0
    var shifted = one
    for bit in 0..<8 {
      product ^= shifted & (0 &- (other >> UInt8(bit) & 1))
      shifted = shifted << 1 ^ 0x1b & (0 &- (shifted >> 7))
    }
    return product
  }

  /// The element whose product with `element` is 1: its 254th power; 0 for 0.
  static func inverse(_ element: UInt8) -> UInt8 {
    var power: UInt8 = 1
    for _ in 0..<254 { power = multiply(power, element) }
    return power
  }
}

/// Points of polynomials, one polynomial for each byte of a secret. Where they lie is public, what they are is not.
struct Points: ~Copyable {
  private let byteCount: Int
  private var places: [UInt8] = []
  private var values: SecretBytes

  init(capacity: Int, byteCount: Int) {
    self.byteCount = byteCount
    values = SecretBytes(count: capacity * byteCount)
  }

  mutating func append(_ value: borrowing SecretBytes, at place: UInt8) {
    for index in 0..<byteCount { values[places.count * byteCount + index] = value[index] }
    places.append(place)
  }

  /// The values of the polynomials of lowest degree through all points, at one more place.
  ///
  /// Source: SLIP-0039, "Polynomial interpolation".
  borrowing func value(at place: UInt8) -> SecretBytes {
    var result = SecretBytes(count: byteCount)
    for (number, own) in places.enumerated() {
      var factor: UInt8 = 1
      for other in places where other != own {
        factor = FiniteField.multiply(factor, place ^ other)
        factor = FiniteField.multiply(factor, FiniteField.inverse(own ^ other))
      }
      for index in 0..<byteCount {
        result[index] ^= FiniteField.multiply(factor, values[number * byteCount + index])
      }
    }
    return result
  }
}
