import ColStore
import Query

/// Calls `body(0)` … `body(count - 1)` on up to `threads` threads.
func inParallel(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws(QueryError) -> Void
) throws(QueryError) {
  let counter = WorkCounter(count: count)
  do {
    try runWorkers(max(1, min(threads, count))) { _ in
      while let index = counter.next() {
        do throws(QueryError) { try body(index) } catch {
          counter.cancel()
          throw error
        }
      }
    }
  } catch {
    throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
  }
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

  convenience init(_ elements: [Element]) {
    self.init(count: elements.count)
    for (index, element) in elements.enumerated() { places[index] = element }
  }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }

  subscript(index: Int) -> Element? {
    get { places[index] }
    set { places[index] = newValue }
  }

  var all: [Element] { (0..<count).compactMap { places[$0] } }
}
