internal import ArgumentParser
internal import EvidenceVault
internal import Glibc

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
        hint: "rename the file, or add the folder it is in under a readable name")
      exit(ExitStatus.usage.rawValue)
    }
  }

  /// Turns whatever ended a command into a message and an exit status.
  static func finish(_ error: any Error) -> Never {
    switch error {
    case let status as ExitStatus:
      exit(status.rawValue)
    case let error as VaultError:
      let explanation = Explanation(error)
      Message.error(explanation.sentence, hint: explanation.hint)
      exit(explanation.status.rawValue)
    case let error as UsageFault:
      Message.error(error.sentence, hint: error.hint)
      exit(ExitStatus.usage.rawValue)
    default:
      let isHelp = Evidence.exitCode(for: error).isSuccess
      let text = Evidence.fullMessage(for: error)
      if isHelp { Output.line(text) } else { Message.raw(text) }
      exit(isHelp ? ExitStatus.done.rawValue : ExitStatus.usage.rawValue)
    }
  }
}
