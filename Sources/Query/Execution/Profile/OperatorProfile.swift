import Synchronization

/// What one node of a running plan has done so far.
final class OperatorProfile: Sendable {
  let headline: String
  private let rowsOut = Atomic<Int>(0)
  private let time = Atomic<UInt64>(0)
  private let scanned = Atomic<Int>(0)
  private let bytes = Atomic<Int>(0)
  private let memory = Mutex(HeldMemory())
  private let below = Mutex<[OperatorProfile]>([])

  init(_ headline: String) { self.headline = headline }

  /// Rows that it has handed on.
  var rowCount: Int { rowsOut.load(ordering: .relaxed) }
  /// Time of all threads together.
  var nanoseconds: UInt64 { time.load(ordering: .relaxed) }
  /// Blocks whose rows it has looked at, and their bytes in the file, of the columns it has read.
  var blocksRead: Int { scanned.load(ordering: .relaxed) }
  var bytesRead: Int { bytes.load(ordering: .relaxed) }
  /// The most memory that it has held, without what its inputs hold.
  var peakBytes: Int { memory.withLock { max(0, $0.peak) } }
  /// What it holds at the moment.
  var heldBytes: Int { memory.withLock { max(0, $0.now) } }
  var inputs: [OperatorProfile] { below.withLock { $0 } }

  func addRows(_ count: Int) { rowsOut.wrappingAdd(count, ordering: .relaxed) }
  func addTime(_ nanoseconds: UInt64) { time.wrappingAdd(nanoseconds, ordering: .relaxed) }
  func add(_ input: OperatorProfile) { below.withLock { $0.append(input) } }

  func addBlock(bytes count: Int) {
    scanned.wrappingAdd(1, ordering: .relaxed)
    bytes.wrappingAdd(count, ordering: .relaxed)
  }

  // MARK: Memory

  private struct HeldMemory {
    /// In use before the node began, and what its inputs have kept since.
    var base = 0
    var now = 0
    var peak = 0
  }

  /// The node begins, with so many bytes of the heap in use.
  func begin(heap: Int) { memory.withLock { $0.base = heap } }

  /// So many bytes are in use while it works.
  func sample(heap: Int) {
    memory.withLock {
      $0.now = heap - $0.base
      $0.peak = max($0.peak, $0.now)
    }
  }

  /// An input has ended, and keeps what it has taken.
  func setAside(inputBytes: Int) { memory.withLock { $0.base += inputBytes } }
}
