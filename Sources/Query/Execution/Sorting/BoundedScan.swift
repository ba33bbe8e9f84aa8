import ColStore

/// A scan with a sort key among its columns, whose morsels come best zone first.
struct KeyScan: Sendable {
  let source: ScanSource
  /// The output column that is the key.
  let column: Int
  /// Where each morsel stands in the table.
  let places: [Int]

  /// Nil where `input` is no scan, where the key is no column of it, or where something could fail
  /// for a row: then all rows are to be seen.
  init?(_ key: CompiledSortKey, of input: Pipeline, nullsFirst: Bool) {
    guard let scan = input.source as? ScanSource, var column = key.expression.bareColumn,
      !scan.predicates.contains(where: \.canFail)
    else { return nil }
    for step in input.operators.reversed() {
      switch step {
      case let filter as FilterOperator:
        if filter.predicate.canFail { return nil }
      case let project as ProjectOperator:
        guard !project.expressions.contains(where: \.canFail),
          let source = project.expressions[column].bareColumn
        else { return nil }
        column = source
      default: return nil
      }
    }
    func rank(_ morsel: Morsel) -> Int64 {
      guard let zone = scan.table.zoneMap(ofColumn: scan.columns[column], in: morsel) else {
        return .min
      }
      if nullsFirst && zone.nullCount > 0 { return .min }
      if zone.nullCount == morsel.rowCount { return .max }
      guard case .int64(let end)? = key.descending ? zone.maximum : zone.minimum else {
        return .min
      }
      return key.descending ? ~end : end
    }
    let ranks = scan.morsels.map(rank)
    places = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    source = scan.scan(of: places.map { scan.morsels[$0] })
    self.column = column
  }
}

/// A scan that leaves out what lies behind a bound: whole morsels by their zone maps, of others rows.
struct BoundedScan: BatchSource {
  private let scan: KeyScan
  private let bound: TopBound

  init(scan: KeyScan, bound: TopBound) {
    self.scan = scan
    self.bound = bound
  }

  /// Where the morsel of each task stands in the table.
  var places: [Int] { scan.places }

  var taskCount: Int { scan.source.taskCount }

  func scannedRows(ofTask task: Int) -> Int { scan.source.scannedRows(ofTask: task) }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  private final class Scanner: BatchScanner {
    private let source: BoundedScan
    private let context: QueryContext
    private var limit: TopLimit?
    /// The scanner of the rows that `limit` leaves.
    private var scanner: any BatchScanner

    init(source: BoundedScan, context: QueryContext) {
      self.source = source
      self.context = context
      scanner = source.scan.source.makeScanner(context)
    }

    func scan(
      task: Int, _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) {
      let latest = source.bound.limit(at: source.places[task])
      if let latest, latest !== limit, let scan = latest.scan {
        limit = latest
        scanner = scan.makeScanner(context)
      }
      try scanner.scan(task: task, emit)
    }
  }
}
