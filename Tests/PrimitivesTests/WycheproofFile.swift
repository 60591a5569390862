import Foundation
import Primitives

/// One file of the Wycheproof vectors that lie beside the project in some checkouts.
struct WycheproofFile: Decodable {
  let testGroups: [Group]

  struct Group: Decodable {
    let publicKey: PublicKey?
    let ivSize: Int?
    let tagSize: Int?
    let tests: [Case]
  }

  struct PublicKey: Decodable {
    let pk: Bytes
  }

  struct Case: Decodable {
    let tcId: Int
    let result: String
    let flags: [String]
    let msg: Bytes?
    let sig: Bytes?
    let key: Bytes?
    let iv: Bytes?
    let aad: Bytes?
    let ct: Bytes?
    let tag: Bytes?
    let ikm: Bytes?
    let salt: Bytes?
    let info: Bytes?
    let size: Int?
    let okm: Bytes?
    let `public`: Bytes?
    let `private`: Bytes?
    let shared: Bytes?

    var isValid: Bool { result == "valid" }
  }

  /// Bytes that the file gives in hexadecimal.
  struct Bytes: Decodable {
    let value: [UInt8]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      guard let value = Hex.decode(Array(try container.decode(String.self).utf8)) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not hexadecimal")
      }
      self.value = value
    }
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/vectors/wycheproof")

  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func groups(_ name: String) throws -> [Group] {
    let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
    return try JSONDecoder().decode(WycheproofFile.self, from: data).testGroups
  }
}
