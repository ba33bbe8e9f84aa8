import ArgumentParser
import ColStore
import ML
import Query

/// `ecq predict`: a model's probabilities of a store's rows.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's probability and prediction for every row.",
    discussion: """
      The model is one of ecq train, or one that XGBoost saved as JSON or LightGBM as text. \
      Features are found by name.

      EXAMPLES:
        ecq predict sessions.ecq --model model.json --format csv > scores.csv
      """)

  @Argument(help: ArgumentHelp("The store.", valueName: "store"), completion: .file())
  var store: String

  @Option(name: .long, help: ArgumentHelp("The model.", valueName: "model"), completion: .file())
  var model: String

  @OptionGroup var rows: ModelRows

  @Option(
    name: .long,
    help: "Predict positive above this probability (default: the model's, else 0.5).")
  var threshold: Double?

  @Flag(name: .long, help: "Add what each feature contributes to the log odds (SHAP), and bias.")
  var contributions = false

  @OptionGroup var results: ResultOptions

  /// Columns that say which row it is.
  private static let identifiers = ["user_session", "session_id", "user_id"]

  func run() throws {
    let model = try ModelFile.read(model)
    let source = try rows.open(store) { store in
      present(Self.identifiers, store.columns) + columns(of: model, store.columns)
    }
    let scorer = try Scorer(model, source, threads: rows.threads.count)
    let computed = try model.isClustering ? clusters(scorer) : probabilities(scorer)
    let named = present(Self.identifiers, source.columns).compactMap { name in
      source.columns.firstIndex { $0.name == name }
    }
    var fields = named.map {
      Field(name: source.columns[$0].name, type: source.columns[$0].type)
    }
    fields += computed.map(\.field)
    let stream = OutputStream.standardOutput()
    let sink = results.makeSink(to: stream)
    try sink.begin(schema: fields)
    let reader = source.makeReader()
    var first = 0
    for morsel in source.morsels {
      let range = first..<first + morsel.rowCount
      var vectors = try named.map { try reader.read(column: $0, of: morsel) }
      vectors += computed.map { $0.vector(range) }
      try sink.consume(Batch(columns: vectors, rowCount: morsel.rowCount))
      first += morsel.rowCount
    }
    try sink.end()
    try stream.flush()
  }

  private func present(_ names: [String], _ columns: [ColumnDescription]) -> [String] {
    names.filter { name in columns.contains { $0.name == name } }
  }

  /// The columns that the model's features come from.
  private func columns(of model: Model, _ columns: [ColumnDescription]) -> [String] {
    let identifiers = Set(present(Self.identifiers, columns))
    var seen: Set<String> = []
    return model.featureNames.compactMap { feature in
      let name = feature.split(separator: "=", maxSplits: 1).first.map(String.init) ?? feature
      let found =
        columns.first { $0.name.lowercased() == feature.lowercased() }
        ?? columns.first { $0.name.lowercased() == name.lowercased() }
      return found.map(\.name) ?? feature
    }.filter { !identifiers.contains($0) && seen.insert($0).inserted }
  }

  /// A column that the model makes.
  private struct Computed {
    let field: Field
    let vector: (Range<Int>) -> Vector

    init(_ name: String, _ values: [Double]) {
      field = Field(name: name, type: .double)
      vector = { range in
        let buffer = Buffer(Double.self, count: range.count)
        for row in range { buffer.pointer(Double.self)[row - range.lowerBound] = values[row] }
        return Vector(flat: .double, count: range.count, values: buffer)
      }
    }

    init(_ name: String, _ value: @escaping (Int) -> Int64) {
      field = Field(name: name, type: .integer)
      vector = { range in
        let buffer = Buffer(Int64.self, count: range.count)
        for row in range { buffer.pointer(Int64.self)[row - range.lowerBound] = value(row) }
        return Vector(flat: .integer, count: range.count, values: buffer)
      }
    }
  }

  private func probabilities(_ scorer: Scorer) throws -> [Computed] {
    let probabilities = try scorer.probabilities()
    let limit = threshold ?? scorer.model.threshold
    var columns = [
      Computed("probability", probabilities),
      Computed("prediction") { probabilities[$0] > limit ? 1 : 0 },
    ]
    if contributions {
      let names = scorer.model.featureNames + ["bias"]
      columns += zip(names, try scorer.contributions()).map { Computed($0, $1) }
    }
    return columns
  }

  private func clusters(_ scorer: Scorer) throws -> [Computed] {
    guard threshold == nil, !contributions else {
      throw UsageFailure("a k-means model has neither a threshold nor contributions")
    }
    let found = try scorer.clusters()
    return [
      Computed("cluster") { Int64(found.numbers[$0]) },
      Computed("distance", found.distances),
    ]
  }
}
