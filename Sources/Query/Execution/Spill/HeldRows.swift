import Synchronization

/// How many rows all workers hold, and whether they are too many.
final class HeldRows: Sendable {
  let isOver = Atomic<Bool>(false)
  private let rows = Atomic<Int>(0)

  /// Counts rows in, and returns how many there are.
  func add(_ count: Int) -> Int { rows.wrappingAdd(count, ordering: .relaxed).newValue }
}
