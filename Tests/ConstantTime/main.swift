internal import Age
internal import CMemcheck
internal import Glibc
internal import Primitives
internal import SecretSharing
internal import Streams

// Runs the code that touches secrets with the secrets marked as undefined; tools/constant-time runs this under
// valgrind, and judges what is reported.

guard memcheck_is_watching() == 1 else {
  print("not under valgrind, or built without its headers")
  exit(1)
}
let cases: [() throws -> Void] = [
  carelessComparison, comparison, codes, derivation, encryption, signing, hexadecimal, x25519Identity, hybridIdentity,
  passphrase, firstLine, sharing,
]
for run in cases { try run() }
print(memcheck_load_address())

/// What must be reported, or the search finds nothing. Its secret is marked as those of the other cases are.
@inline(never) func carelessComparison() {
  let one = secret(32)
  let guess = SystemRandomness().bytes(32)
  for index in guess.indices where one[index] == guess[index] { print("one byte in 256") }
}

func comparison() {
  let one = secret(32)
  let other = secret(32)
  discard(one.isEqual(to: other))
}

func codes() {
  var code = HMACSHA256(key: secret(32))
  code.update(Array("message".utf8))
  discard(code.isValid([UInt8](repeating: 7, count: HMACSHA256.byteCount)))
}

func derivation() throws {
  _ = HKDF.derive32(from: secret(32), salt: [1, 2, 3], info: [4])
  _ = try Scrypt.derive(from: secret(20), salt: [1, 2, 3], workFactorLog2: 2)
}

func encryption() throws {
  let key = ChaChaPolyKey(secret(ChaChaPolyKey.byteCount))
  let nonce = [UInt8](repeating: 0, count: ChaChaPolyKey.nonceByteCount)
  var sealed = [UInt8](repeating: 0, count: 48)
  var room = sealed.mutableSpan
  secret(32).withSpan { key.seal($0, nonce: nonce, into: &room) }
  var opened = [UInt8](repeating: 0, count: 32)
  var space = opened.mutableSpan
  try key.open(sealed.span, nonce: nonce, into: &space)
}

func signing() throws {
  discard(SigningKey(seed: secret(32)).signature(for: [1, 2, 3]).isEmpty)
  let key = X25519PrivateKey(secret(32))
  _ = try key.sharedSecret(with: X25519PrivateKey(SecretBytes(randomCount: 32)).publicKey())
}

func hexadecimal() {
  let text = Hex.encode(secret(32))
  precondition(Hex.decode(text)?.count == 32)
}

func x25519Identity() throws { try identity(.x25519, prefix: "AGE-SECRET-KEY-1") }

func hybridIdentity() throws { try identity(.hybrid, prefix: "AGE-SECRET-KEY-PQ-1") }

/// An identity is read from its file, opens a file, and is written. In optimised code the last letter stays public:
/// lines may end in a carriage return, and that question turns there into arithmetic on where the line ends.
func identity(_ kind: Identity.Kind, prefix: String) throws {
  let made = Identity(generating: kind)
  let sealed = MemorySink()
  try Sealing.seal(from: MemorySource([1, 2, 3]), to: sealed, for: [made.recipient])
  var text = made.encoded()
  text.withMutableSpan { text in
    let end = isOptimised() ? text.count - 1 : text.count
    var letters = text._mutatingExtracting(prefix.utf8.count..<end)
    mark(&letters)
  }
  let read = try KeyFile.identities(in: text)
  try SealedFile(reading: MemorySource(sealed.bytes)).open(with: read, to: Nowhere(), workerCount: 1)
  _ = read[0].encoded()
}

/// A passphrase seals a key and opens it.
func passphrase() throws {
  guard let passphrase = Passphrase(secret(20)) else { return }
  let sealed = MemorySink()
  try Sealing.seal(secret(74), to: sealed, with: passphrase, workFactorLog2: 2)
  var bytes = sealed.bytes
  var span = bytes.mutableSpan
  unsafe span.withUnsafeMutableBytes { unsafe memcheck_mark_public($0.baseAddress, $0.count) }
  _ = try SealedFile(reading: MemorySource(bytes)).openSecret(with: passphrase)
}

/// A passphrase is the first line of a file.
func firstLine() {
  let line = secret(20)
  var text = SecretBytes(count: 21)
  for index in 0..<20 { text[index] = line[index] }
  text[20] = UInt8(ascii: "\n")
  // Optimised code chooses the length without a branch, after which all that has it would count as secret.
  if isOptimised() {
    text.withMutableSpan { span in
      unsafe span.withUnsafeMutableBytes { bytes in
        for place in [0, 1, 2, 19] { unsafe memcheck_mark_public(bytes.baseAddress.map { unsafe $0 + place }, 1) }
      }
    }
  }
  guard let passphrase = Passphrase(firstLineOf: text) else { return }
  discard(passphrase.bytes.isEqual(to: line))
}

/// A secret is split, its shares are written, read and combined. Where words end stays public.
func sharing() throws {
  let shares = try Sharing.split(secret(32), threshold: 3, count: 4, passphrase: secretLetters(8))
  let read = try shares.suffix(3).map { share in
    let text = share.text()
    _ = ShareWords.ranges(in: text)
    return try Share(text)
  }
  discard(try Sharing.combine(read, passphrase: secretLetters(8)).isEqual(to: secret(32)))
}

// MARK: - Secrets

/// Whether this is another build than that of the tests.
func isOptimised() -> Bool {
  var isOptimised = true
  assert({ isOptimised = false }() == ())
  return isOptimised
}

func secret(_ count: Int) -> SecretBytes {
  var bytes = SecretBytes(randomCount: count)
  bytes.withMutableSpan { mark(&$0) }
  return bytes
}

/// Letters of the alphabet: half of it, so that they are drawn without a branch.
func secretLetters(_ count: Int) -> SecretBytes {
  var letters = secret(count)
  for index in 0..<count { letters[index] = letters[index] & 15 | 0x60 }
  return letters
}

func mark(_ bytes: inout MutableSpan<UInt8>) {
  unsafe bytes.withUnsafeMutableBytes { unsafe memcheck_mark_secret($0.baseAddress, $0.count) }
}

/// Uses a verdict without deciding on it.
@inline(never) func discard(_ verdict: Bool) {
  var verdict = verdict
  unsafe withUnsafeBytes(of: &verdict) { unsafe memcheck_mark_public($0.baseAddress, $0.count) }
}

final class Nowhere: ByteSink {
  func write(_ bytes: Span<UInt8>) {}
}
