internal import Glibc

/// How many pieces of a stream are worked on at once.
public enum Parallelism {
  /// One for each core, and one that waits for input or output meanwhile.
  public static var workerCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 1 }
}
