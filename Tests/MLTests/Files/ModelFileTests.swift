import ColStore
import Testing

@testable import ML

/// Model files: what is written reads back as the same model, and damage is an error.
@Suite struct ModelFileTests {
  private func text(_ model: Model) -> [UInt8] {
    let buffer: TextBuffer
    switch model.form {
    case .clusters(let clusters): buffer = ClusterFile.write(clusters).buffer
    case .logistic(let logistic): buffer = LogisticFile.write(model, logistic).buffer
    case .trees(let ensemble):
      let notes = ModelNotes(model).texts
      buffer =
        ensemble.dialect == .xgboost
        ? XGBoostFile.write(ensemble, notes: notes).buffer
        : LightGBMFile.write(ensemble, parameters: notes)
    }
    return Array(buffer.bytes)
  }

  @Test(arguments: ModelKind.allCases) func readsBackAsWritten(kind: ModelKind) throws {
    let data = SampleData(2000)
    let settings = kind == .logistic ? [:] : ["n_estimators": "10"]
    var model = try trained(kind, data, settings).model
    model.threshold = 0.37
    model.calibration = .isotonic(scores: [0.1, 0.5], values: [0.2, 0.6])
    let read = try ModelFile.parse(text(model))
    #expect(read.label == "y")
    #expect(read.threshold == 0.37)
    #expect(read.calibration == model.calibration)
    #expect(read.featureNames == model.featureNames)
    #expect(data.features.probabilities(read) == data.features.probabilities(model))
    #expect(text(read).count > 100)
  }

  @Test(arguments: [ModelKind.xgboost, .lightgbm, .randomForest])
  func namesThatTheFormatForbidsComeBack(kind: ModelKind) throws {
    let names = ["a b", "q\"[x]", "p<1,{y}:", "ü=\\"]
    let columns = SampleData(800).features.columns.map { column in column.withValues { Array($0) } }
    var data = SampleData(800)
    data.features = FeatureMatrix(columns: columns, names: names)
    let model = try trained(kind, data, ["n_estimators": "5"]).model
    let read = try ModelFile.parse(text(model))
    #expect(read.featureNames == names)
    #expect(data.features.probabilities(read) == data.features.probabilities(model))
  }

  @Test(arguments: ModelKind.allCases) func damageIsAnErrorNotATrap(kind: ModelKind) throws {
    let settings = kind == .logistic ? [:] : ["n_estimators": "3"]
    let whole = text(try trained(kind, SampleData(500), settings).model)
    var random = SplitMix64(seed: 8)
    for length in stride(from: 0, to: whole.count - 40, by: max(1, whole.count / 40)) {
      #expect(throws: ModelError.self) { try ModelFile.parse(Array(whole[..<length])) }
    }
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[random.next(below: bytes.count)] = UInt8(0x20 + random.next(below: 0x5F))
      }
      // Some changes leave a model; it must be one that can be applied.
      guard let model = try? ModelFile.parse(bytes) else { continue }
      let width = model.featureNames.count
      let row = [Double](repeating: 1, count: width)
      var result = 0.0
      RowModel(model).results(of: row, count: 1, width: width, into: &result)
    }
  }

  @Test func jsonReadsAndRefuses() throws {
    let parsed = try JSONParser.parse(
      Array(#" {"a": [1, -2.5e3, true, null, "x\"\u00e9\n"], "b": {}} "#.utf8))
    #expect(parsed["a"]?.array?[1] == .number(-2500))
    #expect(parsed["a"]?.array?[4] == .string("x\"é\n"))
    for bad in [
      "", "{", "[1,]", "{\"a\"}", "[1 2]", "tru", "\"a", "[1]]", "\"\\u12\"", "-", "[\"\\",
    ] {
      #expect(throws: ModelError.self, "\(bad)") { try JSONParser.parse(Array(bad.utf8)) }
    }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ModelError.self) { try JSONParser.parse(Array(deep.utf8)) }
  }
}
