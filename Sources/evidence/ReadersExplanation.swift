internal import EvidenceVault
internal import Wording

extension Explanation {
  /// Why readers were not added or removed. Nothing was changed in any of these cases.
  init(_ fault: ReadersFault) {
    func shown(_ text: String) -> String { Message.shown(text) }
    self =
      switch fault {
      case .exists(let words):
        Explanation(
          .failure, "the key with the words \(words) is a reader's already", "evidence reader list shows all readers")
      case .nameTaken(let name):
        Explanation(
          .failure, "there is a reader called \(shown(name)) already",
          "choose another name, or remove that reader first: evidence reader remove")
      case .unknown(let text):
        Explanation(
          .failure, "no reader of this vault is called \(shown(text)), or has that key or these words",
          "evidence reader list shows their names, keys and words; names need a key that reads")
      case .uncompared(let name):
        Explanation(
          .unknownSigner, "nobody has compared the key of \(shown(name)) with its owner",
          "ask them for their words by voice (evidence key words shows them), and say --words \"…\"")
      case .lastReader:
        Explanation(
          .failure, "this is the only reader of the vault: nobody could open what is added", "add another reader first")
      case .ownKey:
        Explanation(
          .failure, "this is the key that the vault itself reads with, keys/reading.age",
          "if this place is to read no more: see that another reader opens all of it, delete that file, try again")
      case .otherKind(arePostQuantum: true):
        Explanation(
          .usage, "the readers of this vault have post-quantum keys, and a classic key cannot be beside them",
          "ask for a key that begins with age1pq: evidence key generate makes one")
      case .otherKind(arePostQuantum: false):
        Explanation(
          .usage, "the readers of this vault have classic keys, and a post-quantum key cannot be beside them",
          "ask for a key made with evidence key generate --classic, or make a new vault with post-quantum keys")
      case .tooMany: Explanation(.failure, "a vault has at most 64 readers", "remove one first: evidence reader remove")
      }
  }
}
