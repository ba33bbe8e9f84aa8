import ColStore

/// An inner loop over data that do not fit into the caches.
struct Kernel: Sendable {
  enum Kind: String, Sendable {
    /// What the memory itself can do.
    case bandwidth
    case decode
    case filter
    case aggregate
    case train
    case parse
  }

  let name: String
  let kind: Kind
  /// What is counted: rows, bytes.
  let items: String
  let itemCount: Int
  /// Read and written in a pass over all items.
  let byteCount: Int
  /// Items are shared out among threads in whole blocks of so many.
  let blockLength: Int
  /// Works on some of the blocks.
  let run: @Sendable (Range<Int>) -> Void

  /// Seconds of the fastest pass over all items on so many threads.
  func measure(threads: Int) throws -> Double {
    let blocks = itemCount / blockLength
    var best = Double.infinity
    let whole = Stopwatch()
    var passes = 0
    while passes < Self.passesMin || (whole.seconds < Self.secondsMin && passes < Self.passesMax) {
      let watch = Stopwatch()
      try runWorkers(threads) { worker in
        run(blocks * worker / threads..<blocks * (worker + 1) / threads)
      }
      best = min(best, watch.seconds)
      passes += 1
    }
    return best
  }

  private static let passesMin = 3
  private static let passesMax = 100
  private static let secondsMin = 0.4
}

extension Kernel {
  /// Rows of all kernels: their columns are larger than any cache.
  static let rowCount = 1 << 24
  /// As many rows as the engine decodes at once.
  static let rowsABlock = 1 << 16

  /// - Parameter bytesARow: Read and written.
  init(
    _ name: String, _ kind: Kind, bytesARow: Double, blockLength: Int = Kernel.rowsABlock,
    run: @escaping @Sendable (Range<Int>) -> Void
  ) {
    self.init(
      name: name, kind: kind, items: "rows", itemCount: Kernel.rowCount,
      byteCount: Int(bytesARow * Double(Kernel.rowCount)), blockLength: blockLength, run: run)
  }

  /// Runs `body` with the first row of each of the blocks.
  static func eachBlock(_ blocks: Range<Int>, _ body: (Int) throws -> Void) rethrows {
    for block in blocks { try body(block * rowsABlock) }
  }
}

/// `count` values, made one after the other.
func filled<Element: BitwiseCopyable>(
  _ count: Int, _ make: (Int) -> Element
) -> Buffer {
  let buffer = Buffer(Element.self, count: count + 64)
  buffer.zero()
  let values = buffer.pointer(Element.self)
  for index in 0..<count { values[index] = make(index) }
  return buffer
}
