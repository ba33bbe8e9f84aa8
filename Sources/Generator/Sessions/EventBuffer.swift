/// Events behind each other in memory of their own, which is kept when the buffer is emptied.
struct EventBuffer: ~Copyable {
  private var storage: UnsafeMutablePointer<Event>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(16, capacity)
    storage = .allocate(capacity: self.capacity)
  }

  deinit { storage.deallocate() }

  @inline(__always)
  mutating func append(_ event: Event) {
    if count == capacity { grow() }
    (storage + count).initialize(to: event)
    count += 1
  }

  mutating func removeAll() { count = 0 }

  /// The events; valid until the buffer changes.
  var events: UnsafeMutableBufferPointer<Event> { .init(start: storage, count: count) }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Event>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }
}
