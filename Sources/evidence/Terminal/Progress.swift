internal import Glibc
internal import Synchronization

/// A line on standard error that says how far long work is; only on a terminal, and only for work over a second.
final class Progress: Sendable {
  static let current = Progress()

  /// What is counted.
  enum Unit { case bytes, entries }

  private struct State {
    var label = ""
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
  private let isEnabled = isatty(2) == 1 && Environment.value("TERM") != "dumb"

  func begin(_ label: String, total: UInt64? = nil) {
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
    guard isEnabled else { return }
    state.withLock { state in
      let now = Self.now()
      state.count(in: unit, from: now)
      state.done += count
      guard now - state.start > 1, now - state.lastShown > 0.2 else { return }
      state.lastShown = now
      state.isShown = true
      StandardStream.write("\r\(Self.text(state, now: now))\u{1b}[K", to: 2)
    }
  }

  func clear() {
    guard isEnabled else { return }
    state.withLock { state in
      if state.isShown { StandardStream.write("\r\u{1b}[K", to: 2) }
      state.isShown = false
    }
  }

  private static func text(_ state: State, now: Double) -> String {
    let seconds = now - state.start
    let rate = Double(state.done) / seconds
    var text = "\(state.label): \(text(state.done, state.unit)), \(text(UInt64(rate), state.unit))/s"
    if let total = state.total, total > 0 {
      let left = total > state.done ? Double(total - state.done) / max(rate, 1) : 0
      // A damaged head can claim more entries than any number of seconds would do for.
      let seconds = left < 1e6 ? ", \(Int(left.rounded(.up))) s left" : ""
      text += ", \(Int(min(100, Double(state.done) / Double(total) * 100))) %\(seconds)"
    }
    return text
  }

  private static func text(_ count: UInt64, _ unit: Unit) -> String {
    unit == .bytes ? ByteCount.text(count) : "\(count) entries"
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Sizes for people.
enum ByteCount {
  static func text(_ count: UInt64) -> String {
    var value = Double(count)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if value < 1024 || unit == "GiB" {
        return unit == "bytes" ? "\(count) bytes" : "\((value * 10).rounded() / 10) \(unit)"
      }
      value /= 1024
    }
    return "\(count) bytes"
  }
}

/// The environment, read only for what is documented.
enum Environment {
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
