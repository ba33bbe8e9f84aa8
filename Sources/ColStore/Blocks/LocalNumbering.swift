import Glibc

/// Numbers from 0 for the codes of some rows, few of them for codes that no row has, so that what is
/// known of each needs memory for those that occur and not for the whole dictionary.
struct LocalNumbering {
  private let buffer: Buffer
  /// The code of each number.
  let values: [UInt32]

  init(_ codes: UnsafePointer<UInt32>, count: Int, pool: BufferPool) {
    buffer = pool.buffer(UInt32.self, count: count)
    let numbers = buffer.pointer(UInt32.self)
    var lowest = UInt32.max
    var highest: UInt32 = 0
    for row in 0..<count {
      lowest = min(lowest, codes[row])
      highest = max(highest, codes[row])
    }
    if count > 0 && Int(highest - lowest) < count {
      // Numbering all codes between the least and the greatest costs less than finding those that
      // occur.
      for row in 0..<count { numbers[row] = codes[row] &- lowest }
      values = Array(lowest...highest)
      return
    }
    var values: [UInt32] = []
    // Only the pages that rows point into are ever backed by memory.
    let table = Buffer(zeroed: UInt32.self, count: count == 0 ? 0 : Int(highest - lowest) + 1)
    let numberPlusOne = table.pointer(UInt32.self)
    for row in 0..<count {
      let slot = numberPlusOne + Int(codes[row] &- lowest)
      if slot.pointee == 0 {
        values.append(codes[row])
        slot.pointee = UInt32(truncatingIfNeeded: values.count)
      }
      numbers[row] = slot.pointee &- 1
    }
    self.values = values
  }

  /// Numbers in all.
  var count: Int { values.count }

  /// A number a row.
  var numbers: UnsafePointer<UInt32> { UnsafePointer(buffer.pointer(UInt32.self)) }
}
