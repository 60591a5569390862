import Foundation
import Glibc
import Testing

/// A run of the built program at a terminal of its own, where a test reads and types as a person does.
///
/// It waits for what is shown and never for a time. Nothing may be typed before the question for it was waited for:
/// before a passphrase the program throws away what was typed ahead.
final class Dialogue {
  /// What a key sends.
  enum Key: UInt8 {
    case controlC = 3
    case controlD = 4
    case controlU = 21
    case erase = 127
  }

  /// What was waited for in vain, and what was shown instead.
  struct Waited: Error, CustomStringConvertible {
    let description: String
  }

  /// How long anything may take on a machine that is busy, in seconds.
  private static let patience = 120.0

  /// How the terminal is set, in what a program may change.
  struct Settings: Equatable {
    let flags: [tcflag_t]
    let endOfLine: cc_t
    var isEchoing: Bool { flags[1] & tcflag_t(ECHO) != 0 }
  }

  /// The settings that the program found.
  let settingsBefore: Settings
  private var master: Int32
  private let process: pid_t
  private var hasEnded = false
  private var bytes: [UInt8] = []
  /// How much of what was shown was waited for, in bytes.
  private var seenCount = 0

  init(_ words: [String], environment: [String: String]) throws {
    master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (lock, number): (Int32, UInt32) = (0, 0)
    let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
    try #require(unsafe master >= 0 && ioctl(master, setLock, &lock) == 0 && ioctl(master, getNumber, &number) == 0)
    settingsBefore = Self.settings(of: master)
    let terminal = "/dev/pts/\(number)"
    process = try Program.spawn(
      Program.path, words: words.map { Array($0.utf8) }, environment: environment,
      streams: Array(repeating: (terminal, O_RDWR), count: 3))
  }

  deinit {
    if master >= 0 { close(master) }
    guard !hasEnded else { return }
    _ = Glibc.kill(process, SIGKILL)
    _ = waitpid(process, nil, 0)
  }

  /// All that was shown so far, with the ends of its lines as they are in files.
  var shown: String { Self.text(bytes[...]) }

  /// How the terminal is set now.
  var settings: Settings { Self.settings(of: master) }

  /// Waits until `text` is shown, behind what was waited for before; what was shown up to there comes back.
  @discardableResult
  func wait(for text: String) throws -> String {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    let wanted = Array(text.replacing("\n", with: "\r\n").utf8)
    while true {
      if let range = bytes[seenCount...].firstRange(of: wanted) {
        defer { seenCount = range.upperBound }
        return Self.text(bytes[seenCount..<range.upperBound])
      }
      guard try readMore(until: deadline) else { throw Waited(description: "it ended without \(text): \(shown)") }
    }
  }

  /// Whether `text` was shown, or is shown in so many seconds.
  func isShown(_ text: String, within seconds: Double) throws -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while !shown.contains(text) {
      guard canRead(until: deadline), try readMore(until: deadline) else { return false }
    }
    return true
  }

  /// Sets the terminal as it was before anybody asked, with an echo.
  func bringEchoBack() {
    var settings = termios()
    unsafe tcgetattr(master, &settings)
    settings.c_lflag |= tcflag_t(ECHO | ICANON | ISIG)
    unsafe tcsetattr(master, TCSANOW, &settings)
  }

  /// Types a line.
  func type(_ line: String) { send(Array(line.utf8) + [10]) }

  /// Types words without an end of line.
  func typeOnly(_ text: String) { send(Array(text.utf8)) }

  /// Types words without an end of line, and waits until the program has read them all: a terminal that is set anew
  /// does not throw away what is still on its way to it.
  func typeAndWaitUntilRead(_ text: String) throws {
    let wanted = try readByteCount() + text.utf8.count
    typeOnly(text)
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while try readByteCount() < wanted {
      guard Date() < deadline else { throw Waited(description: "what was typed is not read: \(text)") }
      usleep(1_000)
    }
  }

  /// How much the program has read since it began, in bytes (`proc_pid_io(5)`).
  private func readByteCount() throws -> Int {
    let lines = try String(contentsOfFile: "/proc/\(process)/io", encoding: .utf8).split(separator: "\n")
    return try #require(lines.first { $0.hasPrefix("rchar: ") }.flatMap { Int($0.dropFirst(7)) })
  }

  func press(_ key: Key) { send([key.rawValue]) }

  /// Sends what a system that shuts down does, or a terminal that is closed.
  func send(signal: Int32) { _ = Glibc.kill(process, signal) }

  /// Waits for `question`, and types a line.
  func answer(_ question: String, _ line: String) throws {
    try wait(for: question)
    type(line)
  }

  /// Reads all that is still shown; the exit status, or `nil` if a signal ended the run.
  @discardableResult
  func end() throws -> Int32? {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    while try readMore(until: deadline) {}
    return try exitStatus()
  }

  /// Takes the terminal away, as a window that is closed does with it and its shell; the exit status.
  func hangUp() throws -> Int32? {
    send(signal: SIGHUP)
    close(master)
    master = -1
    return try exitStatus()
  }

  private func exitStatus() throws -> Int32? {
    var status: Int32 = 0
    let ended = unsafe waitpid(process, &status, 0)
    try #require(ended == process)
    hasEnded = true
    return Program.exitStatus(status)
  }

  /// Reads what is shown next; `false` once the program has closed its terminal.
  private func readMore(until deadline: Date) throws -> Bool {
    guard canRead(until: deadline) else { throw Waited(description: "nothing more was shown after: \(shown)") }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe read(master, &buffer, buffer.count)
    guard count > 0 else { return count < 0 && errno == EINTR }
    bytes += buffer.prefix(count)
    return true
  }

  private func canRead(until deadline: Date) -> Bool {
    while true {
      var question = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&question, 1, 50) > 0 { return true }
      if Date() > deadline { return false }
    }
  }

  private func send(_ bytes: [UInt8]) {
    let count = unsafe Glibc.write(master, bytes, bytes.count)
    #expect(count == bytes.count)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  private static func settings(of terminal: Int32) -> Settings {
    var settings = termios()
    #expect(unsafe tcgetattr(terminal, &settings) == 0)
    return Settings(
      flags: [settings.c_iflag, settings.c_lflag, settings.c_oflag, settings.c_cflag], endOfLine: settings.c_cc.11)
  }
}
