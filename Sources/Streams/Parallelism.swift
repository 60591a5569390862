internal import Glibc

/// How many pieces of a stream are worked on at once.
public enum Parallelism {
  /// One for each core. One more would keep a core busy while another piece waits for input or output, but costs more
  /// in turns handed over than it gains: a third slower on two cores with the input in memory.
  public static let workerCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}
