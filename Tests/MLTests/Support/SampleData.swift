import ColStore

@testable import ML

/// Made-up rows with a label that depends on the features: counts, a price with many values, a flag,
/// and a number that is often missing.
struct SampleData {
  var features: FeatureMatrix
  let labels: [UInt8]

  init(_ count: Int, seed: UInt64 = 1, continuous: Bool = true) {
    var random = SplitMix64(seed: seed)
    var columns: [[Double]] = [[], [], [], []]
    var labels: [UInt8] = []
    for _ in 0..<count {
      let views = Double(random.next(below: 12))
      let price = continuous ? random.nextUnit() * 900 : Double(random.next(below: 20))
      let flag = Double(random.next(below: 2))
      let gap = random.nextUnit() < 0.3 ? Double.nan : Double(random.next(below: 50))
      let odds = 0.4 * views - 0.004 * price - 1.2 * flag + (gap.isNaN ? 1 : 0.03 * gap) - 1
      labels.append(random.nextUnit() < LogisticFunction.sigmoid(odds) ? 1 : 0)
      for (place, value) in [views, price, flag, gap].enumerated() { columns[place].append(value) }
    }
    features = FeatureMatrix(columns: columns, names: ["views", "price", "flag", "gap"])
    self.labels = labels
  }
}

extension FeatureMatrix {
  init(columns: [[Double]], names: [String]) {
    self.init(
      columns: zip(names, columns).map { name, values in
        let buffer = Buffer(Double.self, count: values.count)
        buffer.pointer(Double.self).initialize(from: values, count: values.count)
        return FeatureColumn(
          name: name, rowCount: values.count, missingCount: values.count { $0.isNaN },
          buffer: buffer)
      }, rowCount: columns.first?.count ?? 0)
  }

  /// The probabilities that a model gives the rows.
  func probabilities(_ model: Model) -> [Double] {
    let rounds = RowModel(model).roundsFeatures
    return (0..<rowCount).map { row in
      let values = columns.map { rounds ? Double(Float($0[row])) : $0[row] }
      var result = 0.0
      RowModel(model).results(of: values, count: 1, width: values.count, into: &result)
      return result
    }
  }
}

/// Trains a model on all rows with the parameters given.
func trained(
  _ kind: ModelKind, _ data: SampleData, _ settings: [String: String] = [:], threads: Int = 2,
  groups: Bool = true, training: [UInt32]? = nil, weights: [Double]? = nil
) throws -> ModelTraining.Outcome {
  var parameters = TrainingParameters(kind)
  for (name, value) in settings { try parameters.set(name, to: value) }
  var trainer = ModelTraining(parameters)
  trainer.threads = threads
  trainer.groupsRows = groups
  return try trainer.train(
    data.features, labels: data.labels, labelName: "y", training: training, weights: weights)
}
