import CKernels
import Testing

/// The kernels that find rows, or count or mix them, against a test of each row.
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

  @Test(arguments: [1, 2, 4], [3, 200, 256, 1024, 1025, 5000])
  func codesByVerdict(bytes: Int, verdictCount: Int) {
    let known = bytes == 1 ? min(verdictCount, 256) : verdictCount
    let verdicts: [UInt8] = (0..<known).map { code -> UInt8 in code % 3 == 1 || code == 31 ? 1 : 0 }
    for count in [0, 5, 16, 1000, 6001] {
      let codes: [UInt32] = (0..<count).map { row -> UInt32 in UInt32(row * 7919 % known) }
      let kept: [UInt8] = codes.flatMap { code in
        (0..<bytes).map { UInt8(truncatingIfNeeded: code >> UInt32(8 * $0)) }
      }
      var rows = [UInt32](repeating: .max, count: count + 1)
      let found = ecq_choose_codes(kept + [0], count, Int32(bytes), verdicts, known, &rows)
      let wanted = codes.indices.filter { verdicts[Int(codes[$0])] == 1 }
      #expect(rows.prefix(found).map(Int.init) == wanted)
      #expect(rows[count] == .max)
    }
  }

  @Test(arguments: [0, 1, 2, 16, 17, 18, 1000])
  func changes(count: Int) {
    let groups: [UInt32] = (0..<count).map { row -> UInt32 in UInt32(row / 40) }
    let codes: [UInt32] = (0..<count).map { row -> UInt32 in UInt32(row / 3 % 5 == 0 ? 1 : 0) }
    var rows = [UInt32](repeating: .max, count: count + 1)
    let found = ecq_choose_changes(groups, codes, count, &rows)
    let wanted = codes.indices.dropFirst().filter {
      groups[$0] != groups[$0 - 1] || codes[$0] != codes[$0 - 1]
    }
    #expect(rows.prefix(found).map(Int.init) == wanted)
    #expect(rows[count] == .max)
  }

  @Test(arguments: [1, 2, 8, 9, 300], [0, 3, 16, 5000])
  func countsOfGroups(groupCount: Int, count: Int) {
    let groups: [UInt32] = (0..<count).map { row -> UInt32 in
      UInt32(row * row % 7919 % groupCount)
    }
    var counts = [UInt32](repeating: 77, count: 4 * groupCount)
    ecq_count_groups(groups, count, groupCount, &counts)
    let wanted = (0..<groupCount).map { group in
      UInt32(groups.filter { $0 == UInt32(group) }.count)
    }
    #expect(Array(counts.prefix(groupCount)) == wanted)
  }

  @Test(arguments: [false, true], [false, true])
  func blends(yesIsOne: Bool, noIsOne: Bool) {
    let flags: [UInt8] = (0..<37).map { row -> UInt8 in row % 3 == 0 ? 1 : 0 }
    let yes: [UInt64] = (0..<37).map { row -> UInt64 in UInt64(row) << 40 }
    let no: [UInt64] = yes.map { ~$0 }
    var output = [UInt64](repeating: 0, count: 37)
    ecq_blend_u64(flags, 37, yes, yesIsOne ? 1 : 0, no, noIsOne ? 1 : 0, &output)
    let wanted = flags.indices.map { row in
      flags[row] != 0 ? yes[yesIsOne ? 0 : row] : no[noIsOne ? 0 : row]
    }
    #expect(output == wanted)
    var bytes = [UInt8](repeating: 0, count: 37)
    let (one, other) = (yes.map { UInt8($0 >> 40) }, no.map { UInt8($0 >> 40 & 0xFF) })
    ecq_blend_u8(flags, 37, one, yesIsOne ? 1 : 0, other, noIsOne ? 1 : 0, &bytes)
    #expect(bytes == wanted.map { UInt8($0 >> 40 & 0xFF) })
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
