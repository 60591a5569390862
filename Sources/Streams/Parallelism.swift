internal import Glibc
internal import Synchronization

/// How many pieces of a stream, or other things, are worked on at once.
public enum Parallelism {
  /// One for each core. One more would keep a core busy while another piece waits for input or output, but costs more
  /// in turns handed over than it gains: a third slower on two cores with the input in memory.
  public static let workerCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// Runs `body` for every number below `count` on all cores, in any order. Where the system gives no further threads,
  /// those that there are do the work.
  package static func forEach(below count: Int, _ body: @Sendable (Int) -> Void) {
    let next = Atomic(0)
    beside(min(workerCount, count) - 1) {
      while case let number = next.wrappingAdd(1, ordering: .relaxed).oldValue, number < count { body(number) }
    }
  }

  /// Runs `work` here, and at the same time on `workerCount` threads more, or as many of them as the system gives;
  /// returns when all have ended.
  static func beside(_ workerCount: Int, stackByteCount: Int? = nil, _ work: @Sendable () -> Void) {
    withoutActuallyEscaping(work) { work in
      var workers: [Worker] = []
      while workers.count < workerCount, let worker = try? Worker(stackByteCount: stackByteCount, work) {
        workers.append(worker)
      }
      work()
      for worker in workers { worker.wait() }
    }
  }
}
