import ColStore
import Query

/// Hands results on to another sink, measures the time that takes, and remembers why it failed.
final class TimedSink: ResultSink {
  private let target: any ResultSink
  /// Seconds spent writing since the last call of ``takeSeconds()``.
  private var seconds = 0.0
  /// The first error of the target, which the engine may wrap.
  private(set) var failure: (any Error)?

  init(_ target: any ResultSink) { self.target = target }

  func takeSeconds() -> Double {
    defer { seconds = 0 }
    return seconds
  }

  func begin(schema: [Field]) throws { try timed { try target.begin(schema: schema) } }
  func consume(_ batch: Batch) throws { try timed { try target.consume(batch) } }
  func end() throws { try timed { try target.end() } }

  private func timed(_ body: () throws -> Void) throws {
    let stopwatch = Stopwatch()
    defer { seconds += stopwatch.seconds }
    do { try body() } catch {
      if failure == nil { failure = error }
      throw error
    }
  }
}
