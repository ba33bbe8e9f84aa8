import Glibc

/// Measures wall time from when it was made, by a clock that never goes back.
public struct Stopwatch: Sendable {
  private let start = Stopwatch.now()

  public init() {}

  public var seconds: Double { Double(nanoseconds) / 1e9 }

  public var nanoseconds: Int { Stopwatch.now() - start }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
