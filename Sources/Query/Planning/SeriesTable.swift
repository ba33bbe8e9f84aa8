import ColStore

/// `range` and `generate_series` of whole numbers in FROM: a table of one column, computed as it is read.
struct SeriesTable: RowSource {
  /// The most rows, for which morsels are still few.
  private static let rowsMax = 1 << 36

  let columns: [ColumnDescription]
  let rowCount: Int
  let morsels: [Morsel]
  private let first: Int64
  private let step: Int64

  /// Nil for calls of other functions, of other types, and with arguments that are no constants.
  init?(_ list: Expression, at position: Int) throws(QueryError) {
    guard case .call(let call) = list, list.type == .list(.bigint),
      ["range", "generate_series"].contains(call.overload.name),
      call.arguments.allSatisfy({ $0.columns.isEmpty && $0.isDeterministic })
    else { return nil }
    var numbers: [Int64] = []
    for argument in call.arguments {
      guard case .int64(let number) = try ConstantFolding.value(of: argument) else { return nil }
      numbers.append(number)
    }
    let (first, end) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
    let step = numbers.count == 3 ? numbers[2] : 1
    guard step != 0 else {
      throw QueryError(.value, "the step of \(call.overload.name) cannot be 0", at: position)
    }
    // Steps that stay before the end, which itself counts in a series that includes it.
    let distance = (Int128(end) - Int128(first)) * Int128(step.signum())
    let last = call.overload.name == "generate_series" ? distance : distance - 1
    let count = last < 0 ? 0 : last / Int128(step.magnitude) + 1
    guard count <= Int128(SeriesTable.rowsMax) else {
      throw QueryError(
        .value, "\(call.overload.name) has more than \(SeriesTable.rowsMax) rows", at: position)
    }
    columns = [ColumnDescription(name: call.overload.name, type: .bigint)]
    let rowCount = Int(count)
    self.rowCount = rowCount
    morsels = stride(from: 0, to: rowCount, by: blockRowsMax).enumerated().map { block, start in
      Morsel(rowGroup: 0, block: block, rowCount: min(blockRowsMax, rowCount - start))
    }
    (self.first, self.step) = (first, step)
  }

  private func value(ofRow row: Int) -> Int64 { first &+ Int64(row) &* step }

  func dictionary(ofColumn column: Int) -> Vector? { nil }

  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? {
    let start = morsel.block * blockRowsMax
    let ends = [value(ofRow: start), value(ofRow: start + morsel.rowCount - 1)].sorted()
    return ZoneMap(minimum: .int64(ends[0]), maximum: .int64(ends[1]), nullCount: 0)
  }

  func makeReader() -> any MorselReader { Reader(table: self) }

  private final class Reader: MorselReader {
    private let table: SeriesTable

    init(table: SeriesTable) { self.table = table }

    func read(column: Int, of morsel: Morsel) -> Vector {
      let values = FlatBuilder<Int64>(count: morsel.rowCount)
      let start = table.value(ofRow: morsel.block * blockRowsMax)
      for row in 0..<morsel.rowCount { values[row] = start &+ Int64(row) &* table.step }
      return values.finish(.bigint)
    }
  }
}
