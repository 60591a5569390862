import Age
import EvidenceVault
import Primitives
import StrictJSON
import TransparencyLog

// What `tools/bench index` measures on: a vault with an index of a given size, whose passphrase costs no time.
//
//   IndexBenchmark PATH COUNT     makes the vault if there is none, and adds events until it has COUNT entries

let batchCount: UInt64 = 10_000

func passphrase() -> Passphrase {
  let text = Array("six words that only benchmarks use".utf8)
  let secret = SecretBytes(count: text.count) { span in
    for index in text.indices { span[index] = text[index] }
  }
  guard let passphrase = Passphrase(secret) else { preconditionFailure("a passphrase has letters") }
  return passphrase
}

func grow(_ path: String, to count: UInt64) throws {
  let environment = VaultEnvironment()
  let vault: Vault
  do { vault = try Vault(opening: path, environment: environment) } catch {
    vault = try Vault.create(at: path, passphrase: passphrase(), workFactorLog2: 1, environment: environment)
  }
  let recipient = Identity(generating: .x25519).recipient.description
  let signer = try vault.signer(passphrase())
  var size = try vault.head().tree.size
  while size < count {
    let events = (size..<min(count, size + batchCount)).map { number -> JSONObject in
      ["name": .string("Recipient \(number)"), "class": "researcher", "age_recipients": [.string(recipient)]]
    }
    size = try vault.addEvents("recipient", events, signer: signer).indices.upperBound
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let count = UInt64(arguments[2]) else {
  preconditionFailure("IndexBenchmark PATH COUNT")
}
try grow(arguments[1], to: count)
