/// The JSON of logistic regressions, described in docs/ml.md.
enum LogisticFile {
  static let format = "ecq-logistic"

  static func write(_ model: Model, _ logistic: LogisticModel) -> JSONWriter {
    var writer = JSONWriter()
    writer.object { document in
      document.key("format")
      document.string(format)
      document.key("version")
      document.integer(1)
      ModelNotes(model).write(to: &document)
      document.key("C")
      document.number(logistic.inverseRegularisation)
      document.key("iterations")
      document.integer(logistic.iterations)
      document.key("intercept")
      document.number(logistic.intercept)
      document.key("intercept_standard_error")
      number(logistic.interceptStandardError, to: &document)
      document.key("features")
      document.array(logistic.features) { writer, feature in
        writer.object { object in
          object.key("name")
          object.string(feature.name)
          object.key("mean")
          object.number(feature.mean)
          object.key("scale")
          object.number(feature.scale)
          object.key("coefficient")
          object.number(feature.coefficient)
          object.key("standard_error")
          number(feature.standardError, to: &object)
        }
      }
    }
    return writer
  }

  private static func number(_ value: Double, to writer: inout JSONWriter) {
    if value.isFinite { writer.number(value) } else { writer.null() }
  }

  static func read(_ document: JSONValue) throws(ModelError) -> LogisticModel {
    guard document["version"]?.number == 1, let intercept = document["intercept"]?.number,
      let list = document["features"]?.array
    else { throw ModelError("the logistic model is incomplete, or of a later version") }
    var features: [LogisticModel.Feature] = []
    for entry in list {
      guard let name = entry["name"]?.text, let mean = entry["mean"]?.number,
        let scale = entry["scale"]?.number, let coefficient = entry["coefficient"]?.number,
        scale > 0
      else { throw ModelError("a feature of the logistic model is incomplete") }
      features.append(
        LogisticModel.Feature(
          name: name, mean: mean, scale: scale, coefficient: coefficient,
          standardError: entry["standard_error"]?.number ?? .nan))
    }
    return LogisticModel(
      features: features, intercept: intercept,
      interceptStandardError: document["intercept_standard_error"]?.number ?? .nan,
      inverseRegularisation: document["C"]?.number ?? 1,
      iterations: document["iterations"]?.number.flatMap { Int(exactly: $0) } ?? 0)
  }
}
