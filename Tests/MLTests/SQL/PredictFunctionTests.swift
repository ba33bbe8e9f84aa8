import ColStore
import Glibc
import Query
import Testing

@testable import ML

@Suite struct PredictFunctionTests {
  /// A model's file that goes with the test.
  private final class SavedModel {
    let path: String

    init(_ model: Model) throws {
      var random = SystemRandomNumberGenerator()
      path = "/tmp/ecq-model-\(getpid())-\(random.next())"
      try ModelFile.write(model, to: path)
    }

    deinit { unlink(path) }
  }

  private final class Rows: ResultSink {
    var rows: [[Value]] = []
    func begin(schema: [Field]) throws {}
    func consume(_ batch: Batch) throws {
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.value(at: row) }) }
    }
    func end() throws {}
  }

  private let data = SampleData(500)

  private func database(
    layout: MemoryTable.Layout = .flat, extra: [(String, DataType, [Value])] = []
  ) throws -> Database {
    var options = QueryOptions()
    options.functions = [PredictFunction.function]
    let database = Database(options: options)
    let columns = data.features.columns.map { column in
      (
        column.name, DataType.double,
        column.withValues { $0.map { $0.isNaN ? Value.null : .double($0) } }
      )
    }
    try database.register(MemoryTable(columns + extra, layout: layout), as: "t")
    return database
  }

  private func rows(_ database: Database, _ sql: String) throws(QueryError) -> [[Value]] {
    let sink = Rows()
    try database.execute(sql, into: sink)
    return sink.rows
  }

  @Test(arguments: ModelKind.allCases, MemoryTable.Layout.allCases)
  func givesTheModelsProbabilitiesToTheBit(kind: ModelKind, layout: MemoryTable.Layout) throws {
    let model = try trained(kind, data, kind == .logistic ? [:] : ["n_estimators": "7"]).model
    let saved = try SavedModel(model)
    let expected = data.features.probabilities(model).map { [Value.double($0)] }
    let database = try database(layout: layout)
    for arguments in [
      "", ", views, price, flag, gap", ", gap := gap, Views := views", ", price := price",
    ] {
      #expect(
        try rows(database, "SELECT predict('\(saved.path)'\(arguments)) FROM t") == expected)
    }
    let high = data.features.probabilities(model).count { $0 > 0.5 }
    #expect(
      try rows(database, "SELECT count(*) FROM t WHERE predict('\(saved.path)') > 0.5")
        == [[.int64(Int64(high))]])
    let groups = try rows(
      database,
      "SELECT predict('\(saved.path)') > 0.5 AS p, count(*) FROM t GROUP BY p ORDER BY p")
    let counts = [(false, 500 - high), (true, high)].filter { $0.1 > 0 }
    #expect(groups == counts.map { [.bool($0.0), .int64(Int64($0.1))] })
  }

  @Test func nullIsMissingAndLiteralsAreValues() throws {
    let model = try trained(.lightgbm, data).model
    let saved = try SavedModel(model)
    var expected = 0.0
    RowModel(model).results(
      of: [3, 12.5, 1, .nan], count: 1, width: 4, into: &expected)
    #expect(
      try rows(database(), "SELECT predict('\(saved.path)', 3, 12.5, true, NULL)")
        == [[.double(expected)]])
    #expect(
      try rows(database(), "SELECT predict('\(saved.path)', 3, 12.5, true, NULL) FROM t LIMIT 0")
        == [])
  }

  @Test func textsBecomeFeatures() throws {
    let brands = data.labels.indices.map { $0 % 7 == 0 ? Value.null : .string("abc"[$0 % 3]) }
    let table = MemoryTable([
      ("brand", .varchar, brands), ("y", .boolean, data.labels.map { .bool($0 == 1) }),
    ])
    for kind in [ModelKind.lightgbm, .logistic] {
      let features = try StoredFeatures(
        table, columns: ["brand"], nativeCategories: kind == .lightgbm, threads: 1)
      let model = try ModelTraining(TrainingParameters(kind)).train(
        features, label: BinaryLabel(table, column: "y"), training: nil
      ).model
      let saved = try SavedModel(model)
      let expected = try Scorer(model, table).probabilities().map { [Value.double($0)] }
      let database = try database(extra: [("brand", .varchar, brands)])
      #expect(try rows(database, "SELECT predict('\(saved.path)', brand) FROM t") == expected)
      // Categories may come as codes; what was one-hot is text.
      guard kind == .logistic else { continue }
      #expect(throws: QueryError.self) {
        try rows(database, "SELECT predict('\(saved.path)', views) FROM t")
      }
    }
  }

  @Test func aChangedFileIsReadAgain() throws {
    let first = try trained(.xgboost, data, ["n_estimators": "2"]).model
    let second = try trained(.xgboost, data, ["n_estimators": "9"]).model
    let saved = try SavedModel(first)
    let database = try database()
    let sql = "SELECT predict('\(saved.path)') FROM t"
    let before = try rows(database, sql)
    try ModelFile.write(second, to: saved.path)
    #expect(try rows(database, sql) == data.features.probabilities(second).map { [.double($0)] })
    #expect(before == data.features.probabilities(first).map { [.double($0)] })
  }

  @Test func wrongCallsSayWhatIsWrong() throws {
    let saved = try SavedModel(try trained(.xgboost, data, ["n_estimators": "2"]).model)
    let database = try database(extra: [("name", .varchar, data.labels.map { _ in .string("x") })])
    for (arguments, text) in [
      ("", "path of a model"), ("views", "path of a model"), ("NULL", "path of a model"),
      ("'/nowhere/m.json'", "No such file"),
      ("'\(saved.path)', 1", "takes 4 values (views, price, flag, gap), but 1 are given"),
      ("'\(saved.path)', 1, 2, 3, 4, 5", "but 5 are given"),
      ("'\(saved.path)', 1, 2, 3, name", "\"gap\" is VARCHAR"),
      ("'\(saved.path)', prize := 1", "no argument \"prize\""),
      ("'\(saved.path)', price := 1, price := 2", "given twice"),
      ("'\(saved.path)', price := 1, 2", "behind one by name"),
    ] {
      let error = #expect(throws: QueryError.self) {
        try rows(database, "SELECT predict(\(arguments)) FROM t")
      }
      #expect(error?.message.contains(text) ?? false, "\(arguments): \(error?.message ?? "")")
    }
    // Without FROM there are no columns to take.
    #expect(throws: QueryError.self) { try rows(database, "SELECT predict('\(saved.path)')") }
    for sql in ["SELECT abs(x := 1)", "SELECT sum(x := price) FROM t", "FROM range(stop := 3)"] {
      let error = #expect(throws: QueryError.self) { try rows(database, sql) }
      #expect(error?.message.contains("named arguments") ?? false)
    }
  }
}

extension String {
  fileprivate subscript(place: Int) -> String {
    String(self[index(startIndex, offsetBy: place)])
  }
}
