import ColStore
import Testing

@testable import ML

/// Features and labels are what the data says, in every layout and with any number of threads.
@Suite struct FeatureMatrixTests {
  private static let rowCount = 100

  /// A row in five is NULL; whole morsels of `steady` are equal.
  private static func table(_ layout: MemoryTable.Layout) -> MemoryTable {
    func column(_ value: (Int) -> Value) -> [Value] {
      (0..<rowCount).map { $0 % 5 == 3 ? .null : value($0) }
    }
    return MemoryTable(
      [
        ("count", .bigint, column { .int64(Int64($0) * 1_000_003 - 50) }),
        ("price", .decimal(precision: 9, scale: 2), column { .int64(Int64($0) * 7 - 33) }),
        ("total", .decimal(precision: 30, scale: 3), column { .int128(Int128($0) * 1001 - 5) }),
        ("mean", .double, column { $0 % 5 == 4 ? .double(.nan) : .double(Double($0) / 3) }),
        ("flag", .boolean, column { .bool($0 % 2 == 0) }),
        ("steady", .integer, (0..<rowCount).map { $0 / 14 % 2 == 0 ? .null : .int64(9) }),
        ("brand", .varchar, column { .string("b\($0)") }),
      ], layout: layout)
  }

  @Test(arguments: MemoryTable.Layout.allCases, [1, 2, 5])
  func valuesAreThoseOfTheData(layout: MemoryTable.Layout, threads: Int) throws {
    let names = ["mean", "price", "count", "total", "flag", "steady"]
    let matrix = try FeatureMatrix(Self.table(layout), columns: names, threads: threads)
    #expect(matrix.names == names && matrix.rowCount == Self.rowCount)
    for row in 0..<Self.rowCount {
      let isNull = row % 5 == 3
      let expected: [Double] =
        isNull
        ? Array(repeating: .nan, count: 5)
        : [
          row % 5 == 4 ? .nan : Double(row) / 3, Double(row * 7 - 33) / 100,
          Double(row * 1_000_003 - 50), Double(row * 1001 - 5) / 1000, row % 2 == 0 ? 1 : 0,
        ]
      for (column, wanted) in (expected + [row / 14 % 2 == 0 ? .nan : 9]).enumerated() {
        let value = matrix[row: row, column: column]
        #expect(value == wanted || value.isNaN && wanted.isNaN)
      }
    }
    #expect(matrix.columns.map(\.missingCount) == [40, 20, 20, 20, 20, 56])
  }

  @Test func columnsAreFoundWithoutRegardToCase() throws {
    let matrix = try FeatureMatrix(Self.table(.flat), columns: ["PRICE"])
    #expect(matrix.names == ["price"])
    let twins = MemoryTable([("A", .bigint, [.int64(1)]), ("a", .bigint, [.int64(2)])])
    #expect(try FeatureMatrix(twins, columns: ["a", "A"])[row: 0, column: 0] == 2)
  }

  @Test func aTableWithoutRowsHasColumns() throws {
    let matrix = try FeatureMatrix(MemoryTable([("a", .double, [])]), columns: ["a"])
    #expect(matrix.rowCount == 0 && matrix.names == ["a"])
  }

  @Test func wrongColumnsAreNamed() throws {
    let table = Self.table(.flat)
    #expect(
      errorText { _ = try FeatureMatrix(table, columns: ["prise"]) }
        == "there is no column \"prise\" for the features; did you mean \"price\"?")
    #expect(
      errorText { _ = try FeatureMatrix(table, columns: ["qqqqqqqqqqq"]) }
        == "there is no column \"qqqqqqqqqqq\" for the features")
    #expect(
      errorText { _ = try FeatureMatrix(table, columns: ["price", "Price"]) }
        == "the feature \"price\" is named twice")
    #expect(
      errorText { _ = try FeatureMatrix(table, columns: ["brand"]) }
        == "the feature \"brand\" is VARCHAR; features are numeric or BOOLEAN")
  }

  @Test(arguments: [1, 3])
  func damageIsReported(threads: Int) {
    var table = Self.table(.flat)
    table.damagedMorsel = 5
    #expect(
      errorText { _ = try FeatureMatrix(table, columns: ["price"], threads: threads) }
        == "the data cannot be read: a checksum differs")
  }

  @Test(arguments: MemoryTable.Layout.allCases)
  func labelsAreZerosAndOnes(layout: MemoryTable.Layout) throws {
    let bits = (0..<60).map { $0 * $0 % 7 < 3 }
    let table = MemoryTable(
      [
        ("flag", .boolean, bits.map { .bool($0) }),
        ("sum", .bigint, bits.map { .int64($0 ? 1 : 0) }),
        ("cents", .decimal(precision: 5, scale: 2), bits.map { .int64($0 ? 100 : 0) }),
      ], layout: layout)
    for name in ["flag", "sum", "cents"] {
      let label = try BinaryLabel(table, column: name, threads: 3)
      #expect(label.values == bits.map { $0 ? 1 : 0 })
      #expect(label.positives == bits.count { $0 } && label.negatives == bits.count { !$0 })
    }
  }

  @Test(arguments: MemoryTable.Layout.allCases)
  func whatIsNoLabelIsAnError(layout: MemoryTable.Layout) throws {
    let table = Self.table(layout)
    #expect(
      errorText { _ = try BinaryLabel(table, column: "flag", threads: 2) }
        == "the label \"flag\" is NULL in 20 of 100 rows; leave them out")
    #expect(
      errorText { _ = try BinaryLabel(table, column: "brand") }
        == "the label \"brand\" is VARCHAR; a label is BOOLEAN, or 0 and 1")
    #expect(
      errorText { _ = try BinaryLabel(table, column: "flog") }
        == "there is no column \"flog\" for the label; did you mean \"flag\"?")
    let counts = MemoryTable(
      [("n", .bigint, (0..<90).map { .int64($0 % 45 / 40) })], layout: layout)
    #expect(try BinaryLabel(counts, column: "n").positives == 10)
    let more = MemoryTable([("n", .bigint, (0..<90).map { .int64($0 / 30) })], layout: layout)
    #expect(
      errorText { _ = try BinaryLabel(more, column: "n", threads: 4) }
        == "the label \"n\" is 2.0 in row 60; a label is 0 or 1")
  }
}
