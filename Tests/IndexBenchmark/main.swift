import Age
import EvidenceVault
import Primitives
import StrictJSON
import TransparencyLog

// What `tools/bench index` measures on: a vault with an index of a given size, whose passphrase costs no time.
//
//   IndexBenchmark PATH COUNT           makes the vault if there is none, and adds events until it has COUNT entries
//   IndexBenchmark PATH COUNT cases     adds records of dissolution cases, without objects, instead of events

let batchCount: UInt64 = 10_000

func passphrase() -> Passphrase {
  let text = Array("six words that only benchmarks use".utf8)
  let secret = SecretBytes(count: text.count) { span in
    for index in text.indices { span[index] = text[index] }
  }
  guard let passphrase = Passphrase(secret) else { preconditionFailure("a passphrase has letters") }
  return passphrase
}

/// The record of an invented case, with about as much in it as a careful one has.
func caseRecord(_ number: UInt64) -> JSONObject {
  func word(_ words: [String], _ step: UInt64) -> JSON { .string(words[Int(number / step % UInt64(words.count))]) }
  let year = 2021 + number % 3
  let month = 10 + number / 7 % 3
  let day = 10 + number / 11 % 19
  let account = "Их вызывали в управление юстиции \(number % 9 + 1) раз и требовали подать заявление о самороспуске. "
  return [
    "title": .string("Closure of organisation \(number)"), "case": .string("case-\(number)"),
    "organisation.pseudonym": .string("Organisation \(number)"), "legal_form": "public_association",
    "years_in_operation": .integer(Int64(number % 25)),
    "region": word(["gbao", "sughd", "khatlon", "districts_of_republican_subordination", "dushanbe"], 1),
    "district": .string("District \(number % 60)"),
    "sectors": .array([word(["youth", "housing", "legal_aid", "media", "environment"], 5)]),
    "mode": word(["court_ordered", "self_dissolved_under_pressure", "suspended", "unknown"], 3),
    "official_ground": "own_decision",
    "date_pressure_began": .string("\(year)-0\(number % 9 + 1)"),
    "date_decision": .string("\(year)-\(month)-\(day)"),
    "pressure_summary": .string(String(repeating: account, count: 6)),
    "pressure_kinds": ["summons", "phone_call", "demand_to_sign"], "times_summoned": .integer(Int64(number % 9 + 1)),
    "authority": ["department_of_justice"],
    "link_to_rights_work": .string(String(repeating: "Ташкилот ба мардум маслиҳати ҳуқуқӣ медод. ", count: 4)),
    "current_situation": "Its members cannot meet. The premises were given back.", "verification": "single_source",
  ]
}

func grow(_ path: String, to count: UInt64, withCases: Bool) throws {
  let environment = VaultEnvironment()
  let vault: Vault
  do { vault = try Vault(opening: path, environment: environment) } catch {
    vault = try Vault.create(at: path, passphrase: passphrase(), workFactorLog2: 1, environment: environment)
  }
  let recipient = Identity(generating: .x25519).recipient.description
  let signer = try vault.signer(passphrase())
  var size = try vault.head().tree.size
  while size < count {
    let numbers = size..<min(count, size + (withCases ? batchCount / 10 : batchCount))
    let records = numbers.map { number -> JSONObject in
      if withCases { return caseRecord(number) }
      return ["name": .string("Recipient \(number)"), "class": "researcher", "age_recipients": [.string(recipient)]]
    }
    let kind = withCases ? "dissolution_case" : "recipient"
    size = try vault.addEvents(kind, records, signer: signer).indices.upperBound
  }
}

let arguments = CommandLine.arguments
guard (3...4).contains(arguments.count), let count = UInt64(arguments[2]),
  arguments.dropFirst(3).allSatisfy({ $0 == "cases" })
else { preconditionFailure("IndexBenchmark PATH COUNT [cases]") }
try grow(arguments[1], to: count, withCases: arguments.count == 4)
