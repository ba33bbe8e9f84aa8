import ColStore

/// A table in memory, cut into morsels of a few rows, its vectors in the layout asked for.
struct MemoryTable: RowSource {
  enum Layout: CaseIterable {
    case flat
    /// Entries in reverse order, one of them unused, and the NULLs among them.
    case dictionary
    /// Morsels whose rows are all equal are constant vectors, the others flat.
    case constant
  }

  let columns: [ColumnDescription]
  let rows: [[Value]]
  let morselRows: Int
  let layout: Layout
  /// Reading this morsel fails.
  var damagedMorsel: Int?

  /// - Parameter columns: Name, type and all values of each column.
  init(
    _ columns: [(String, DataType, [Value])], morselRows: Int = 7, layout: Layout = .flat
  ) {
    self.columns = columns.map { ColumnDescription(name: $0.0, type: $0.1) }
    rows = columns.map(\.2)
    self.morselRows = morselRows
    self.layout = layout
  }

  var rowCount: Int { rows.first?.count ?? 0 }

  var morsels: [Morsel] {
    stride(from: 0, to: rowCount, by: morselRows).enumerated().map { block, start in
      Morsel(rowGroup: 0, block: block, rowCount: min(morselRows, rowCount - start))
    }
  }

  func dictionary(ofColumn column: Int) -> Vector? { nil }
  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }
  func makeReader() -> any MorselReader { Reader(table: self) }

  private final class Reader: MorselReader {
    let table: MemoryTable
    init(table: MemoryTable) { self.table = table }

    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      if morsel.block == table.damagedMorsel { throw StoreError("a checksum differs") }
      let start = morsel.block * table.morselRows
      let values = Array(table.rows[column][start..<start + morsel.rowCount])
      let type = table.columns[column].type
      switch table.layout {
      case .flat: return Vector(type, values)
      case .constant:
        return Set(values).count == 1
          ? Vector.constant(type, values[0], count: values.count) : Vector(type, values)
      case .dictionary:
        let codes = Buffer(UInt32.self, count: values.count)
        for row in values.indices {
          codes.pointer(UInt32.self)[row] = UInt32(values.count - 1 - row)
        }
        return Vector(
          codes: UnsafePointer(codes.pointer(UInt32.self)), count: values.count,
          dictionary: Vector(type, values.reversed() + [.null]), owners: [codes])
      }
    }
  }
}
