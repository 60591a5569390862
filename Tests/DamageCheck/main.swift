import Age
import EvidenceVault
import Foundation
import Streams

// What `tools/damage` runs: a vault and a bundle, changed in every way.
//
//   DamageCheck vault FOLDER STRIDE one|all [PATH=ENTRY…]     PATH: a file of the vault, and the entry it belongs to
//   DamageCheck bundle FILE IDENTITY STRIDE one|all           IDENTITY: a file
//
// Of STRIDE bytes one is changed; of a byte, one bit or all. Prints a line for each family of changes; the status is 1
// if one was not found, or not named.

func damage(_ arguments: ArraySlice<String>) -> Damage {
  let bits = arguments.dropFirst().first
  guard let stride = arguments.first.flatMap({ Int($0) }), stride > 0, bits == "one" || bits == "all" else {
    fatalError("STRIDE and one or all are missing")
  }
  return Damage(stride: stride, isEveryBit: bits == "all")
}

func run(_ arguments: [String]) throws -> Bool {
  var isGood = true
  func family(_ name: String, _ settings: ArraySlice<String>, _ body: (inout Damage) throws -> Void) rethrows {
    var damage = damage(settings)
    try body(&damage)
    isGood = damage.report(name) && isGood
  }
  switch arguments.first {
  case "vault":
    let entries = arguments.dropFirst(4).map { $0.split(separator: "=") }.map { (String($0[0]), UInt64($0[1]) ?? 0) }
    let vault = try VaultDamage(at: arguments[1], entries: Dictionary(uniqueKeysWithValues: entries))
    try family("vault, flipped bits", arguments[2...], vault.flip)
    try family("vault, cut and deleted files", arguments[2...], vault.cut)
    try family("vault, swapped files", arguments[2...], vault.swap)
  case "bundle":
    let key = MemorySource(Array(try Data(contentsOf: URL(fileURLWithPath: arguments[2]))))
    let identities = try KeyFile.identities(reading: key) { fatalError("\(arguments[2]) is sealed") }
    let bundle = try BundleDamage(arguments[1], identities: identities)
    family("sealed bundle, flipped bits", arguments[3...], bundle.flip)
    family("sealed bundle, cut", arguments[3...], bundle.cut)
  default: fatalError("vault or bundle?")
  }
  return isGood
}

exit(try run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
