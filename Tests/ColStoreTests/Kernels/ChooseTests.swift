import CKernels
import Testing

/// The kernels that find rows, against a test of each row.
struct ChooseTests {
  @Test(arguments: [1, 2, 4, 8], [0, 1, 15, 16, 17, 1000])
  func rangesOfNumbers(bytes: Int, count: Int) {
    let most = UInt64.max >> UInt64(64 - 8 * bytes)
    let numbers: [UInt64] = (0..<count).map { row -> UInt64 in
      (UInt64(row) &* 0x9E37_79B9_7F4A_7C15) & most
    }
    var kept: [UInt8] = numbers.flatMap { number in
      (0..<bytes).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
    kept.append(0)
    for (low, high) in [(0, most), (most / 3, most / 2), (0, 0), (most, most)] {
      var rows = [UInt32](repeating: .max, count: count + 1)
      let found = ecq_choose_between(kept, count, Int32(bytes), low, high - low, &rows)
      let wanted = numbers.indices.filter { numbers[$0] >= low && numbers[$0] <= high }
      #expect(rows.prefix(found).map(Int.init) == wanted)
      #expect(rows[count] == .max)
    }
  }

  @Test func rangesOfSignedNumbers() {
    let numbers: [Int64] = (0..<100).map { row -> Int64 in Int64(row % 7 - 3) * (Int64.max / 5) }
    var rows = [UInt32](repeating: 0, count: 100)
    let (low, high) = (-Int64.max / 4, Int64.max / 3)
    let found = numbers.withUnsafeBytes {
      ecq_choose_between(
        $0.baseAddress, 100, 8, UInt64(bitPattern: low), UInt64(bitPattern: high &- low), &rows)
    }
    let wanted = numbers.indices.filter { numbers[$0] >= low && numbers[$0] <= high }
    #expect(rows.prefix(found).map(Int.init) == wanted)
  }

  @Test(arguments: [0, 1, 16, 33, 500])
  func flags(count: Int) {
    let flags: [UInt8] = (0..<count).map { row -> UInt8 in
      row % 3 == 1 ? UInt8(row % 255) + 1 : 0
    }
    var rows = [UInt32](repeating: .max, count: count + 1)
    let found = ecq_choose_true(flags, count, &rows)
    #expect(rows.prefix(found).map(Int.init) == flags.indices.filter { flags[$0] != 0 })
    #expect(rows[count] == .max)
  }

  @Test(arguments: [UInt32(0), 5, 200])
  func oneCode(code: UInt32) {
    let codes: [UInt8] = (0..<300).map { row -> UInt8 in UInt8(row * 7 % 201) }
    var rows = [UInt32](repeating: 0, count: 308)
    let found = ecq_choose_equal(codes, 300, 1, code, &rows)
    #expect(rows.prefix(found).map(Int.init) == codes.indices.filter { UInt32(codes[$0]) == code })
  }

  private static let comparisons: [ecq_comparison] = [
    ECQ_EQUAL, ECQ_NOT_EQUAL, ECQ_LESS, ECQ_LESS_OR_EQUAL, ECQ_GREATER, ECQ_GREATER_OR_EQUAL,
  ]

  /// The comparisons' results for an order of -1, 0 or 1.
  private static func results(_ order: Int) -> [Bool] {
    [order == 0, order != 0, order < 0, order <= 0, order > 0, order >= 0]
  }

  @Test func comparisonsOfDoubles() {
    let values: [Double] = [0, -0.0, 1, -1, .nan, .infinity, -.infinity, 2.5, -.nan]
    func order(_ a: Double, _ b: Double) -> Int {
      if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? 0 : (a.isNaN ? 1 : -1) }
      return a < b ? -1 : (a > b ? 1 : 0)
    }
    for (number, comparison) in Self.comparisons.enumerated() {
      for other in values {
        var flags = [UInt8](repeating: 9, count: values.count)
        let wanted = values.map { UInt8(Self.results(order($0, other))[number] ? 1 : 0) }
        let others = values.map { _ in other }
        ecq_compare_f64(comparison, values, others, values.count, &flags)
        #expect(flags == wanted)
        if !other.isNaN {
          ecq_compare_constant_f64(comparison, values, other, values.count, &flags)
          #expect(flags == wanted)
        }
      }
    }
  }

  @Test func comparisonsOfIntegers() {
    let values: [Int64] = [0, 1, -1, .max, .min, 7, 7, -7, 1 << 40]
    for (number, comparison) in Self.comparisons.enumerated() {
      for other in values {
        var flags = [UInt8](repeating: 9, count: values.count)
        let wanted = values.map { value in
          UInt8(Self.results(value < other ? -1 : (value > other ? 1 : 0))[number] ? 1 : 0)
        }
        ecq_compare_i64(comparison, values, values.map { _ in other }, values.count, &flags)
        #expect(flags == wanted)
        ecq_compare_constant_i64(comparison, values, other, values.count, &flags)
        #expect(flags == wanted)
      }
    }
  }
}
