import CKernels
import ColStore

/// `= <> < <= > >=` and IS [NOT] DISTINCT FROM.
enum Comparison: String, Sendable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  static let functions: [ScalarFunction] = [
    function(.equal, aliases: ["=="]), function(.notEqual, aliases: ["!="]), function(.less),
    function(.lessOrEqual), function(.greater), function(.greaterOrEqual),
    distinct("is_distinct_from", negated: false),
    distinct("is_not_distinct_from", negated: true),
  ]

  private static func function(
    _ comparison: Comparison, aliases: [String] = []
  ) -> ScalarFunction {
    let signature = "value \(comparison.rawValue) value"
    return ScalarFunction(comparison.rawValue, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      overload(comparison, try operandType(types, literals, comparison.rawValue, signature))
    }
  }

  /// The type that two operands are compared in; a VARCHAR turns into the other's type.
  static func operandType(
    _ types: [DataType], _ literals: [Value?], _ name: String, _ signature: String
  ) throws(QueryError) -> DataType {
    guard types.count == 2 else { throw ImplicitCast.mismatch(name, types, signature) }
    let (left, right) = (types[0], types[1])
    if left == .null && right == .null { return .integer }
    if left == .varchar && right != .varchar && right != .null { return right }
    if right == .varchar && left != .varchar && left != .null { return left }
    guard let common = ImplicitCast.common(left, right) else {
      throw QueryError(
        .type, "cannot compare \(left) with \(right)", hint: "an explicit CAST may help")
    }
    return common
  }

  static func overload(_ comparison: Comparison, _ type: DataType) -> ScalarOverload {
    ScalarOverload(name: comparison.rawValue, [type, type], .boolean) {
      arguments, count throws(QueryError) in
      compare(comparison, arguments[0], arguments[1], count: count)
    }
  }

  private static func distinct(_ name: String, negated: Bool) -> ScalarFunction {
    let words = negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM"
    let signature = "value \(words) value"
    return ScalarFunction(name, signature: signature) { types, literals throws(QueryError) in
      let type = try operandType(types, literals, words, signature)
      return ScalarOverload(name: name, [type, type], .boolean, nulls: .custom) {
        arguments, count throws(QueryError) in
        let equal = compare(.equal, arguments[0], arguments[1], count: count).flat()
        let values = equal.pointer(UInt8.self)
        let left = Rows<UInt8>(arguments[0])
        let right = Rows<UInt8>(arguments[1])
        let output = FlatBuilder<UInt8>(count: count)
        for row in 0..<count {
          let same: Bool
          switch (left.isNull(row), right.isNull(row)) {
          case (true, true): same = true
          case (false, false): same = values[row] != 0
          default: same = false
          }
          output[row] = same == negated ? 1 : 0
        }
        return withExtendedLifetime(equal) { output.finish(.boolean) }
      }
    }
  }

  /// Compares values, NULL slots included.
  static func compare(
    _ comparison: Comparison, _ left: Vector, _ right: Vector, count: Int
  ) -> Vector {
    switch left.type.physical {
    case .bool: return integers(comparison, left, right, UInt8.self, count)
    case .int64:
      return numbers(
        comparison, left, right, count, isOrdered: { (_: Int64) in true }, pairs: ecq_compare_i64,
        single: ecq_compare_constant_i64)
    case .int128: return integers(comparison, left, right, Int128.self, count)
    case .double:
      return numbers(
        comparison, left, right, count, isOrdered: { (value: Double) in !value.isNaN },
        pairs: ecq_compare_f64, single: ecq_compare_constant_f64)
    case .string: return texts(comparison, left, right, count)
    case .interval:
      return ordered(comparison, left, right, Interval.self, count) {
        let (a, b) = ($0.totalMicroseconds, $1.totalMicroseconds)
        return a < b ? -1 : (a > b ? 1 : 0)
      }
    case .list: return lists(comparison, left, right, count)
    }
  }

  @inline(__always)
  private static func byte(_ truth: Bool) -> UInt8 { unsafeBitCast(truth, to: UInt8.self) }

  private var kernel: ecq_comparison {
    switch self {
    case .equal: ECQ_EQUAL
    case .notEqual: ECQ_NOT_EQUAL
    case .less: ECQ_LESS
    case .lessOrEqual: ECQ_LESS_OR_EQUAL
    case .greater: ECQ_GREATER
    case .greaterOrEqual: ECQ_GREATER_OR_EQUAL
    }
  }

  private typealias Flags = UnsafeMutablePointer<UInt8>

  /// Compares two columns of numbers by `pairs`, or one with a number that `isOrdered` by `single`.
  private static func numbers<Number: BitwiseCopyable>(
    _ comparison: Comparison, _ left: Vector, _ right: Vector, _ count: Int,
    isOrdered: (Number) -> Bool,
    pairs: (ecq_comparison, UnsafePointer<Number>, UnsafePointer<Number>, Int, Flags) -> Void,
    single: (ecq_comparison, UnsafePointer<Number>, Number, Int, Flags) -> Void
  ) -> Vector {
    let flags = Buffer(UInt8.self, count: count)
    let result = Vector(flat: .boolean, count: count, values: flags)
    if count == 0 { return result }
    var (comparison, left, right) = (comparison, left.flattened(), right.flattened())
    if left.layout == .constant {
      (comparison, left, right) = (comparison.mirrored, right, left)
    }
    if left.layout == .constant { left = left.flat() }
    let output = flags.pointer(UInt8.self)
    if right.layout == .constant, isOrdered(right.pointer(Number.self)[0]) {
      single(comparison.kernel, left.pointer(), right.pointer(Number.self)[0], count, output)
    } else {
      right = right.flat()
      pairs(comparison.kernel, left.pointer(), right.pointer(), count, output)
    }
    return withExtendedLifetime((left, right)) { result }
  }

  private static func integers<Element: FixedWidthInteger & BitwiseCopyable>(
    _ comparison: Comparison, _ left: Vector, _ right: Vector, _ type: Element.Type, _ count: Int
  ) -> Vector {
    switch comparison {
    case .equal:
      mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) { byte($0 == $1) }
    case .notEqual:
      mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) { byte($0 != $1) }
    case .less:
      mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) { byte($0 < $1) }
    case .lessOrEqual:
      mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) { byte($0 <= $1) }
    case .greater:
      mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) { byte($0 > $1) }
    case .greaterOrEqual:
      mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) { byte($0 >= $1) }
    }
  }

  private static func texts(
    _ comparison: Comparison, _ left: Vector, _ right: Vector, _ count: Int
  ) -> Vector {
    typealias S = StringView
    switch comparison {
    case .equal:
      return mapBinary(left, right, S.self, S.self, UInt8.self, to: .boolean, count: count) {
        byte($0 == $1)
      }
    case .notEqual:
      return mapBinary(left, right, S.self, S.self, UInt8.self, to: .boolean, count: count) {
        byte($0 != $1)
      }
    default:
      return ordered(comparison, left, right, S.self, count) { $0.compare($1) }
    }
  }

  @inline(__always)
  private static func ordered<Element: BitwiseCopyable>(
    _ comparison: Comparison, _ left: Vector, _ right: Vector, _ type: Element.Type, _ count: Int,
    _ order: (Element, Element) -> Int
  ) -> Vector {
    mapBinary(left, right, type, type, UInt8.self, to: .boolean, count: count) {
      byte(comparison.holds(order($0, $1)))
    }
  }

  /// Whether the comparison holds of operands whose order is `order`: negative, zero, positive.
  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }

  private static func lists(
    _ comparison: Comparison, _ left: Vector, _ right: Vector, _ count: Int
  ) -> Vector {
    let output = FlatBuilder<UInt8>(count: count)
    for row in 0..<count {
      output[row] = byte(comparison.holds(RowComparison.compare(left, row, right, row)))
    }
    return output.finish(.boolean)
  }
}

/// The order of two rows of vectors of one type, NULL greatest; for what has no kernel.
enum RowComparison {
  static func compare(_ left: Vector, _ i: Int, _ right: Vector, _ j: Int) -> Int {
    switch (left.isNull(i), right.isNull(j)) {
    case (true, true): return 0
    case (true, false): return 1
    case (false, true): return -1
    default: break
    }
    let a = left.position(of: i)
    let b = right.position(of: j)
    switch left.type.physical {
    case .bool: return Int(left.pointer(UInt8.self)[a]) - Int(right.pointer(UInt8.self)[b])
    case .int64: return order(left.pointer(Int64.self)[a], right.pointer(Int64.self)[b])
    case .int128: return order(left.pointer(Int128.self)[a], right.pointer(Int128.self)[b])
    case .double:
      return order(
        DoubleKey.ordered(left.pointer(Double.self)[a]),
        DoubleKey.ordered(right.pointer(Double.self)[b]))
    case .string: return left.pointer(StringView.self)[a].compare(right.pointer(StringView.self)[b])
    case .interval:
      return order(
        left.pointer(Interval.self)[a].totalMicroseconds,
        right.pointer(Interval.self)[b].totalMicroseconds)
    case .list:
      let first = left.pointer(ListView.self)[a]
      let second = right.pointer(ListView.self)[b]
      guard let leftChild = left.child, let rightChild = right.child else {
        return first.count - second.count
      }
      for index in 0..<min(first.count, second.count) {
        let (one, other) = (first.offset + index, second.offset + index)
        var found = compare(leftChild, one, rightChild, other)
        if found == 0, let leftValues = left.mapValues, let rightValues = right.mapValues {
          found = compare(leftValues, one, rightValues, other)
        }
        if found != 0 { return found }
      }
      return first.count - second.count
    }
  }

  @inline(__always)
  private static func order<Element: Comparable>(_ left: Element, _ right: Element) -> Int {
    left < right ? -1 : (left > right ? 1 : 0)
  }
}
