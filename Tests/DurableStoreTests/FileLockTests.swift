import DurableStore
import Foundation
import Streams
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FileLockTests {
  @Test func secondTakerIsBusyUntilTheFirstLetsGo() throws {
    let bench = try Workbench()
    do {
      let first = try FileLock(on: bench.directory, patience: 20)
      var waits = 0
      #expect(throws: StoreError.busy(path: bench.url.path)) {
        _ = try FileLock(on: bench.directory, patience: 0.05) { waits += 1 }
      }
      #expect(waits == 1, "said once")
      _ = consume first
    }
    _ = try FileLock(on: bench.directory, patience: 20)
  }

  @Test(.enabled(if: Companion.hasFlock, "flock is not on this system"))
  func patientTakerGetsTheLockOnceItIsFree() throws {
    let bench = try Workbench()
    let holder = try Companion("flock", "--no-fork", bench.url.path, "sleep", "0.5")
    #expect(Self.becomesBusy(bench.directory))
    var waits = 0
    #expect(refusal { _ = try FileLock(on: bench.directory, patience: 20) { waits += 1 } } == nil)
    #expect(waits == 1)
    #expect(holder.status() == 0)
  }

  /// Waits until another process has the lock.
  private static func becomesBusy(_ directory: Directory) -> Bool {
    for _ in 0..<500 {
      if refusal({ _ = try FileLock(on: directory, patience: 0) }) == "busy" { return true }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }

  @Test(.enabled(if: Companion.hasFlock, "flock is not on this system"))
  func otherProcessesSeeTheLock() throws {
    let bench = try Workbench()
    do {
      let lock = try FileLock(on: bench.directory, patience: 20)
      #expect(try Companion("flock", "-n", bench.url.path, "true").status() == 1)
      _ = consume lock
    }
    #expect(try Companion("flock", "-w", "20", bench.url.path, "true").status() == 0)
  }

  @Test(.enabled(if: Companion.hasFlock, "flock is not on this system"))
  func lockOfADeadProcessIsFree() throws {
    let bench = try Workbench()
    let holder = try Companion("flock", "--no-fork", bench.url.path, "sleep", "60")
    #expect(Self.becomesBusy(bench.directory))
    holder.kill()
    #expect(refusal { _ = try FileLock(on: bench.directory, patience: 5) } == nil)
  }

  @Test func fileIsHeldWhileItIsBeingWrittenAndNotLonger() throws {
    let bench = try Workbench()
    do {
      let file = try bench.directory.createFile("new")
      try file.write([1, 2, 3])
      #expect(FileLock.isHeld("new", in: bench.directory))
      #expect(FileLock.isHeld("new", in: bench.directory), "asking does not take the lock away")
      try file.finish()
      withExtendedLifetime(file) { #expect(FileLock.isHeld("new", in: bench.directory)) }
    }
    #expect(Self.becomesFree("new", bench.directory))
  }

  /// Waits for programs that other tests start: they hold our files as well, from their fork until they run.
  private static func becomesFree(_ name: String, _ directory: Directory) -> Bool {
    for _ in 0..<500 {
      if !FileLock.isHeld(name, in: directory) { return true }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }

  @Test func whatNobodyWritesIsNotHeld() throws {
    let bench = try Workbench()
    try bench.write("", to: "file")
    try bench.link("link", to: "file")
    #expect(bench.makePipe("pipe"))
    for name in ["file", "missing", "link", "pipe"] { #expect(!FileLock.isHeld(name, in: bench.directory), "\(name)") }
  }
}
