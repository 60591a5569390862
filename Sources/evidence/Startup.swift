internal import ArgumentParser
internal import Age
internal import CSystem
internal import DurableStore
internal import EvidenceVault
internal import Glibc
internal import Primitives
internal import Streams
internal import Wording

/// What happens before and after a command.
enum Startup {
  static func requireHardened(_ isHardened: Bool) {
    guard isHardened else {
      Message.error("this system does not let a process protect its memory", hint: "use another machine for this work")
      exit(ExitStatus.failure.rawValue)
    }
  }

  /// Swift would replace bytes that are not UTF-8, and the command would then speak of another file.
  static func requireReadableArguments() {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
      let bytes = unsafe UnsafeRawBufferPointer(start: argument, count: strlen(argument))
      guard unsafe String(validating: bytes, as: UTF8.self) == nil else { continue }
      Message.error(
        "argument \(index) is not valid UTF-8: \(Message.shown(CommandLine.arguments[index]))",
        hint: "rename the file; names are kept exactly, so they must be readable text")
      exit(ExitStatus.usage.rawValue)
    }
  }

  /// Says once that keys of this command could be swapped out.
  static func tellOfSwap() {
    guard SecretBytes.canBeSwappedOut else { return }
    Message.note(
      """
      this process may lock too little memory, so its keys can be written to swap, if there is any: raise the limit \
      (ulimit -l) or switch swap off (swapoff -a)
      """)
  }

  /// Turns whatever ended a command into a message and an exit status.
  static func finish(_ error: any Error) -> Never {
    tellOfSwap()
    switch error {
    case let status as ExitStatus:
      exit(status.rawValue)
    case let error as VaultError:
      explain(error)
    case is StoreError, is AgeError, is StreamError:
      explain(VaultError(error))
    case let error as Refusal:
      explain(error.explanation)
    case let error as UsageFault:
      Message.error(error.sentence, hint: error.hint)
      exit(ExitStatus.usage.rawValue)
    default:
      finishParsing(error)
    }
  }

  private static func explain(_ error: VaultError) -> Never {
    let explanation = Explanation(error)
    // What could not be read because the process was asked to end is no damage.
    let isInterrupted = explanation.status == .findings && csystem_interrupt() != 0
    explain(isInterrupted ? Explanation(VaultError.file(.interrupted(path: ""))) : explanation)
  }

  private static func explain(_ explanation: Explanation) -> Never {
    Message.error(explanation.sentence, hint: explanation.hint)
    exit(explanation.status.rawValue)
  }

  /// The parser's own words, in the form of all other messages.
  private static func finishParsing(_ error: any Error) -> Never {
    let code = Evidence.exitCode(for: error)
    let text = Evidence.fullMessage(for: error)
    if code.isSuccess {
      Output.line(data: ParserWords.explanation(text))
      exit(ExitStatus.done.rawValue)
    }
    guard code == .validationFailure else { finish(VaultError(error)) }
    let sentence = Evidence.message(for: error).split(separator: "\n").joined(separator: "; ")
    let start = sentence.prefix(1).lowercased()
    let trimmed = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
    let help = text.split(separator: "'").last { $0.hasPrefix("evidence ") && $0.hasSuffix("--help") }
    Message.error(
      Message.shown(ParserWords.refusal(start + trimmed.dropFirst())),
      hint: "\(help ?? "evidence --help") explains the command")
    exit(ExitStatus.usage.rawValue)
  }
}
