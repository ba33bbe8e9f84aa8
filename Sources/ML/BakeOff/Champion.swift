import ColStore

/// The winner of a bake-off: all that is needed to train it again, and what it was worth.
public struct Champion: Sendable, Equatable {
  /// As in the leaderboard.
  public var modelName: String
  public var kind: ModelKind
  /// The model's file, in the folder of the results.
  public var modelFile: String
  /// Settings that differ from the defaults, by name.
  public var parameters: [String: String]
  public var label: String
  public var features: [String]
  /// The store, the condition its rows fulfil, and how they were split.
  public var store: String
  public var condition: String?
  public var split: String
  public var testShare: Double
  public var seed: UInt64
  public var trainingRows: Int
  public var testRows: Int
  public var metrics: ClassificationMetrics
  public var trainingSeconds: Double

  public init(
    modelName: String, kind: ModelKind, modelFile: String, parameters: [String: String],
    label: String, features: [String], store: String, condition: String?, split: String,
    testShare: Double, seed: UInt64, trainingRows: Int, testRows: Int,
    metrics: ClassificationMetrics, trainingSeconds: Double
  ) {
    self.modelName = modelName
    self.kind = kind
    self.modelFile = modelFile
    self.parameters = parameters
    self.label = label
    self.features = features
    self.store = store
    self.condition = condition
    self.split = split
    self.testShare = testShare
    self.seed = seed
    self.trainingRows = trainingRows
    self.testRows = testRows
    self.metrics = metrics
    self.trainingSeconds = trainingSeconds
  }

  private static let format = "ecq-champion"

  public func write(to path: String) throws(ModelError) {
    var writer = JSONWriter()
    writer.object { document in
      document.key("format")
      document.string(Self.format)
      for (key, text) in [
        ("model_name", modelName), ("model", kind.rawValue), ("model_file", modelFile),
      ] {
        document.key(key)
        document.string(text)
      }
      document.key("parameters")
      document.object { members in
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
          members.key(name)
          if let integer = Int(value) {
            members.integer(integer)
          } else if let number = Double(value), number.isFinite {
            members.number(number)
          } else {
            members.string(value)
          }
        }
      }
      document.key("label")
      document.string(label)
      document.key("features")
      document.array(features) { $0.string($1) }
      document.key("data")
      document.object(writeData)
      document.key("metrics")
      document.object(writeMetrics)
    }
    writer.buffer.append("\n")
    do {
      try WholeFile.write(writer.buffer.bytes, to: path)
    } catch {
      throw ModelError("\(error)")
    }
  }

  private func writeData(_ data: inout JSONWriter) {
    data.key("store")
    data.string(store)
    if let condition {
      data.key("where")
      data.string(condition)
    }
    data.key("split")
    data.string(split)
    data.key("test_share")
    data.number(testShare)
    data.key("seed")
    data.string(String(seed))
    data.key("training_rows")
    data.integer(trainingRows)
    data.key("test_rows")
    data.integer(testRows)
  }

  private func writeMetrics(_ members: inout JSONWriter) {
    let matrix = metrics.confusion
    for (name, value) in [
      ("weighted_f1", matrix.weightedF1), ("recall", matrix.recall),
      ("precision", matrix.precision), ("f1", matrix.f1), ("accuracy", matrix.accuracy),
      ("auc_roc", metrics.areaUnderROC), ("auc_pr", metrics.areaUnderPR),
      ("log_loss", metrics.logLoss), ("train_time_sec", trainingSeconds),
    ] {
      members.key(name)
      members.number(value)
    }
    for (name, count) in [
      ("true_positives", matrix.truePositives), ("false_positives", matrix.falsePositives),
      ("false_negatives", matrix.falseNegatives), ("true_negatives", matrix.trueNegatives),
    ] {
      members.key(name)
      members.integer(Int(count))
    }
  }

  /// - Throws: ``ModelError`` where the file cannot be read, or describes no champion.
  public init(path: String) throws(ModelError) {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path) } catch { throw ModelError("\(error)") }
    do throws(ModelError) {
      try self.init(try JSONParser.parse(bytes))
    } catch {
      throw ModelError("\(path): \(error)")
    }
  }

  private init(_ document: JSONValue) throws(ModelError) {
    guard document["format"]?.text == Self.format else {
      throw ModelError("this is no champion of a bake-off")
    }
    func text(_ value: JSONValue?, _ name: String) throws(ModelError) -> String {
      guard let text = value?.text else { throw ModelError("it has no \(name)") }
      return text
    }
    func number(_ value: JSONValue?, _ name: String) throws(ModelError) -> Double {
      guard let number = value?.number else { throw ModelError("it has no \(name)") }
      return number
    }
    modelName = try text(document["model_name"], "model_name")
    let kind = try text(document["model"], "model")
    guard let known = ModelKind(rawValue: kind) else {
      throw ModelError("there is no model \"\(kind)\"")
    }
    self.kind = known
    modelFile = try text(document["model_file"], "model_file")
    label = try text(document["label"], "label")
    guard let features = document["features"]?.texts else { throw ModelError("it has no features") }
    self.features = features
    guard case .object(let members)? = document["parameters"] else {
      throw ModelError("it has no parameters")
    }
    parameters = members.compactMapValues(\.parameterText)
    let data = document["data"]
    store = try text(data?["store"], "store")
    condition = data?["where"]?.text
    split = try text(data?["split"], "split")
    testShare = try number(data?["test_share"], "test_share")
    guard let seed = UInt64(try text(data?["seed"], "seed")) else {
      throw ModelError("its seed is no number")
    }
    self.seed = seed
    trainingRows = Int(try number(data?["training_rows"], "training_rows"))
    testRows = Int(try number(data?["test_rows"], "test_rows"))
    let judged = document["metrics"]
    metrics = ClassificationMetrics(
      confusion: ConfusionMatrix(
        truePositives: try number(judged?["true_positives"], "true_positives"),
        falsePositives: try number(judged?["false_positives"], "false_positives"),
        falseNegatives: try number(judged?["false_negatives"], "false_negatives"),
        trueNegatives: try number(judged?["true_negatives"], "true_negatives")),
      areaUnderROC: try number(judged?["auc_roc"], "auc_roc"),
      areaUnderPR: try number(judged?["auc_pr"], "auc_pr"),
      logLoss: try number(judged?["log_loss"], "log_loss"))
    trainingSeconds = try number(judged?["train_time_sec"], "train_time_sec")
  }

  /// - Throws: ``ModelError`` where the model has no such parameter, or a value does not fit.
  public func trainingParameters() throws(ModelError) -> TrainingParameters {
    var result = TrainingParameters(kind)
    result.seed = seed
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      try result.set(name, to: value)
    }
    return result
  }
}
