internal import Glibc
internal import Synchronization
internal import Wording

/// Says on standard error how far long work is, if that is a terminal: in a line that changes; or, where a screen
/// reader or a plain terminal would stumble over that, in a new line once a minute.
final class Progress: Sendable {
  static let current = Progress()

  /// What is counted.
  enum Unit { case bytes, entries }

  /// How it is said.
  private enum Manner {
    case silent, lines, changingLine

    static var ofThisRun: Manner {
      guard isatty(2) == 1 else { return .silent }
      // A terminal that does not say what it is cannot be told to clear a line.
      return isPlain || ["dumb", "", nil].contains(Environment.value("TERM")) ? .lines : .changingLine
    }

    private static var isPlain: Bool { !["", "0", nil].contains(Environment.value("EVIDENCE_PLAIN")) }
  }

  private struct State {
    var label: Phrase = ""
    var unit = Unit.bytes
    var done: UInt64 = 0
    var total: UInt64?
    var start = 0.0
    var lastShown = 0.0
    var isShown = false

    /// One piece of work can come after another, in another unit: its rate is its own.
    mutating func count(in unit: Unit, from now: Double) {
      guard unit != self.unit else { return }
      (self.unit, done, total, start) = (unit, 0, nil, now)
    }
  }

  private let state = Mutex(State())
  private let manner = Manner.ofThisRun

  func begin(_ label: Phrase, total: UInt64? = nil) {
    let now = Self.now()
    state.withLock { $0 = State(label: label, total: total, start: now, lastShown: now) }
  }

  /// Says how much there is to do, once that is known.
  func expect(_ total: UInt64, _ unit: Unit) {
    let now = Self.now()
    state.withLock { state in
      state.count(in: unit, from: now)
      state.total = total
    }
  }

  func advance(_ count: UInt64, _ unit: Unit = .bytes) {
    guard manner != .silent else { return }
    state.withLock { state in
      let now = Self.now()
      state.count(in: unit, from: now)
      state.done += count
      guard now - state.start > 1, now - state.lastShown > (manner == .lines ? 60 : 0.2) else { return }
      state.lastShown = now
      let text = say(Self.text(state, now: now))
      if manner == .lines { return Message.raw(text) }
      state.isShown = true
      StandardStream.write("\r\(text)\u{1b}[K", to: 2)
    }
  }

  func clear() {
    guard manner == .changingLine else { return }
    state.withLock { state in
      if state.isShown { StandardStream.write("\r\u{1b}[K", to: 2) }
      state.isShown = false
    }
  }

  private static func text(_ state: State, now: Double) -> Phrase {
    let rate = Double(state.done) / (now - state.start)
    let (done, speed) = (text(state.done, state.unit), text(UInt64(rate), state.unit))
    guard let total = state.total, total > 0 else { return "\(state.label): \(done), \(speed)/s" }
    let percent = Int(min(100, Double(state.done) / Double(total) * 100))
    let left = total > state.done ? Double(total - state.done) / max(rate, 1) : 0
    // A damaged head can claim more entries than any number of seconds would do for.
    guard left < 1e6 else { return "\(state.label): \(done), \(speed)/s, \(percent) %" }
    return "\(state.label): \(done), \(speed)/s, \(percent) %, \(Int(left.rounded(.up))) s left"
  }

  private static func text(_ count: UInt64, _ unit: Unit) -> Phrase {
    unit == .bytes ? "\(ByteCount.text(count))" : Count.entries(count)
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Sizes for people.
enum ByteCount {
  /// A list of many entries says the units often.
  private static let units = ["KiB", "MiB", "GiB"].map { say($0) }

  static func text(_ count: UInt64) -> String {
    guard count >= 1024 else { return say(Count.bytes(count)) }
    var value = Double(count) / 1024
    for unit in units.dropLast() {
      if value < 1024 { return text(value, unit) }
      value /= 1024
    }
    return text(value, units[units.count - 1])
  }

  private static func text(_ value: Double, _ unit: String) -> String { "\((value * 10).rounded() / 10) \(unit)" }
}

/// The environment, read only for what is documented.
enum Environment {
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// The home that the account of this process has, whatever the environment says; `nil` if it has none.
  static var accountHome: String? {
    guard let account = unsafe getpwuid(getuid()), let home = unsafe account.pointee.pw_dir else { return nil }
    return unsafe String(cString: home)
  }
}
