import ColStore
import Synchronization

/// The first sort key of the last row that is wanted so far, beyond which no row is: all workers
/// share it, and it only moves forward.
final class TopBound: Sendable {
  private struct Bound {
    /// One row.
    let key: Vector
    /// Where the task of the row stands in the order of the input.
    let place: Int
    let upToKey: TopLimit
    let beforeKey: TopLimit
  }

  private let key: CompiledSortKey
  /// Of rows with one key, the first are wanted, and not those with the least of other keys.
  private let isOnlyKey: Bool
  private let keepsNulls: Bool
  /// The scan that has the key as a column, best zone first; nil where the input is something else.
  let scan: KeyScan?
  private let bound = Mutex<Bound?>(nil)

  init(_ keys: [CompiledSortKey], over input: Pipeline) {
    key = keys[0]
    isOnlyKey = keys.count == 1
    keepsNulls = key.nullsFirst && !ValueRange.isNeverNull(key.expression, input)
    scan = KeyScan(key, of: input, nullsFirst: keepsNulls)
  }

  /// What rows of the task at `place` must be to be wanted; nil where nothing is known.
  func limit(at place: Int) -> TopLimit? {
    bound.withLock { bound in
      bound.map { place > $0.place ? $0.beforeKey : $0.upToKey }
    }
  }

  /// The rows of the task at `place` that may be wanted, by their first sort key; nil for all.
  func selection(
    at place: Int, _ evaluator: Evaluator, _ firstKey: () throws(QueryError) -> Vector
  ) throws(QueryError) -> Selection? {
    guard let limit = limit(at: place) else { return nil }
    let keys = try firstKey()
    let verdict = try evaluator.evaluate(
      limit.predicate, Batch(columns: [keys], rowCount: keys.count))
    let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: keys.count)
    return holds.coversAll ? nil : holds
  }

  /// Notes that as many rows as are wanted come no later than a row of the task at `place` with the
  /// key `vector`.
  func tighten(to vector: Vector, at place: Int) {
    guard key.expression.isDeterministic, vector.type.physical != .list, !vector.isNull(0) else {
      return
    }
    let column = SortColumn(vector: vector, descending: key.descending, nullsFirst: key.nullsFirst)
    bound.withLock { bound in
      if let bound {
        let order = SortOrder.compare(column, 0, bound.key, 0)
        if order > 0 || (order == 0 && place >= bound.place) { return }
      }
      let upToKey = limit(vector, key.descending ? .greaterOrEqual : .lessOrEqual)
      bound = Bound(
        key: vector, place: place, upToKey: upToKey,
        beforeKey: isOnlyKey ? limit(vector, key.descending ? .greater : .less) : upToKey)
    }
  }

  private func limit(_ vector: Vector, _ comparison: Comparison) -> TopLimit {
    func predicate(over column: Int) -> CompiledExpression {
      let subject = Expression.column(index: column, type: vector.type)
      let compared = Expression.call(
        ScalarCall(
          overload: Comparison.overload(comparison, vector.type),
          arguments: [subject, .literal(vector.value(at: 0), type: vector.type)], position: nil))
      return CompiledExpression(keepsNulls ? .or([.isNull(subject), compared]) : compared)
    }
    return TopLimit(
      predicate: predicate(over: 0),
      scan: scan.map { $0.source.filtered(by: predicate(over: $0.column), first: true) })
  }
}

/// What rows must be to be wanted still.
final class TopLimit: Sendable {
  /// Over the first sort key as the only column.
  let predicate: CompiledExpression
  /// The scan of such rows alone.
  let scan: ScanSource?

  init(predicate: CompiledExpression, scan: ScanSource?) {
    self.predicate = predicate
    self.scan = scan
  }
}
