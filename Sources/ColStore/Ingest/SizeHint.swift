import Synchronization

/// How many distinct values a chunk of a column had lately, so that the next chunk's dictionary need
/// not grow from nothing. It changes how fast things go, never what comes out.
final class SizeHint: Sendable {
  private let latest = Atomic<Int>(0)

  var value: Int { latest.load(ordering: .relaxed) }

  func update(_ count: Int) { latest.store(count, ordering: .relaxed) }
}
