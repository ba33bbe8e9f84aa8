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
