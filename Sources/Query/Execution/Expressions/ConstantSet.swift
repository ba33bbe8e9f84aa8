import ColStore

/// The constants of an IN list, ready for membership tests.
struct ConstantSet: Sendable {
  let hasNull: Bool
  private let integers: [Int64]
  private let wide: Set<Int128>
  private let texts: Set<StringView>
  private let intervals: Set<Int128>
  /// Keeps the bytes of the texts alive.
  let vectors: [Vector]

  init(_ constants: [Vector], type: DataType) {
    vectors = constants
    hasNull = constants.contains { $0.isNull(0) }
    let present = constants.filter { !$0.isNull(0) }
    var integers: [Int64] = []
    var wide: Set<Int128> = []
    var texts: Set<StringView> = []
    var intervals: Set<Int128> = []
    for vector in present {
      switch type.physical {
      case .bool: integers.append(Int64(vector.pointer(UInt8.self)[0]))
      case .int64: integers.append(vector.pointer(Int64.self)[0])
      case .double: integers.append(ConstantSet.bits(vector.pointer(Double.self)[0]))
      case .int128: wide.insert(vector.pointer(Int128.self)[0])
      case .string: texts.insert(vector.pointer(StringView.self)[0])
      case .interval: intervals.insert(vector.pointer(Interval.self)[0].totalMicroseconds)
      case .list: break
      }
    }
    self.integers = Array(Set(integers)).sorted()
    self.wide = wide
    self.texts = texts
    self.intervals = intervals
  }

  /// One bit pattern for all NaN, and one for both zeros.
  private static func bits(_ value: Double) -> Int64 {
    Int64(bitPattern: DoubleKey.canonical(value).bitPattern)
  }

  /// Whether each row is in the set, as a BOOLEAN vector without NULLs.
  func membership(of vector: Vector, count: Int) -> Vector {
    var output = FlatBuilder<UInt8>(count: count)
    switch vector.type.physical {
    case .bool:
      let rows = Rows<UInt8>(vector)
      for row in 0..<count { output[row] = integers.contains(Int64(rows[row])) ? 1 : 0 }
    case .int64: searchIntegers(vector, &output, count)
    case .double:
      let rows = Rows<Double>(vector)
      for row in 0..<count {
        output[row] = integers.contains(ConstantSet.bits(rows[row])) ? 1 : 0
      }
    case .int128:
      let rows = Rows<Int128>(vector)
      for row in 0..<count { output[row] = wide.contains(rows[row]) ? 1 : 0 }
    case .string:
      let rows = Rows<StringView>(vector)
      for row in 0..<count { output[row] = texts.contains(rows[row]) ? 1 : 0 }
    case .interval:
      let rows = Rows<Interval>(vector)
      for row in 0..<count { output[row] = intervals.contains(rows[row].totalMicroseconds) ? 1 : 0 }
    case .list: preconditionFailure("lists are not set members")
    }
    return output.finish(.boolean)
  }

  private func searchIntegers(_ vector: Vector, _ output: inout FlatBuilder<UInt8>, _ count: Int) {
    let rows = Rows<Int64>(vector)
    integers.withUnsafeBufferPointer { sorted in
      if sorted.count <= 8 {
        for row in 0..<count {
          let value = rows[row]
          var found = false
          for candidate in sorted where candidate == value { found = true }
          output[row] = found ? 1 : 0
        }
      } else {
        for row in 0..<count {
          let value = rows[row]
          var low = 0
          var high = sorted.count
          while low < high {
            let middle = (low + high) >> 1
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
          }
          output[row] = low < sorted.count && sorted[low] == value ? 1 : 0
        }
      }
    }
  }
}
