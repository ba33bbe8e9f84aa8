import ArgumentParser
import ColStore
import ML
import Query

/// `ecq cluster`: k-means over a store's rows.
struct Cluster: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find clusters of a store's rows by k-means.",
    discussion: """
      Writes tables, a dashboard and kmeans_model.json, which ecq predict and predict() in SQL \
      apply, and prints each cluster's name, size and centre.

      EXAMPLES:
        ecq cluster sessions.ecq --k 8 -o clusters
      """)

  @Argument(
    help: ArgumentHelp("The store, usually of sessions or users.", valueName: "store"),
    completion: .file())
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
    var training = ClusterTraining(count: wanted)
    training.starts = starts
    training.seed = seed
    let folder = try ResultFolder(output)
    let outcome = try ClusterStage(
      store: store, rows: rows, features: features, training: training, logarithmic: logarithmic,
      folder: folder
    ).run(ProgressBar("cluster", terminal: results.terminal))
    folder.tell()
    writeToStandardError(outcome.summary + "\n")
    let stream = OutputStream.standardOutput()
    try outcome.table.write(to: results.makeSink(to: stream))
    try stream.flush()
  }

  private func exactly(_ count: Int) -> ClusterTraining.Count { .exactly(count) }
}
