import CKernels

/// An array that only grows and never moves its elements, so that one thread may append while
/// others read elements that were there when they were told of the count.
///
/// Segment s holds 1024 · 2^s elements: few segments, however long the array, and little memory
/// for a short one.
final class StableArray<Element: BitwiseCopyable>: @unchecked Sendable {
  private static var firstSegmentBits: Int { 10 }
  private static var segmentCountMax: Int { 32 }

  private let segments: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>
  private(set) var count = 0

  init() {
    segments = .allocate(capacity: Self.segmentCountMax)
    segments.initialize(repeating: nil, count: Self.segmentCountMax)
  }

  deinit {
    for segment in 0..<Self.segmentCountMax { segments[segment]?.deallocate() }
    segments.deallocate()
  }

  /// Where element `index` lies. Counted from 1024, the numbers of a segment's elements have the
  /// same highest bit.
  @inline(__always)
  private static func place(of index: Int) -> (segment: Int, offset: Int) {
    let number = index &+ (1 &<< firstSegmentBits)
    let highestBit = Int.bitWidth &- 1 &- number.leadingZeroBitCount
    return (highestBit &- firstSegmentBits, number &- (1 &<< highestBit))
  }

  private static func capacity(of segment: Int) -> Int { 1 << (segment + firstSegmentBits) }

  func append(_ element: Element) {
    let (segment, offset) = Self.place(of: count)
    if offset == 0 { segments[segment] = Self.allocate(Self.capacity(of: segment)) }
    segments[segment].unsafelyUnwrapped[offset] = element
    count &+= 1
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
    let segment = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    let byteCount = capacity * MemoryLayout<Element>.stride
    if byteCount >= Buffer.hugeBytesMin { ecq_use_huge_pages(segment, byteCount) }
    return segment
  }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      let (segment, offset) = Self.place(of: index)
      return segments[segment].unsafelyUnwrapped[offset]
    }
    @inline(__always) set {
      let (segment, offset) = Self.place(of: index)
      segments[segment].unsafelyUnwrapped[offset] = newValue
    }
  }

  /// Asks for the cache line of an element, to be read soon.
  @inline(__always)
  func prefetch(_ index: Int) {
    let (segment, offset) = Self.place(of: index)
    ecq_prefetch(segments[segment].unsafelyUnwrapped + offset)
  }

  /// All elements in one piece, for loops that look at many; nil where there are more than `limit`.
  func flat(atMost limit: Int, _ pool: BufferPool) -> Buffer? {
    let count = self.count
    guard count <= limit else { return nil }
    let flat = pool.buffer(Element.self, count: count)
    copy(0..<count, to: flat.pointer())
    return flat
  }

  /// Copies elements `range` to `output`.
  func copy(_ range: Range<Int>, to output: UnsafeMutablePointer<Element>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let (segment, offset) = Self.place(of: index)
      let step = min(range.upperBound - index, Self.capacity(of: segment) - offset)
      if let start = segments[segment] {
        (output + (index - range.lowerBound)).update(from: start + offset, count: step)
      }
      index += step
    }
  }
}
