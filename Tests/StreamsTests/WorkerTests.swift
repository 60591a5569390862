import Testing

@testable import Streams

@Suite(.timeLimit(.minutes(2)))
struct WorkerTests {
  /// More room for a stack than there are addresses: the system has no thread to give.
  private static let tooMuch = 1 << 48

  @Test func workIsDoneWhenTheWaitIsOver() throws {
    for _ in 0..<200 {
      let isDone = Guarded(false)
      let worker = try Worker {
        sleepAtRandom(upToMicroseconds: 200)
        isDone.update { $0 = true }
      }
      worker.wait()
      #expect(isDone.value)
    }
  }

  @Test func noThreadIsAnErrorAndNothingIsRun() {
    let isDone = Guarded(false)
    #expect(throws: StreamError.noThread) {
      _ = try Worker(stackByteCount: Self.tooMuch) { isDone.update { $0 = true } }
    }
    #expect(!isDone.value)
  }

  @Test func conduitWithoutAThreadFailsAtOnce() {
    let isRead = Guarded(false)
    #expect(throws: StreamError.noThread) {
      try Conduit.run(stackByteCount: Self.tooMuch) {
        try $0.write([1])
      } consumer: { source in
        isRead.update { $0 = true }
        _ = try source.readAll(limit: 1)
      }
    }
    #expect(!isRead.value)
  }

  @Test func whatHasNoFurtherThreadsIsDoneHere() {
    let count = Guarded(0)
    Parallelism.beside(3, stackByteCount: Self.tooMuch) { count.update { $0 += 1 } }
    #expect(count.value == 1)
    Parallelism.beside(3) { count.update { $0 += 1 } }
    #expect(count.value == 1 + 4)
  }

  @Test(arguments: [0, 1, 2, 3, 1000])
  func eachNumberIsTakenOnce(count: Int) {
    let taken = Guarded([Int]())
    Parallelism.forEach(below: count) { number in taken.update { $0.append(number) } }
    #expect(taken.value.sorted() == Array(0..<count))
  }

  @Test func semaphoreLetsAsManyThroughAsWereSignalled() throws {
    let (semaphore, passed) = (Semaphore(1), Guarded(0))
    let workers = try (0..<4).map { _ in
      try Worker {
        semaphore.wait()
        passed.update { $0 += 1 }
      }
    }
    while passed.value < 1 { sleepAtRandom(upToMicroseconds: 100) }
    #expect(passed.value == 1)
    for _ in 0..<3 { semaphore.signal() }
    for worker in workers { worker.wait() }
    #expect(passed.value == 4)
  }
}
