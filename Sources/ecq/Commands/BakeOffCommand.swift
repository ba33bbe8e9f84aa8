import ArgumentParser
import ColStore
import ML
import Query

/// `ecq bakeoff`: which model predicts best.
struct BakeOffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bakeoff",
    abstract: "Train models of all kinds, tune the best, and rank them by what they are worth.",
    discussion: """
      Trains XGBoost, LightGBM, a random forest and a logistic regression with their defaults, \
      searches the grids of the two best by stratified cross-validation, and writes the leaderboard, \
      the champion and the pictures. Every finished run is kept: started again after a kill, it goes \
      on where it was.

      EXAMPLES:
        ecq bakeoff sessions.ecq --label is_abandoned -o results
        ecq bakeoff sessions.ecq --label is_abandoned --with max_price -o results
      """)

  @Argument(
    help: ArgumentHelp("The store, usually of sessions or users.", valueName: "store"),
    completion: .file())
  var store: String

  @Option(name: .long, help: ArgumentHelp("The column to predict.", valueName: "column"))
  var label: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "results"))
  var output: String

  @OptionGroup var task: LearningTask

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Parameters to try, as JSON: {\"xgboost\": {\"max_depth\": [5, 10]}, …}.", valueName: "file"))
  var grid: String?

  @Option(name: .long, help: "Folds of the cross-validation.")
  var folds = 3

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "Train the champion again with these features added, and print what changes.",
      valueName: "columns"))
  var added: String?

  @OptionGroup var results: ResultOptions

  func validate() throws {
    if !(2...100).contains(folds) { throw ValidationError("--folds must be from 2 to 100") }
  }

  func run() throws {
    let stage = BakeOffStage(
      store: store, label: label, task: task, grids: try grids, foldCount: folds,
      folder: try BakeOffFolder(output))
    let outcome = try stage.run(ProgressBar("bake-off", terminal: results.terminal))
    let stream = OutputStream.standardOutput()
    if let added {
      let names = added.split(separator: ",").map(String.init)
      let comparison = try stage.compare(outcome, adding: names)
      let table = comparison.table
      let name = "with_" + names.joined(separator: "_").split(separator: "/").joined(separator: "_")
      try table.write(toFile: stage.folder.file("\(name).csv"))
      try comparison.chart(adding: names, to: outcome.champion.modelName).picture()
        .write(to: stage.folder.file("\(name).png"))
      try table.write(to: results.makeSink(to: stream))
    } else {
      try outcome.leaderboard.table.write(to: results.makeSink(to: stream))
    }
    try stream.flush()
    let champion = outcome.champion
    writeToStandardError(
      "\(output): the champion is \(champion.modelName)"
        + (champion.identity.parameters.isEmpty ? "" : " (\(champion.identity.parameters))") + "\n")
  }

  private var grids: [ParameterGrid] {
    get throws {
      guard let grid else { return try ParameterGrid.reference }
      do {
        return try ParameterGrid.read(try WholeFile.read(grid))
      } catch let error as ModelError {
        throw ModelError("\(grid): \(error)")
      }
    }
  }
}
