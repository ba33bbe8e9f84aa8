import CKernels
import Glibc

/// The codes that rows are expected to have, by a map from their parent's codes.
struct CodeMapping {
  private let buffer: Buffer
  private let count: Int

  init(
    _ parentCodes: UnsafePointer<UInt32>, _ map: StableArray<UInt64>, count: Int,
    pool: BufferPool
  ) {
    buffer = pool.buffer(UInt32.self, count: count)
    self.count = count
    let expected = buffer.pointer(UInt32.self)
    // A map of moderate size is laid out flat for the length of the loop.
    if let flat = map.flatCodes(atMost: count, pool) {
      withExtendedLifetime(flat) {
        ecq_gather_u32($0.pointer(UInt32.self), parentCodes, count, expected)
      }
      return
    }
    for row in 0..<count {
      expected[row] = UInt32(truncatingIfNeeded: map[Int(parentCodes[row])])
    }
  }

  var codes: UnsafePointer<UInt32> { UnsafePointer(buffer.pointer(UInt32.self)) }

  func differences(from actual: UnsafePointer<UInt32>) -> Int {
    let expected = codes
    if actual == expected { return 0 }
    var differences = 0
    var row = 0
    while row < count {
      differences &+= expected[row] != actual[row] ? 1 : 0
      row += 1
    }
    return differences
  }
}

extension StableArray<UInt64> {
  /// All elements as codes in one piece; nil where there are more than `limit`.
  fileprivate func flatCodes(atMost limit: Int, _ pool: BufferPool) -> Buffer? {
    let count = self.count
    guard count <= limit else { return nil }
    let flat = pool.buffer(UInt32.self, count: count)
    let output = flat.pointer(UInt32.self)
    for index in 0..<count { output[index] = UInt32(truncatingIfNeeded: self[index]) }
    return flat
  }
}
