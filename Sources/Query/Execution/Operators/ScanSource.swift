import ColStore

/// Scans a table: one task a morsel.
///
/// 1. Zone maps rule morsels out without decoding anything, and predicates that all rows satisfy.
/// 2. Predicates run in turn; each sees the rows that are left, and the first that leaves none ends
///    the morsel. One over a coded column is told for each code beforehand, and the reader finds the
///    rows, in runs or through the column that this one follows from.
/// 3. Columns are decoded when first asked for, and where few rows are left, at those rows alone.
struct ScanSource: BatchSource {
  let table: any RowSource
  /// Table columns, in output order.
  let columns: [Int]
  /// Over the output columns.
  private(set) var predicates: [CompiledExpression]
  /// For each predicate over one coded column, what it says of the codes.
  private var filters: [CodePredicate?]
  /// For each predicate that zone maps can tell something about, what they say.
  private var zoneTests: [ZoneTest?]
  private(set) var morsels: [Morsel]

  init(table: any RowSource, columns: [Int], predicates: [Expression]) {
    self.table = table
    self.columns = columns
    let compiled = predicates.flatMap(\.conjuncts).map { CompiledExpression($0) }
    let ordered = ScanSource.ordered(compiled, columns: columns, table: table)
    zoneTests = ordered.map { ZoneTest($0) }
    self.predicates = ordered
    filters = ordered.map { CodePredicate($0, columns: columns, table: table) }
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
    let place = first ? 0 : predicates.count
    scan.predicates.insert(predicate, at: place)
    scan.filters.insert(CodePredicate(predicate, columns: columns, table: table), at: place)
    scan.zoneTests.insert(ZoneTest(predicate), at: place)
    return scan
  }

  /// Those of `numbers` whose predicates are over the same coded column as that of `number`, which
  /// is the first of them.
  private func overOneColumn(_ number: Int, of numbers: [Int]) -> [Int] {
    guard let column = filters[number]?.outputColumn else { return [number] }
    return numbers.filter { $0 >= number && filters[$0]?.outputColumn == column }
  }

  var taskCount: Int { morsels.count }

  var rowCount: Int? { predicates.isEmpty ? morsels.reduce(0) { $0 + $1.rowCount } : nil }

  func scannedRows(ofTask task: Int) -> Int { morsels[task].rowCount }

  func repeated() -> (any BatchSource)? { self }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  /// What the store knows of an output column.
  func facts(_ column: Int) -> ColumnFacts {
    let stored = columns[column]
    var facts = ColumnFacts(dictionary: table.dictionary(ofColumn: stored), range: nil)
    if stored == table.clusterColumn { facts.clusters = table }
    if facts.dictionary == nil { facts.range = table.range(ofColumn: stored) }
    facts.isNeverNull = table.morsels.allSatisfy {
      table.zoneMap(ofColumn: stored, in: $0)?.nullCount == 0
    }
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
        } else {
          try apply(source.predicates[number], to: &rows)
        }
        if rows.count == 0 { return }
      }
      var vectors: [Vector] = []
      vectors.reserveCapacity(source.columns.count)
      for column in source.columns.indices { vectors.append(try rows.vector(column)) }
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
      for (number, test) in source.zoneTests.enumerated() {
        guard let test,
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
      for filter in source.filters.compactMap({ $0 }) { read.insert(filter.outputColumn) }
      let bytes = read.reduce(0) { sum, column in
        sum + (source.table.storedBytes(ofColumn: source.columns[column], in: morsel) ?? 0)
      }
      context.profile?.clock.current?.addBlock(bytes: bytes)
    }

    /// What predicates over one coded column say of its codes together; nil where rows are to be
    /// looked at.
    private func filter(_ numbers: [Int]) -> CodeFilter? {
      if numbers.count == 1 { return source.filters[numbers[0]]?.filter(evaluator) }
      if let known = filters[numbers] { return known }
      var filter: CodeFilter?
      for number in numbers {
        guard let next = source.filters[number]?.filter(evaluator) else { return nil }
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
