import ColStore

/// Scans a table: one task a morsel.
///
/// 1. Zone maps rule morsels out without decoding anything.
/// 2. Predicates run in turn over the columns that they read; each sees the rows that are left, and
///    the first that leaves none ends the morsel.
/// 3. Other columns are decoded only now, and gathered at the rows that are left.
struct ScanSource: BatchSource {
  let table: any RowSource
  /// Table columns, in output order.
  let columns: [Int]
  /// Over the output columns.
  let predicates: [CompiledExpression]
  private let zoneTests: [ZoneTest]
  private let morsels: [Morsel]

  init(table: any RowSource, columns: [Int], predicates: [Expression]) {
    self.table = table
    self.columns = columns
    let conjuncts = predicates.flatMap { predicate -> [Expression] in
      if case .and(let operands) = predicate { return operands }
      return [predicate]
    }
    let compiled = conjuncts.map { CompiledExpression($0) }
    zoneTests = compiled.compactMap { ZoneTest($0) }
    self.predicates = ScanSource.ordered(compiled, columns: columns, table: table)
    morsels = table.morsels
  }

  /// Cheapest first, a predicate on one coded column being a look-up; those that can fail stay
  /// behind what stands before them.
  private static func ordered(
    _ predicates: [CompiledExpression], columns: [Int], table: any RowSource
  ) -> [CompiledExpression] {
    if predicates.contains(where: \.canFail) { return predicates }
    func cost(_ predicate: CompiledExpression) -> Int {
      if predicate.columns.count == 1,
        table.dictionary(ofColumn: columns[predicate.columns[0]]) != nil
      {
        return 0
      }
      return predicate.cost + 1
    }
    return predicates.enumerated().sorted {
      (cost($0.element), $0.offset) < (cost($1.element), $1.offset)
    }.map(\.element)
  }

  var taskCount: Int { morsels.count }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  /// What the store knows of an output column.
  func facts(_ column: Int) -> ColumnFacts {
    let stored = columns[column]
    var facts = ColumnFacts(dictionary: table.dictionary(ofColumn: stored), range: nil)
    let isInteger = facts.dictionary == nil && table.columns[stored].type.physical == .int64
    var low = Int64.max
    var high = Int64.min
    var isRanged = isInteger
    facts.isNeverNull = true
    for morsel in morsels {
      guard let zone = table.zoneMap(ofColumn: stored, in: morsel) else {
        facts.isNeverNull = false
        return facts
      }
      if zone.nullCount > 0 { facts.isNeverNull = false }
      if !isRanged || zone.nullCount == morsel.rowCount { continue }
      if case .int64(let minimum)? = zone.minimum, case .int64(let maximum)? = zone.maximum {
        low = min(low, minimum)
        high = max(high, maximum)
      } else {
        isRanged = false
      }
    }
    if isRanged && low <= high { facts.range = low...high }
    return facts
  }

  private final class Scanner: BatchScanner {
    private let source: ScanSource
    private let context: QueryContext
    private let evaluator: Evaluator
    private let reader: any MorselReader

    init(source: ScanSource, context: QueryContext) {
      self.source = source
      self.context = context
      evaluator = Evaluator(memo: context.memo)
      reader = source.table.makeReader()
    }

    func scan(
      task: Int, _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) {
      let morsel = source.morsels[task]
      if morsel.rowCount == 0 { return }
      for test in source.zoneTests {
        let stored = source.columns[test.column]
        if let zone = source.table.zoneMap(ofColumn: stored, in: morsel),
          !test.mayHold(zone, rowCount: morsel.rowCount)
        {
          return
        }
      }
      var decoded: [Vector?] = Array(repeating: nil, count: source.columns.count)
      var selection = Selection.all(morsel.rowCount)
      for predicate in source.predicates {
        selection = try apply(predicate, morsel, selection, &decoded)
        if selection.count == 0 { return }
      }
      for column in source.columns.indices { _ = try read(column, morsel, &decoded) }
      let vectors = decoded.compactMap { $0 }
      let batchRows = context.options.batchRows
      var offset = 0
      while offset < selection.count {
        let count = min(batchRows, selection.count - offset)
        let batch: Batch
        if selection.coversAll {
          batch = Batch(
            columns: vectors.map { $0.slice(offset: offset, count: count) }, rowCount: count)
        } else {
          let rows = selection.pointer + offset
          batch = Batch(columns: vectors.map { $0.select(rows, count: count) }, rowCount: count)
        }
        if try !emit(batch) { break }
        offset += count
      }
      withExtendedLifetime(selection) {}
    }

    private func read(
      _ column: Int, _ morsel: Morsel, _ decoded: inout [Vector?]
    ) throws(QueryError) -> Vector {
      if let vector = decoded[column] { return vector }
      do throws(StoreError) {
        let vector = try reader.read(column: source.columns[column], of: morsel)
        decoded[column] = vector
        return vector
      } catch {
        throw QueryError(.storage, error.description)
      }
    }

    /// Narrows `selection` to the rows for which `predicate` holds.
    private func apply(
      _ predicate: CompiledExpression, _ morsel: Morsel, _ selection: Selection,
      _ decoded: inout [Vector?]
    ) throws(QueryError) -> Selection {
      let filler: Vector
      if let first = predicate.columns.first {
        filler = try read(first, morsel, &decoded)
      } else {
        filler = .nulls(.boolean, count: morsel.rowCount)
      }
      let width = (predicate.columns.last ?? -1) + 1
      var columns = Array(repeating: filler, count: width)
      for column in predicate.columns { columns[column] = try read(column, morsel, &decoded) }
      if !selection.coversAll {
        // Narrow each distinct vector once; the fillers are never read.
        for column in predicate.columns { columns[column] = selection.narrow(columns[column]) }
        if let first = predicate.columns.first {
          for column in columns.indices where !predicate.columns.contains(column) {
            columns[column] = columns[first]
          }
        }
      }
      let batch = Batch(columns: columns, rowCount: selection.count)
      let verdict = try evaluator.evaluate(predicate, batch)
      return selection.compose(
        Selection.rows(of: verdict, where: { $0 == 1 }, count: selection.count))
    }
  }
}
