import ColStore
import Glibc
import Testing

@testable import ML

/// Folds, grids, the log of runs, and comparisons on the same rows.
@Suite struct BakeOffTests {
  @Test(arguments: [(1000, 10, 3), (1003, 17, 5), (31, 5, 3), (12, 2, 2)])
  func foldsShareRowsOutEvenly(count: Int, every: Int, folds: Int) throws {
    let labels = (0..<count).map { UInt8($0 % every == 0 ? 1 : 0) }
    let rows = (0..<UInt32(count)).filter { $0 % 7 != 3 }
    let made = try StratifiedFolds(labels, rows: rows, count: folds).splits
    #expect(made.count == folds)
    #expect(made.flatMap(\.test).sorted() == rows)
    let positives = rows.count { labels[Int($0)] == 1 }
    for split in made {
      #expect((split.training + split.test).sorted() == rows)
      let inFold = split.test.count { labels[Int($0)] == 1 }
      #expect(abs(Double(inFold) - Double(positives) / Double(folds)) < 1)
      #expect(abs(split.test.count - rows.count / folds) <= 1)
    }
    let again = try StratifiedFolds(labels, rows: rows, count: folds).splits
    #expect(again == made)
    let other = try StratifiedFolds(labels, rows: rows, count: folds, seed: 43).splits
    #expect(count < 100 || other != made)
  }

  @Test func foldsNeedRowsOfBothClasses() {
    #expect(
      errorText { _ = try StratifiedFolds([1, 0, 0, 0, 1], count: 3) }
        == "there are 2 positive and 3 negative rows to train on; 3 folds need 3 of each")
    #expect(errorText { _ = try StratifiedFolds([1, 0], count: 1) } != nil)
  }

  @Test func gridsAreReadAsScikitLearnWritesThem() throws {
    let text = #"{"xgboost": {"max_depth": [5, 10], "learning_rate": [0.05, 0.1, 1e-1]}}"#
    let grids = try ParameterGrid.read(Array(text.utf8))
    #expect(grids.count == 1 && grids[0].pointCount == 6)
    let points = try grids[0].points(seed: 7)
    #expect(points[0].text == "learning_rate=0.05;max_depth=5")
    #expect(points[1].text == "learning_rate=0.05;max_depth=10")
    #expect(points[2].parameters.learningRate == 0.1 && points[2].parameters.seed == 7)
    let reference = try ParameterGrid.reference
    #expect(reference.map(\.pointCount) == [18, 36])
    for bad in [
      "[]", #"{"xgbost": {}}"#, #"{"xgboost": {}}"#, #"{"xgboost": {"max_depth": []}}"#,
      #"{"xgboost": {"max_depth": ["a"]}}"#, #"{"xgboost": {"depth": [1]}}"#,
      #"{"xgboost": {"max_depth": 5}}"#,
    ] {
      #expect(errorText { _ = try ParameterGrid.read(Array(bad.utf8)) } != nil)
    }
  }

  /// A training judged on the way has the results of trainings of their own.
  @Test(arguments: [ModelKind.xgboost, .lightgbm])
  func shorterTrainingsAreThoseOfTheirOwn(kind: ModelKind) throws {
    let data = SampleData(3000, seed: 5)
    let folds = try StratifiedFolds(data.labels, count: 3)
    var parameters = TrainingParameters(kind)
    parameters.estimators = 12
    let split = folds.splits[1]
    let set = try TrainingSet(
      data.features, labels: data.labels, training: split.training, validation: split.test,
      weights: nil, binning: parameters.binning, groups: true, threads: 2)
    var training = BoostedTrees(parameters: parameters, data: set, threads: 2)
    training.stages = [3, 7, 12, 20]
    let stages = try training.train().stages
    #expect(stages.map(\.rounds) == [3, 7, 12, 20])
    #expect(stages[3].metrics == stages[2].metrics)
    for stage in stages.prefix(3) {
      let alone = try trained(
        kind, data, ["n_estimators": "\(stage.rounds)"], training: split.training)
      let scores = data.features.probabilities(alone.model)
      let judged = try ClassificationMetrics(
        ScoredLabels(
          scores: split.test.map { scores[Int($0)] },
          labels: split.test.map { data.labels[Int($0)] }))
      #expect(judged.confusion == stage.metrics.confusion)
      #expect(abs(judged.areaUnderROC - stage.metrics.areaUnderROC) < 1e-6)
      #expect(abs(judged.logLoss - stage.metrics.logLoss) < 1e-6)
    }
  }

  @Test func theLogKeepsWhatIsWholeAndDropsWhatIsCut() throws {
    let folder = "/tmp/ecq-log-\(getpid())"
    try makeFolder(folder)
    let path = "\(folder)/runs.csv"
    defer {
      unlink(path)
      rmdir(folder)
    }
    let metrics = ClassificationMetrics(
      confusion: ConfusionMatrix(
        truePositives: 7, falsePositives: 2, falseNegatives: 3, trueNegatives: 88),
      areaUnderROC: 0.9, areaUnderPR: 1 / 3, logLoss: 0.1)
    func run(_ fold: Int?) -> BakeOffRun {
      BakeOffRun(
        identity: BakeOffRun.Identity(
          data: "abc", stage: .search, kind: .xgboost, parameters: "max_depth=3", fold: fold),
        metrics: metrics, trainingSeconds: 1.25)
    }
    do {
      let log = try RunLog(path: path)
      try log.append([run(1), run(2)])
      #expect(errorText { _ = try RunLog(path: path) }?.contains("another process") ?? false)
    }
    let whole = try WholeFile.read(path)
    try WholeFile.write(whole + Array("search,XGBoost,max_depth=3,3,0.9".utf8), to: path)
    do {
      let log = try RunLog(path: path)
      #expect(log.run(run(1).identity) == run(1))
      #expect(log.run(run(2).identity) == run(2))
      #expect(log.run(run(3).identity) == nil)
      #expect(log.run(run(nil).identity) == nil)
    }
    #expect(try WholeFile.read(path) == whole)
    try WholeFile.write(whole + Array("search,XGBoost\n".utf8), to: path)
    #expect(errorText { _ = try RunLog(path: path) }?.contains(":4") ?? false)
  }

  @Test func pairedDifferencesAreNarrow() throws {
    var random = SplitMix64(seed: 9)
    var (labels, first, second): ([UInt8], [Double], [Double]) = ([], [], [])
    for _ in 0..<20_000 {
      let truth = random.nextUnit()
      labels.append(random.nextUnit() < truth ? 1 : 0)
      let noise = random.nextUnit() - 0.5
      first.append(min(max(truth + 0.5 * noise, 0.001), 0.999))
      second.append(min(max(truth + 0.1 * noise, 0.001), 0.999))
    }
    let (a, b) = (
      try ScoredLabels(scores: first, labels: labels),
      try ScoredLabels(scores: second, labels: labels)
    )
    let same = try PairedComparison(a, a, seed: 1)
    for difference in same.differences {
      #expect(difference.difference == 0 && difference.interval == 0...0)
    }
    let better = try PairedComparison(a, b, seed: 1)
    for difference in better.differences {
      #expect(difference.interval.contains(difference.difference))
    }
    let byName = Dictionary(uniqueKeysWithValues: better.differences.map { ($0.metric, $0) })
    let area = try #require(byName["auc_roc"])
    #expect(area.isClear && area.difference > 0)
    #expect(abs(area.first - (try ThresholdCurve(a)).areaUnderROC) < 1e-12)
    #expect(area.interval.upperBound - area.interval.lowerBound < 0.01)
    let loss = try #require(byName["log_loss"])
    #expect(loss.isClear && loss.difference < 0)
  }

  @Test func championsAreReadAsTheyWereWritten() throws {
    let path = "/tmp/ecq-champion-\(getpid()).json"
    defer { unlink(path) }
    let champion = Champion(
      modelName: "XGBoost_Tuned", kind: .xgboost, modelFile: "m.json",
      parameters: ["max_depth": "5", "learning_rate": "0.05"], label: "is_abandoned",
      features: ["a", "b \"quoted\""], store: "s.ecq", condition: "a > 1", split: "time",
      testShare: 0.25, seed: .max, trainingRows: 70, testRows: 30,
      metrics: ClassificationMetrics(
        confusion: ConfusionMatrix(
          truePositives: 1, falsePositives: 2, falseNegatives: 3, trueNegatives: 4),
        areaUnderROC: 0.1, areaUnderPR: 0.2, logLoss: 0.3), trainingSeconds: 1.5)
    try champion.write(to: path)
    #expect(try Champion(path: path) == champion)
    #expect(try champion.trainingParameters().depthMax == 5)
    try WholeFile.write(Array("{}".utf8), to: path)
    #expect(errorText { _ = try Champion(path: path) }?.hasPrefix(path) ?? false)
  }
}
