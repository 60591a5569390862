extension KnownRecipient {
  /// Whether a person could take another name for that of this recipient: it differs in capitals, spaces and marks, or
  /// in letters that look the same in another alphabet. Names are told apart by their bytes, so that a card which
  /// somebody sent for "UN desk" can become a second one.
  ///
  /// Source: Unicode Technical Standard #39, section 4, for the letters that names here have.
  public func looksLike(_ other: String) -> Bool {
    let skeleton = LookAlikeName.skeleton(of: name)
    return !skeleton.isEmpty && skeleton == LookAlikeName.skeleton(of: other) && !name.utf8.elementsEqual(other.utf8)
  }
}

enum LookAlikeName {
  /// What is left of a name where look-alikes are one letter, and what is not seen is gone.
  static func skeleton(of name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in name.unicodeScalars where scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
      let folded = TextFold.fold(scalar)
      TextFold.append(latin[folded] ?? folded, to: &bytes)
    }
    return bytes
  }

  /// Folded letters and digits, and the one that they are taken for in small letters or capitals.
  private static let latin: [Unicode.Scalar: Unicode.Scalar] = [
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y",
    "х": "x", "і": "l", "ј": "j", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ӏ": "l",
    "α": "a", "β": "b", "ε": "e", "ζ": "z", "η": "h", "ι": "l", "κ": "k", "μ": "m", "ν": "n", "ο": "o", "ρ": "p",
    "τ": "t", "υ": "y", "χ": "x", "i": "l", "ı": "l", "0": "o", "1": "l",
  ]
}
