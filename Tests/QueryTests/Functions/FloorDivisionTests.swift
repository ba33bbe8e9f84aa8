import CKernels
import ColStore
import Testing

@testable import Query

/// Quotients by vectors are those of one number after the other.
@Suite struct FloorDivisionTests {
  private func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    value / divisor - (value % divisor < 0 ? 1 : 0)
  }

  @Test(arguments: [Int64(3_600_000_000), 86_400_000_000, 60_000_000, 1 << 20])
  func quotientsAndRests(divisor: Int64) {
    var random = SeededNumbers(seed: 3)
    // Near together, far apart, and too far for doubles.
    for (center, reach) in [(Int64(440_000), Int64(9)), (-3, 50), (0, 60_000), (0, 1 << 22)] {
      var values: [Int64] = []
      for _ in 0..<500 {
        let (product, overflow) = (center + Int64.random(in: -reach...reach, using: &random))
          .multipliedReportingOverflow(by: divisor)
        values += overflow ? [] : [product - 1, product, product + 1, product + divisor / 2]
      }
      let vector = Vector(.bigint, values.map { .int64($0) })
      for (offset, modulus) in [(Int64(0), Int64(0)), (0, 24), (4, 7), (0, 60), (1, 1000)] {
        let result = FloorDivision.apply(
          vector, by: divisor, offset: offset, modulus: modulus, to: .bigint)
        let expected = values.map { value in
          let quotient = floor(value, divisor)
          return modulus == 0
            ? quotient : quotient + offset - modulus * floor(quotient + offset, modulus)
        }
        #expect(values.indices.map { result?.pointer(Int64.self)[$0] } == expected)
      }
    }
  }

  @Test func numbersOfValues() {
    let values = Vector(.bigint, [.int64(-5), .int64(0), .int64(7), .int64(1 << 40)])
    let groups = Buffer(UInt32.self, count: 4)
    let numbers = groups.pointer(UInt32.self)
    ecq_number_values(values.pointer(Int64.self), 4, -6, 14, 0, numbers)
    #expect((0..<3).map { numbers[$0] } == [1, 6, 13] && numbers[3] <= 14)
    ecq_number_values(values.pointer(Int64.self), 3, -6, 14, 100, numbers)
    #expect((0..<3).map { numbers[$0] } == [101, 606, 1313])
    withExtendedLifetime((values, groups)) {}
  }
}
