import ColStore

/// A table in memory, cut into small morsels, in every layout that a store may hand out.
struct MemoryTable: RowSource {
  enum Layout: CaseIterable {
    case flat
    /// One dictionary for the whole column: code 0 is NULL, entries in order of appearance.
    case coded
    /// A dictionary of its own for each morsel, whose entries repeat.
    case locallyCoded
    /// Coded, but morsels of one value come as constants, and some as flat vectors.
    case mixed
  }

  let columns: [ColumnDescription]
  let rowCount: Int
  let morsels: [Morsel]
  let values: [[Value]]
  private let vectors: [[Vector]]
  private let dictionaries: [Vector?]
  private let morselRows: Int

  /// `values[column][row]`.
  init(
    _ columns: [(String, DataType)], _ values: [[Value]], layout: Layout = .flat,
    morselRows: Int = 7
  ) {
    self.columns = columns.map { ColumnDescription(name: $0.0, type: $0.1) }
    self.values = values
    self.morselRows = morselRows
    let count = values.first?.count ?? 0
    rowCount = count
    let starts = Array(stride(from: 0, to: count, by: morselRows))
    morsels = starts.enumerated().map { index, start in
      Morsel(rowGroup: 0, block: index, rowCount: min(morselRows, count - start))
    }
    var vectors: [[Vector]] = []
    var dictionaries: [Vector?] = []
    for (column, rows) in values.enumerated() {
      let type = columns[column].1
      let slices = starts.map { Array(rows[$0..<min($0 + morselRows, count)]) }
      switch layout {
      case .flat:
        vectors.append(slices.map { Vector(type, $0) })
        dictionaries.append(nil)
      case .locallyCoded:
        vectors.append(slices.map { Self.locallyCoded(type, $0) })
        dictionaries.append(nil)
      case .coded, .mixed:
        // Texts of values tell -0.0 from 0.0, and take NaN for NaN.
        var entries: [Value] = [.null]
        var codes = ["\(Value.null)": 0]
        for value in rows where codes["\(value)"] == nil {
          codes["\(value)"] = entries.count
          entries.append(value)
        }
        let dictionary = Vector(type, entries)
        dictionaries.append(dictionary)
        vectors.append(
          slices.enumerated().map { index, slice in
            if layout == .mixed, Set(slice).count == 1 {
              return .constant(type, slice[0], count: slice.count)
            }
            if layout == .mixed, index % 3 == 2 { return Vector(type, slice) }
            return Self.coded(slice.map { codes["\($0)"] ?? 0 }, dictionary)
          })
      }
    }
    self.vectors = vectors
    self.dictionaries = dictionaries
  }

  private static func coded(_ codes: [Int], _ dictionary: Vector) -> Vector {
    let buffer = Buffer(UInt32.self, count: codes.count)
    for (row, code) in codes.enumerated() { buffer.pointer(UInt32.self)[row] = UInt32(code) }
    return Vector(
      codes: UnsafePointer(buffer.pointer(UInt32.self)), count: codes.count,
      dictionary: dictionary, owners: [buffer])
  }

  /// Each row an entry of its own, backwards.
  private static func locallyCoded(_ type: DataType, _ rows: [Value]) -> Vector {
    coded((0..<rows.count).reversed(), Vector(type, rows.reversed()))
  }

  /// All values of one row.
  func row(_ index: Int) -> [Value] { values.map { $0[index] } }

  func dictionary(ofColumn column: Int) -> Vector? { dictionaries[column] }

  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? {
    let start = morsel.block * morselRows
    let rows = values[column][start..<start + morsel.rowCount]
    var numbers: [Int64] = []
    for case .int64(let value) in rows { numbers.append(value) }
    return ZoneMap(
      minimum: numbers.min().map { .int64($0) }, maximum: numbers.max().map { .int64($0) },
      nullCount: rows.count { $0.isNull })
  }

  func makeReader() -> any MorselReader { Reader(table: self) }

  private final class Reader: MorselReader {
    private let table: MemoryTable

    init(table: MemoryTable) { self.table = table }

    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      table.vectors[column][morsel.block]
    }
  }
}

extension Value {
  /// Integers, nil for NULL.
  static func integers(_ values: [Int64?]) -> [Value] {
    values.map { value in
      if let value { .int64(value) } else { .null }
    }
  }
}

/// A generator of the same numbers for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
