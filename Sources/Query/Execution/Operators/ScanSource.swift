import ColStore

/// Scans a table: one task a morsel.
///
/// 1. Zone maps rule morsels out without decoding anything, and predicates that all rows satisfy.
/// 2. Predicates run in turn; each sees the rows that are left, and the first that leaves none ends
///    the morsel. One over a coded column is told for each code beforehand, and the reader finds the
///    rows, in runs or through the column that this one follows from; one that is a range of words is
///    looked for among the numbers as the reader keeps them.
/// 3. Columns are decoded when first asked for, and where few rows are left, at those rows alone.
struct ScanSource: BatchSource {
  let table: any RowSource
  /// Table columns, in output order.
  let columns: [Int]
  /// Over the output columns.
  private var tests: [ScanPredicate]
  /// The output columns whose values somebody reads; others are NULL. Nil for all.
  private var columnsRead: Set<Int>?
  private(set) var morsels: [Morsel]

  init(table: any RowSource, columns: [Int], predicates: [Expression]) {
    self.table = table
    self.columns = columns
    let compiled = predicates.flatMap(\.conjuncts).map { CompiledExpression($0) }
    let ordered = ScanSource.ordered(compiled, columns: columns, table: table)
    tests = ordered.map { ScanPredicate($0, columns: columns, table: table) }
    morsels = table.morsels
  }

  var predicates: [CompiledExpression] { tests.map(\.expression) }

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

  /// The scan of some of the morsels alone.
  func scan(of morsels: [Morsel]) -> ScanSource {
    var scan = self
    scan.morsels = morsels
    return scan
  }

  /// The scan of the rows alone that `predicate`, which cannot fail, holds for too; it is tested
  /// `first`, or behind the others.
  func filtered(by predicate: CompiledExpression, first: Bool = false) -> ScanSource {
    var scan = self
    scan.tests.insert(
      ScanPredicate(predicate, columns: columns, table: table), at: first ? 0 : tests.count)
    return scan
  }

  /// The same rows, of which only these columns have their values.
  func reading(_ columns: Set<Int>) -> ScanSource {
    var scan = self
    scan.columnsRead = columnsRead?.intersection(columns) ?? columns
    return scan
  }

  /// Those of `numbers` whose predicates are over the same coded column as that of `number`, which
  /// is the first of them.
  private func overOneColumn(_ number: Int, of numbers: [Int]) -> [Int] {
    guard let column = tests[number].codes?.outputColumn else { return [number] }
    return numbers.filter { $0 >= number && tests[$0].codes?.outputColumn == column }
  }

  /// Those of `numbers` whose predicates want ranges of the column that `number`, the first of them,
  /// wants one of, and the words that lie in all; nil where it wants none, or none does.
  private func ranges(
    _ number: Int, of numbers: [Int]
  ) -> (numbers: [Int], column: Int, range: ClosedRange<Int64>)? {
    guard let first = tests[number].range else { return nil }
    var together: [Int] = []
    var (low, high) = (Int64.min, Int64.max)
    for other in numbers where other >= number {
      guard let range = tests[other].range, range.outputColumn == first.outputColumn else {
        continue
      }
      together.append(other)
      low = max(low, range.range.lowerBound)
      high = min(high, range.range.upperBound)
    }
    return low <= high ? (together, columns[first.outputColumn], low...high) : nil
  }

  var taskCount: Int { morsels.count }

  var rowCount: Int? { tests.isEmpty ? morsels.reduce(0) { $0 + $1.rowCount } : nil }

  func scannedRows(ofTask task: Int) -> Int { morsels[task].rowCount }

  func repeated() -> (any BatchSource)? { self }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  /// What the store knows of an output column.
  func facts(_ column: Int) -> ColumnFacts {
    let stored = columns[column]
    let bounds = table.bounds(ofColumn: stored)
    var facts = ColumnFacts(
      dictionary: table.dictionary(ofColumn: stored), range: bounds.words,
      isNeverNull: bounds.isNeverNull)
    if stored == table.clusterColumn { facts.clusters = table }
    return facts
  }

  private final class Scanner: BatchScanner {
    private let source: ScanSource
    private let context: QueryContext
    private let evaluator: Evaluator
    private let reader: any MorselReader
    /// By the numbers of the predicates.
    private var filters: [[Int]: CodeFilter] = [:]

    init(source: ScanSource, context: QueryContext) {
      self.source = source
      self.context = context
      evaluator = Evaluator(context)
      reader = source.table.makeReader()
    }

    func scan(
      task: Int, _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) {
      let morsel = source.morsels[task]
      if morsel.rowCount == 0 { return }
      guard let undecided = undecidedPredicates(of: morsel) else { return }
      var rows = MorselRows(reader: reader, columns: source.columns, morsel: morsel)
      defer { if context.profile?.isTimed ?? false { note(rows.columnsRead, of: morsel) } }
      var applied: Set<Int> = []
      for number in undecided where !applied.contains(number) {
        let together = source.overOneColumn(number, of: undecided)
        if rows.isWhole, let filter = filter(together), try rows.narrow(by: filter) {
          applied.formUnion(together)
        } else if rows.isWhole, let wanted = source.ranges(number, of: undecided),
          try rows.narrow(to: wanted.range, ofColumn: wanted.column)
        {
          applied.formUnion(wanted.numbers)
        } else {
          try apply(source.tests[number].expression, to: &rows)
        }
        if rows.count == 0 { return }
      }
      var vectors: [Vector] = []
      vectors.reserveCapacity(source.columns.count)
      for column in source.columns.indices {
        vectors.append(
          source.columnsRead?.contains(column) ?? true
            ? try rows.vector(column)
            : .nulls(source.table.columns[source.columns[column]].type, count: rows.count))
      }
      let batchRows = context.options.batchRows
      var offset = 0
      while offset < rows.count {
        let count = min(batchRows, rows.count - offset)
        let batch = Batch(
          columns: vectors.map { $0.slice(offset: offset, count: count) }, rowCount: count)
        if try !emit(batch) { break }
        offset += count
      }
    }

    /// The predicates that have to be looked at row by row: zone maps do not tell that they hold for
    /// all rows. Nil where they tell that one holds for none.
    private func undecidedPredicates(of morsel: Morsel) -> [Int]? {
      var undecided: [Int] = []
      for (number, predicate) in source.tests.enumerated() {
        guard let test = predicate.zones,
          let zone = source.table.zoneMap(ofColumn: source.columns[test.column], in: morsel)
        else {
          undecided.append(number)
          continue
        }
        if !test.mayHold(zone, rowCount: morsel.rowCount) { return nil }
        if !test.holdsForAll(zone, rowCount: morsel.rowCount) { undecided.append(number) }
      }
      return undecided
    }

    /// Counts the block, and the bytes of the columns that were read of it or looked at by codes.
    private func note(_ columns: [Int], of morsel: Morsel) {
      var read = Set(columns)
      for test in source.tests {
        if let column = test.codes?.outputColumn ?? test.range?.outputColumn { read.insert(column) }
      }
      let bytes = read.reduce(0) { sum, column in
        sum + (source.table.storedBytes(ofColumn: source.columns[column], in: morsel) ?? 0)
      }
      context.profile?.clock.current?.addBlock(bytes: bytes)
    }

    /// What predicates over one coded column say of its codes together; nil where rows are to be
    /// looked at.
    private func filter(_ numbers: [Int]) -> CodeFilter? {
      if numbers.count == 1 { return source.tests[numbers[0]].codes?.filter(evaluator) }
      if let known = filters[numbers] { return known }
      var filter: CodeFilter?
      for number in numbers {
        guard let next = source.tests[number].codes?.filter(evaluator) else { return nil }
        filter = filter?.intersection(next) ?? next
      }
      filters[numbers] = filter
      return filter
    }

    /// Narrows `rows` to those for which `predicate` holds.
    private func apply(
      _ predicate: CompiledExpression, to rows: inout MorselRows
    ) throws(QueryError) {
      let filler: Vector
      if let first = predicate.columns.first {
        filler = try rows.vector(first)
      } else {
        filler = .nulls(.boolean, count: rows.count)
      }
      let width = (predicate.columns.last ?? -1) + 1
      var columns = Array(repeating: filler, count: width)
      for column in predicate.columns { columns[column] = try rows.vector(column) }
      let batch = Batch(columns: columns, rowCount: rows.count)
      let verdict = try evaluator.evaluate(predicate, batch)
      rows.narrow(to: Selection.rows(of: verdict, where: { $0 == 1 }, count: rows.count))
    }
  }
}
