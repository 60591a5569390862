import Primitives
import SSHSignature

extension FuzzTarget {
  /// A signature that is read is the only spelling of itself, and none but the one that was made is of the message.
  static let sshSignature = FuzzTarget("ssh-signature", seeds: { [SSHSignatureSeeds.made.file] }) {
    input throws(PropertyFailure) in
    guard let signature = accepted({ try SSHSignature(input) }) else { return }
    try require(signature.file == input, "a signature is spelled as it was read")
    guard signature.key == SSHSignatureSeeds.made.key, signature.isValid(for: SSHSignatureSeeds.message) else { return }
    try require(signature == SSHSignatureSeeds.made, "no other signature is of the message")
  }
}

enum SSHSignatureSeeds {
  static let message = Array("what was signed".utf8)

  static var made: SSHSignature {
    let seed = SecretBytes(count: 32) { span in span[0] = 7 }
    return SSHSignature(signing: message, for: "evidence-bundle", with: SigningKey(seed: seed))
  }
}
