/// An array that only grows and never moves its elements, so that one thread may append while
/// others read elements that were there when they were told of the count.
final class StableArray<Element: BitwiseCopyable>: @unchecked Sendable {
  private static var segmentBits: Int { 16 }
  private static var segmentCount: Int { 1 << 16 }

  private let segments: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>
  private(set) var count = 0

  init() {
    segments = .allocate(capacity: Self.segmentCount)
    segments.initialize(repeating: nil, count: Self.segmentCount)
  }

  deinit {
    var segment = 0
    while segment < Self.segmentCount, let memory = segments[segment] {
      memory.deallocate()
      segment += 1
    }
    segments.deallocate()
  }

  func append(_ element: Element) {
    let segment = count >> Self.segmentBits
    let offset = count & ((1 << Self.segmentBits) - 1)
    if offset == 0 { segments[segment] = .allocate(capacity: 1 << Self.segmentBits) }
    segments[segment].unsafelyUnwrapped[offset] = element
    count &+= 1
  }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      segments[index >> Self.segmentBits].unsafelyUnwrapped[index & ((1 << Self.segmentBits) - 1)]
    }
  }

  /// Copies elements `range` to `output`.
  func copy(_ range: Range<Int>, to output: UnsafeMutablePointer<Element>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let offset = index & ((1 << Self.segmentBits) - 1)
      let step = min(range.upperBound - index, (1 << Self.segmentBits) - offset)
      if let segment = segments[index >> Self.segmentBits] {
        (output + (index - range.lowerBound)).update(from: segment + offset, count: step)
      }
      index += step
    }
  }
}
