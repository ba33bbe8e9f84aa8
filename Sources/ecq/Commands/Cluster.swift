import ArgumentParser
import ColStore
import Glibc
import ML
import Query

/// `ecq cluster`: k-means over a store's rows.
struct Cluster: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find clusters of a store's rows by k-means.",
    discussion: """
      Writes kmeans_model.json, which ecq predict and predict() in SQL apply, and prints each \
      cluster's size and centre.

      EXAMPLES:
        ecq cluster sessions.ecq --k 8 -o results
      """)

  @Argument(help: ArgumentHelp("The store, usually of sessions or users.", valueName: "store"))
  var store: String

  @Option(
    name: .customLong("k"), help: ArgumentHelp("How many: a number, or auto.", valueName: "k"))
  var count = "8"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Columns to cluster by, or `reference` (default: the reference's, or all that are fit).",
      valueName: "columns"))
  var features: String?

  @Option(
    name: .customLong("log"),
    help: ArgumentHelp(
      "Columns whose logarithm is clustered (default: durations, events, views and prices).",
      valueName: "columns"))
  var logarithmic: String?

  @Option(name: .customLong("n-init"), help: "Starts, of which the best is kept.")
  var starts = 5

  @Option(name: .long, help: "Of the starts.")
  var seed: UInt64 = RowSplit.defaultSeed

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "results"))
  var output: String

  @OptionGroup var rows: ModelRows
  @OptionGroup var results: ResultOptions

  func run() throws {
    guard let wanted = count == "auto" ? .best(of: 2...12) : Int(count).map(exactly) else {
      throw UsageFailure("--k \(count) is neither a number nor auto")
    }
    if case .exactly(let number) = wanted, number < 1 || number > 10_000 {
      throw UsageFailure("--k \(count) is not between 1 and 10000")
    }
    guard starts >= 1 else { throw UsageFailure("--n-init \(starts) is not at least 1") }
    var names: [String] = []
    let source = try rows.open(store) { store in
      names = chosen(store.columns)
      return names
    }
    if names.isEmpty { names = chosen(source.columns) }
    guard !names.isEmpty else { throw ModelError("no column is fit for a feature") }
    var training = ClusterTraining(count: wanted)
    training.starts = starts
    training.seed = seed
    training.threads = rows.threads.count
    if let logarithmic { training.logarithmic = try logarithms(of: logarithmic, names) }
    let bar = ProgressBar("cluster", terminal: Terminal(color: .auto))
    training.onProgress = { done, all in bar.update(done, of: all) { _ in "\(done) of \(all)" } }
    let watch = Stopwatch()
    let outcome: ClusterTraining.Outcome
    do {
      defer { bar.finish() }
      outcome = try training.train(
        StoredFeatures(source, columns: names, threads: rows.threads.count))
    }
    let path = try write(outcome.model)
    report(outcome, path, watch.seconds)
    let stream = OutputStream.standardOutput()
    try table(outcome.model).write(to: results.makeSink(to: stream))
    try stream.flush()
  }

  private func exactly(_ count: Int) -> ClusterTraining.Count { .exactly(count) }

  private func chosen(_ columns: [ColumnDescription]) -> [String] {
    switch features {
    case nil: ClusterTraining.defaultFeatures(of: columns)
    case "reference": ClusterTraining.reference
    case let names?: names.split(separator: ",").map { String($0) }
    }
  }

  private func logarithms(of list: String, _ names: [String]) throws -> Set<String> {
    let wanted = list.split(separator: ",").map { $0.lowercased() }
    let known = Set(names.map { $0.lowercased() })
    if let stranger = wanted.first(where: { !known.contains($0) }) {
      throw UsageFailure("--log names \(stranger), which is no feature")
    }
    return Set(wanted)
  }

  private func write(_ model: ClusterModel) throws -> String {
    guard mkdir(output, 0o777) == 0 || errno == EEXIST else {
      throw ModelError("\(output): cannot make the folder: \(String(cString: strerror(errno)))")
    }
    let path = "\(output)/kmeans_model.json"
    try ModelFile.write(Model(.clusters(model)), to: path)
    return path
  }

  private func report(_ outcome: ClusterTraining.Outcome, _ path: String, _ seconds: Double) {
    var text = "\(path): \(counted(outcome.model.clusters.count, "cluster"))"
    text += " of \(counted(outcome.model.features.count, "feature"))"
    text += " from \(counted(outcome.rowCount, "row"))"
    if outcome.distinctRowCount < outcome.rowCount {
      text += ", \(grouped(outcome.distinctRowCount)) of them different,"
    }
    text += " in \(fixed(seconds, 3)) s; inertia \(fixed(outcome.model.inertia, 1))"
    text += ", simplified silhouette \(fixed(outcome.quality.simplifiedSilhouette, 4))"
    text += ", Davies–Bouldin \(fixed(outcome.quality.daviesBouldin, 4))"
    writeToStandardError(text + "\n")
  }

  /// Sizes, and centres as values.
  private func table(_ model: ClusterModel) -> SmallTable {
    let total = Double(max(1, model.clusters.reduce(0) { $0 + $1.rowCount }))
    var table = SmallTable(
      fields: ["cluster", "rows"].map { Field(name: $0, type: .bigint) }
        + (["share"] + model.features.map(\.name)).map { Field(name: $0, type: .double) })
    for (number, cluster) in model.clusters.enumerated() {
      table.rows.append(
        [
          .int64(Int64(number)), .int64(Int64(cluster.rowCount)),
          .double(Double(cluster.rowCount) / total),
        ] + zip(model.features, cluster.center).map { .double($0.value(at: $1)) })
    }
    return table
  }
}
