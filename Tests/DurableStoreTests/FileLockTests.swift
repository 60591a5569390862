import DurableStore
import Foundation
import Streams
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FileLockTests {
  @Test func secondTakerIsBusyUntilTheFirstLetsGo() throws {
    let bench = try Workbench()
    do {
      let first = try FileLock(on: bench.directory, patience: 0)
      var waits = 0
      #expect(throws: StoreError.busy(path: bench.url.path)) {
        _ = try FileLock(on: bench.directory, patience: 0.05) { waits += 1 }
      }
      #expect(waits == 1, "said once")
      _ = consume first
    }
    _ = try FileLock(on: bench.directory, patience: 0)
  }

  @Test func patientTakerGetsTheLockOnceItIsFree() async throws {
    let bench = try Workbench()
    let path = bench.url.path
    let first = try FileLock(on: bench.directory, patience: 0)
    let second = Task.detached {
      let directory = try Directory(opening: path)
      _ = try FileLock(on: directory, patience: 20)
    }
    try await Task.sleep(for: .milliseconds(100))
    _ = consume first
    try await second.value
  }

  @Test(.enabled(if: Companion.hasFlock, "flock is not on this system"))
  func otherProcessesSeeTheLock() throws {
    let bench = try Workbench()
    do {
      let lock = try FileLock(on: bench.directory, patience: 0)
      #expect(try Companion("flock", "-n", bench.url.path, "true").status() == 1)
      _ = consume lock
    }
    #expect(try Companion("flock", "-n", bench.url.path, "true").status() == 0)
  }

  @Test(.enabled(if: Companion.hasFlock, "flock is not on this system"))
  func lockOfADeadProcessIsFree() throws {
    let bench = try Workbench()
    let holder = try Companion("flock", "--no-fork", bench.url.path, "sleep", "60")
    var isBusy = false
    for _ in 0..<500 where !isBusy {
      isBusy = refusal { _ = try FileLock(on: bench.directory, patience: 0) } == "busy"
      if !isBusy { Thread.sleep(forTimeInterval: 0.01) }
    }
    #expect(isBusy)
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
    #expect(!FileLock.isHeld("new", in: bench.directory))
  }

  @Test func whatNobodyWritesIsNotHeld() throws {
    let bench = try Workbench()
    try bench.write("", to: "file")
    try bench.link("link", to: "file")
    #expect(bench.makePipe("pipe"))
    for name in ["file", "missing", "link", "pipe"] { #expect(!FileLock.isHeld(name, in: bench.directory), "\(name)") }
  }
}
