import ColStore
import ML
import Query

/// A bake-off from a store to its folder of results.
struct BakeOffStage {
  let store: String
  let label: String
  let task: LearningTask
  let grids: [ParameterGrid]
  let foldCount: Int
  let folder: BakeOffFolder

  /// Trains what is not trained yet, and writes the leaderboard, the champion and the pictures.
  func run(_ bar: ProgressBar) throws -> BakeOffOutcome {
    let material = try task.read(store, label: label, defaultFeatures: "reference?")
    guard let split = material.split else {
      throw UsageFailure("a bake-off needs rows to judge by: --split none leaves none")
    }
    let data = BakeOffData(
      material.source, selection: material.selection, label: material.label, split: split,
      contents: try contents)
    var bakeOff = BakeOff(data, grids: grids)
    bakeOff.foldCount = foldCount
    bakeOff.seed = seed
    bakeOff.threads = task.rows.threads.count
    bakeOff.onProgress = { share, title in
      bar.update(Int(share * 10_000), of: 10_000) { _ in title }
    }
    defer { bar.finish() }
    let log = try RunLog(path: folder.logPath)
    let outcome = BakeOffOutcome(
      runs: try bakeOff.run(log: log, keeper: folder), data: data, folder: folder)
    try outcome.leaderboard.table.write(toFile: folder.file("all_model_results.csv"))
    try writeChampion(outcome)
    try BakeOffPictures(outcome).write()
    return outcome
  }

  private var seed: UInt64 { task.seed ?? RowSplit.defaultSeed }
  private var testShare: Double { task.testShare ?? RowSplit.defaultTestShare }
  private var split: SplitChoice { task.split ?? SplitChoice(.stratified) }

  /// What tells the rows and their split apart from those of another bake-off.
  private var contents: String {
    get throws {
      let fingerprint = try Store(path: store).fingerprint
      return [
        "1", String(fingerprint), task.rows.condition ?? "", split.text, String(testShare),
        String(seed),
      ].joined(separator: "\u{1f}")
    }
  }

  private func writeChampion(_ outcome: BakeOffOutcome) throws {
    let run = outcome.champion
    let parameters = run.identity.parameters.split(separator: ";").map { setting in
      setting.split(separator: "=", maxSplits: 1).map(String.init)
    }
    try Champion(
      modelName: run.modelName, kind: run.identity.kind, modelFile: outcome.championFile,
      parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0[0], $0[1]) }),
      label: outcome.data.selection.label, features: outcome.data.selection.names, store: store,
      condition: task.rows.condition, split: split.text, testShare: testShare, seed: seed,
      trainingRows: outcome.data.split.training.count, testRows: outcome.data.split.test.count,
      metrics: run.metrics, trainingSeconds: run.trainingSeconds
    ).write(to: folder.file("champion.json"))
    for file in outcome.championFiles {
      try WholeFile.write(
        try WholeFile.read(folder.modelFile(file.run)), to: folder.file(file.name))
    }
    try outcome.importances.write(toFile: folder.file("champion_feature_importance.csv"))
  }

  /// Trains the champion once more with features added, on the same rows.
  func compare(_ outcome: BakeOffOutcome, adding names: [String]) throws -> PairedComparison {
    var task = task
    let features = outcome.data.selection.names + names
    task.features = features.joined(separator: ",")
    let material = try task.read(store, label: label)
    let champion = outcome.champion
    let threads = task.rows.threads.count
    var training = ModelTraining(
      try Champion(path: folder.file("champion.json")).trainingParameters())
    training.threads = threads
    let test = outcome.data.split.test
    let trained = try training.train(
      try StoredFeatures(
        material.source, columns: material.selection.names,
        nativeCategories: champion.identity.kind == .lightgbm, threads: threads),
      label: material.label, training: outcome.data.split.training)
    func judged(_ model: Model) throws -> ScoredLabels {
      try ScoredLabels(
        scores: try Scorer(model, material.source, threads: threads).probabilities(of: test),
        labels: outcome.data.testLabels)
    }
    return try PairedComparison(
      judged(try ModelFile.read(folder.modelFile(champion))), judged(trained.model), seed: seed)
  }
}

/// What a bake-off found.
struct BakeOffOutcome {
  /// Judged by the test part, best first.
  let runs: [BakeOffRun]
  let data: BakeOffData
  let folder: BakeOffFolder

  var champion: BakeOffRun { runs[0] }
  var leaderboard: Leaderboard { Leaderboard(runs, label: data.selection.label) }

  /// The champion's model in the folder.
  var championFile: String { Self.fileName(champion) }

  /// The champion's model, and the best of XGBoost.
  var championFiles: [(run: BakeOffRun, name: String)] {
    var files = [(run: champion, name: championFile)]
    if champion.identity.kind != .xgboost,
      let best = runs.first(where: { $0.identity.kind == .xgboost })
    {
      files.append((best, Self.fileName(best)))
    }
    return files
  }

  private static func fileName(_ run: BakeOffRun) -> String {
    switch run.identity.kind {
    case .xgboost: "champion_xgb_model.json"
    case .lightgbm: "champion_lgbm_model.txt"
    case .randomForest: "champion_rf_model.json"
    case .logistic: "champion_logistic_model.json"
    }
  }

  var importances: SmallTable {
    get throws {
      var table = SmallTable(fields: [
        Field(name: "feature", type: .varchar), Field(name: "share", type: .double),
      ])
      table.rows = try FeatureShares(ModelFile.read(folder.modelFile(champion))).shares.map {
        [.string($0.name), .double($0.share)]
      }
      return table
    }
  }
}
