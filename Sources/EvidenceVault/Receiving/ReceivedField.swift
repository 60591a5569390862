internal import StrictJSON

/// Fields of an item that came in a bundle, which say where it came from. The program sets them.
///
/// Source: FORMAT section 14.
enum ReceivedField {
  /// The origin of the sender.
  static let origin = "received.from"
  /// The eight words of the sender's key.
  static let fingerprint = "received.fingerprint"
  /// The random name of the bundle.
  static let bundle = "received.bundle"
  /// The number that the item has at the sender's.
  static let item = "received.item"

  static let all: Set<String> = [origin, fingerprint, bundle, item]

  /// Whether a record came in a bundle.
  static func isReceived(_ fields: JSONObject) -> Bool { fields[bundle] != nil }
}
