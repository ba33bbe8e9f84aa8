import ColStore

/// Random events in memory, a few rows a morsel, which belong to units that are spread all over.
struct EventTable: RowSource {
  let columns = [
    ("event_time", DataType.timestamp), ("event_type", .varchar), ("product_id", .bigint),
    ("category_code", .varchar), ("brand", .varchar), ("price", .decimal(precision: 9, scale: 2)),
    ("user_id", .bigint), ("user_session", .varchar),
  ].map { ColumnDescription(name: $0.0, type: $0.1) }
  private let values: [[Value]]
  private let morselRows: Int

  init(rows: Int, units: Int, morselRows: Int) {
    var state: UInt64 = 88_172_645_463_325_252
    func random(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    let types = ["view", "view", "view", "cart", "remove_from_cart", "purchase"]
    let start: Int64 = 1_570_000_000_000_000
    values = (0..<rows).map { row in
      let unit = random(units)
      return [
        random(97) == 0 ? .null : .int64(start + Int64(row / 3) * 1_000_000),
        .string(types[random(types.count)]), .int64(Int64(random(40))),
        random(3) == 0 ? .null : .string("c\(random(5))"),
        random(4) == 0 ? .null : .string("b\(random(9))"),
        random(31) == 0 ? .null : .int64(Int64(random(20) * 995)),
        random(53) == 0 ? .null : .int64(Int64(unit % (units / 4 + 1))),
        random(47) == 0 ? .null : .string("s\(unit)"),
      ]
    }
    self.morselRows = morselRows
  }

  var rowCount: Int { values.count }

  var morsels: [Morsel] {
    stride(from: 0, to: rowCount, by: morselRows).enumerated().map { block, start in
      Morsel(rowGroup: 0, block: block, rowCount: min(morselRows, rowCount - start))
    }
  }

  func dictionary(ofColumn column: Int) -> Vector? { nil }
  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }
  func makeReader() -> any MorselReader { Reader(table: self) }

  private final class Reader: MorselReader {
    let table: EventTable
    init(table: EventTable) { self.table = table }

    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      let start = morsel.block * table.morselRows
      return Vector(
        table.columns[column].type,
        table.values[start..<start + morsel.rowCount].map { $0[column] })
    }
  }
}
