import Foundation
import Glibc

/// What one run of the built program came to.
struct Outcome {
  /// The exit status; `nil` if a signal ended the run.
  let status: Int32?
  /// Standard output.
  let output: String
  /// Standard error.
  let errors: String

  var errorLines: [Substring] { errors.split(separator: "\n") }

  /// Standard output, read as JSON by somebody else's reader.
  var json: [String: Any] {
    get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:] }
  }
}

/// A run of the built program that may not have ended.
///
/// It has no terminal: nothing it does can wait for a person. `Dialogue` has one.
struct Program {
  /// Beside the bundle of tests.
  static let path: String = {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    return products.appendingPathComponent("evidence").path
  }()

  /// What it has from the surroundings of the tests, whatever else a test gives it: where `tools/coverage` has counted
  /// what it runs, and what `tools/sanitize` asks of a sanitizer.
  private static let inherited = ["LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS"].compactMap { name in
    ProcessInfo.processInfo.environment[name].map { Array("\(name)=\($0)".utf8) }
  }

  let process: pid_t
  private let outputPath: String
  private let errorPath: String

  /// Starts the program at `path` with words that need not be UTF-8.
  init(_ path: String = Program.path, words: [[UInt8]], environment: [String: String], input: String, output: String)
    throws
  {
    outputPath = "\(output).out"
    errorPath = "\(output).err"
    let creation = O_WRONLY | O_CREAT | O_TRUNC
    process = try Self.spawn(
      path, words: words, environment: environment,
      streams: [(input, O_RDONLY), (outputPath, creation), (errorPath, creation)])
  }

  /// Starts the program at `path` in a session of its own, and opens the files of its standard streams there: the first
  /// of them that is a terminal is the one that it asks at.
  static func spawn(
    _ path: String, words: [[UInt8]], environment: [String: String], streams: [(path: String, flags: Int32)]
  ) throws -> pid_t {
    let arguments = unsafe cStrings([Array(path.utf8)] + words)
    let variables = unsafe cStrings(environment.map { Array("\($0)=\($1)".utf8) } + inherited)
    defer { unsafe (arguments + variables).forEach { unsafe free($0) } }

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      unsafe posix_spawn_file_actions_addopen(&actions, Int32(number), stream.path, stream.flags, 0o600)
    }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // The threads that tests run on hold signals back; a program starts without that.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    // And whoever runs the tests in the background has some of them ignored.
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID
    unsafe posix_spawnattr_setflags(
      &attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, path, &actions, &attributes, arguments, variables)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    return process
  }

  /// Whether it has ended; meanwhile `other` work can be done.
  func wait(doing other: () throws -> Void = {}) throws -> Outcome {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, WNOHANG) == 0 {
      try other()
      usleep(1_000)
    }
    return Outcome(
      status: Self.exitStatus(status), output: try String(contentsOfFile: outputPath, encoding: .utf8),
      errors: try String(contentsOfFile: errorPath, encoding: .utf8))
  }

  /// The exit status in what `waitpid` says; `nil` if a signal ended the run.
  static func exitStatus(_ status: Int32) -> Int32? { status & 0x7f == 0 ? status >> 8 & 0xff : nil }

  func kill() { _ = Glibc.kill(process, SIGKILL) }

  func interrupt() { _ = Glibc.kill(process, SIGINT) }

  private static func cStrings(_ texts: [[UInt8]]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe texts.map { text in unsafe strdup(text.map { CChar(bitPattern: $0) } + [0]) } + [nil]
  }
}
