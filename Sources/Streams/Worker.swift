internal import Glibc

/// A piece of work on a thread of its own.
///
/// Dispatch has no word for "there is no thread": without memory for one it tries again every second, for ever, and
/// nobody hears of it.
///
/// Sendable: whoever starts it waits for it once; the work itself belongs to the thread.
final class Worker: @unchecked Sendable {
  private final class Work {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  /// Starts `body`. Signals stay with the thread that starts it.
  ///
  /// - Parameter stackByteCount: Room for its stack; as much as the system gives by itself if `nil`.
  /// - Throws: `StreamError.noThread`.
  init(stackByteCount: Int? = nil, _ body: @escaping @Sendable () -> Void) throws(StreamError) {
    let work = unsafe Unmanaged.passRetained(Work(body))
    var attributes = pthread_attr_t()
    var (all, former) = (sigset_t(), sigset_t())
    guard unsafe pthread_attr_init(&attributes) == 0 else {
      unsafe work.release()
      throw .noThread
    }
    defer { unsafe pthread_attr_destroy(&attributes) }
    if let stackByteCount { unsafe pthread_attr_setstacksize(&attributes, stackByteCount) }
    // A new thread holds back what the one that makes it holds back.
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &former)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &former, nil) }
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, &attributes,
      { context in
        if let context = unsafe context { unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      unsafe work.release()
      throw .noThread
    }
    self.thread = thread
  }

  /// Waits until the work is done. To be called once.
  func wait() {
    let status = pthread_join(thread, nil)
    precondition(status == 0, "Streams: a thread that nobody can wait for")
  }
}

/// Counts what there is to take; whoever finds nothing waits.
///
/// Sendable: `sem_t` is made for several threads.
@safe final class Semaphore: @unchecked Sendable {
  private let count: UnsafeMutablePointer<sem_t>

  init(_ initial: UInt32 = 0) {
    unsafe count = .allocate(capacity: 1)
    let status = unsafe sem_init(count, 0, initial)
    precondition(status == 0, "Streams: a semaphore with too much in it")
  }

  deinit {
    unsafe sem_destroy(count)
    unsafe count.deallocate()
  }

  func signal() {
    let status = unsafe sem_post(count)
    precondition(status == 0, "Streams: a semaphore with too much in it")
  }

  func wait() {
    // Only a signal ends it early.
    while unsafe sem_wait(count) != 0 {}
  }
}
