import ColStore

/// Calls `body(0)` … `body(count - 1)` on up to `threads` threads, each number on one.
package func inParallel(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws(QueryError) -> Void
) throws(QueryError) {
  let work = WorkCounter(count: count)
  try Pipeline.onWorkers(max(1, min(threads, count))) { _ throws(QueryError) in
    while let number = work.next() {
      do throws(QueryError) { try body(number) } catch {
        work.cancel()
        throw error
      }
    }
  }
}

/// Things of which each is touched by one thread at a time: its own worker, or who holds its lock.
package struct Unshared<Element>: @unchecked Sendable {
  package let all: [Element]

  package init(_ all: [Element]) { self.all = all }

  package subscript(index: Int) -> Element { all[index] }
}

/// Results of parallel work, each place of which is written once, by one thread.
final class Slots<Element>: @unchecked Sendable {
  private let places: UnsafeMutablePointer<Element?>
  private let count: Int

  init(count: Int) {
    self.count = count
    places = .allocate(capacity: max(1, count))
    places.initialize(repeating: nil, count: count)
  }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }

  subscript(index: Int) -> Element? {
    get { places[index] }
    set { places[index] = newValue }
  }

  /// What was written, in the order of the places.
  var all: [Element] { (0..<count).compactMap { places[$0] } }
}
