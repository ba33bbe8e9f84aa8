import ColStore

/// The comparison of a left value with a right one that an ASOF join has.
struct NearestCondition: Sendable {
  let comparison: Comparison
  /// Over the left rows.
  let left: CompiledExpression
  /// Over the right rows; never NULL.
  let right: CompiledExpression

  /// Nil where joins of this kind have none.
  ///
  /// - Parameter width: How many columns the left rows have, which stand before the right ones.
  init?(_ kind: JoinKind, _ condition: Expression?, width: Int) {
    guard kind == .asOf || kind == .asOfLeft, case .call(let call)? = condition,
      let comparison = Comparison(rawValue: call.overload.name)
    else { return nil }
    self.comparison = comparison
    left = CompiledExpression(call.arguments[0])
    right = CompiledExpression(call.arguments[1].mapColumns { $0 - width })
  }
}

/// Finds the partner of a row whose value is nearest to the row's own, on the wanted side of it.
///
/// The partners with a key lie in the order of their values, where the nearest is found by halving.
final class NearestPartners: Sendable {
  private let condition: NearestCondition
  /// For each key its partners, as in ``JoinTable``, but in the order of their values.
  private let lists: (starts: Buffer, rows: Buffer)
  /// The values of the partners, place by place.
  private let values: Vector
  /// The same as integers of the same order; nil for other types.
  private let integers: Buffer?

  init(
    _ table: JoinTable, _ condition: NearestCondition, _ evaluator: Evaluator
  ) throws(QueryError) {
    self.condition = condition
    let (starts, unordered) = table.listed()
    let bounds = UnsafeBufferPointer<UInt32>(
      start: starts.pointer(), count: starts.byteCount / 4
    ).map { Int($0) }
    let count = bounds[bounds.count - 1]
    let partner = unordered.pointer(UInt32.self)
    let listed = try evaluator.evaluate(condition.right, table.batch)
      .select(partner, count: count)
    let order = SortOrder.rows(
      [SortColumn(vector: listed, descending: false, nullsFirst: false)], within: bounds)
    let rows = Buffer(UInt32.self, count: count)
    for place in 0..<count {
      rows.pointer(UInt32.self)[place] = partner[Int(order.pointer[place])]
    }
    lists = (starts, rows)
    values = listed.select(order.pointer, count: count).flat()
    integers = NearestPartners.integers(of: values).map { integer in
      let buffer = Buffer(Int64.self, count: count)
      for place in 0..<count { buffer.pointer(Int64.self)[place] = integer(place) }
      return buffer
    }
    withExtendedLifetime((starts, unordered, order)) {}
  }

  /// Each value as an integer of the same order; nil where there are none of the type.
  private static func integers(of vector: Vector) -> ((Int) -> Int64)? {
    switch vector.type.physical {
    case .int64:
      let rows = Rows<Int64>(vector)
      return { rows[$0] }
    case .double:
      let rows = Rows<Double>(vector)
      return { DoubleKey.ordered(rows[$0]) }
    default: return nil
    }
  }

  /// The pairs of rows of `batch` and their nearest partners, one a row at most; of several that are
  /// equally near the first.
  ///
  /// - Parameter numbers: For each row the number of its keys.
  func pairs(
    _ batch: Batch, _ numbers: UnsafePointer<UInt32>, _ evaluator: Evaluator
  ) throws(QueryError) -> JoinTable.Pairs {
    let own = try evaluator.evaluate(condition.left, batch)
    let limit = takesEqualBelow ? 1 : 0
    guard let integers, let value = NearestPartners.integers(of: own) else {
      return pairs(own, numbers) { [values] place, row in
        RowComparison.compare(values, place, own, row) < limit
      } areEqual: { [values] first, second in
        RowComparison.compare(values, first, values, second) == 0
      }
    }
    let known = integers.pointer(Int64.self)
    defer { withExtendedLifetime((integers, own)) {} }
    if takesEqualBelow {
      return pairs(own, numbers) {
        known[$0] <= value($1)
      } areEqual: {
        known[$0] == known[$1]
      }
    }
    return pairs(own, numbers) {
      known[$0] < value($1)
    } areEqual: {
      known[$0] == known[$1]
    }
  }

  /// - Parameters:
  ///   - isBelow: Whether the value at a place stands on the lower side of a row's.
  ///   - areEqual: Whether the values at two places are.
  @inline(__always)
  private func pairs(
    _ own: Vector, _ numbers: UnsafePointer<UInt32>,
    _ isBelow: (_ place: Int, _ row: Int) -> Bool, areEqual: (Int, Int) -> Bool
  ) -> JoinTable.Pairs {
    let (probe, build) = (
      Buffer(UInt32.self, count: own.count), Buffer(UInt32.self, count: own.count)
    )
    let (left, right) = (probe.pointer(UInt32.self), build.pointer(UInt32.self))
    let partner = lists.rows.pointer(UInt32.self)
    let start = lists.starts.pointer(UInt32.self)
    var found = 0
    for row in 0..<own.count where numbers[row] != KeyTables.absent && !own.isNull(row) {
      let key = Int(numbers[row])
      let places = Int(start[key])..<Int(start[key + 1])
      let behind = NearestPartners.end(of: places) { isBelow($0, row) }
      var place = behind
      if wantsBefore {
        if behind == places.lowerBound { continue }
        place = behind - 1
        if place > places.lowerBound, areEqual(place - 1, place) {
          place = NearestPartners.end(of: places.lowerBound..<place) { !areEqual($0, place) }
        }
      } else if behind == places.upperBound {
        continue
      }
      left[found] = UInt32(truncatingIfNeeded: row)
      right[found] = partner[place]
      found += 1
    }
    withExtendedLifetime(lists) {}
    return JoinTable.Pairs(probe: probe, build: build, count: found)
  }

  /// Whether the nearest value is sought below the row's own.
  private var wantsBefore: Bool {
    condition.comparison == .greater || condition.comparison == .greaterOrEqual
  }

  /// Whether values that are equal to the row's own stand on its lower side.
  private var takesEqualBelow: Bool {
    condition.comparison == .greaterOrEqual || condition.comparison == .less
  }

  /// Behind the last of the places for which `isBelow` holds, as it does up to some place.
  @inline(__always)
  private static func end(of places: Range<Int>, _ isBelow: (Int) -> Bool) -> Int {
    var (low, high) = (places.lowerBound, places.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBelow(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
