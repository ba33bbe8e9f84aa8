import CKernels
import ColStore

/// Division of whole numbers by a constant, rounded down, over vectors.
enum FloorDivision {
  /// `value / divisor` rounded down; the divisor is above 0.
  @inline(__always)
  static func quotient(_ value: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// `value / divisor` rounded down, of each row that is not NULL; where `modulus` is not 0, plus
  /// `offset` and modulo it. Nil where the vector is not flat.
  static func apply(
    _ vector: Vector, by divisor: Int64, offset: Int64 = 0, modulus: Int64 = 0, to type: DataType
  ) -> Vector? {
    guard vector.layout == .flat else { return nil }
    let output = Buffer(Int64.self, count: vector.count)
    ecq_floor_divide_i64(
      vector.pointer(Int64.self), vector.count, divisor, offset, modulus,
      output.pointer(Int64.self))
    return Vector(
      flat: type, count: vector.count, values: UnsafeRawPointer(output.base),
      validity: vector.validity, owners: [output, vector])
  }
}
