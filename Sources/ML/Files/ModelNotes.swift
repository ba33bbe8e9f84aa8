/// What a file keeps of a model beside its trees or coefficients: label, threshold, calibration, and
/// the features' names where the format cannot have them as they are.
///
/// In XGBoost's JSON these are attributes of the learner, in LightGBM's text parameters; both
/// libraries keep and ignore them.
struct ModelNotes {
  var label: String?
  var threshold = 0.5
  var calibration: Calibration?
  /// Nil where the format has them.
  var featureNames: [String]?

  init(_ model: Model) {
    label = model.label
    threshold = model.threshold
    calibration = model.calibration
    guard case .trees(let ensemble) = model.form else { return }
    let written = ensemble.featureNames.map {
      ensemble.dialect == .xgboost ? XGBoostFile.featureName($0) : LightGBMFile.featureName($0)
    }
    if written != ensemble.featureNames { featureNames = ensemble.featureNames }
  }

  /// From texts by name, as the libraries' files hold them.
  init(_ text: (String) -> String?) throws(ModelError) {
    label = text("ecq_label")
    threshold = text("ecq_threshold").flatMap { Double($0) } ?? 0.5
    if let names = text("ecq_features") {
      featureNames = try JSONParser.parse(Array(names.utf8)).texts
    }
    guard let calibration = text("ecq_calibration") else { return }
    self.calibration = Self.calibration(try JSONParser.parse(Array(calibration.utf8)))
  }

  init(_ document: JSONValue) {
    label = document["label"]?.text
    threshold = document["threshold"]?.number ?? 0.5
    calibration = document["calibration"].flatMap(Self.calibration)
  }

  /// Name and text of each note that differs from the default.
  var texts: [(String, String)] {
    var texts: [(String, String)] = []
    if let label { texts.append(("ecq_label", label)) }
    if threshold != 0.5 { texts.append(("ecq_threshold", threshold.description)) }
    if let calibration {
      var writer = JSONWriter()
      Self.write(calibration, to: &writer)
      texts.append(("ecq_calibration", writer.buffer.string))
    }
    if let featureNames {
      var writer = JSONWriter()
      writer.array(featureNames) { $0.string($1) }
      texts.append(("ecq_features", writer.buffer.string))
    }
    return texts
  }

  func write(to document: inout JSONWriter) {
    if let label {
      document.key("label")
      document.string(label)
    }
    document.key("threshold")
    document.number(threshold)
    if let calibration {
      document.key("calibration")
      Self.write(calibration, to: &document)
    }
  }

  func apply(to model: inout Model) {
    model.label = label
    model.threshold = threshold
    model.calibration = calibration
    if let featureNames, case .trees(var ensemble) = model.form,
      featureNames.count == ensemble.featureNames.count
    {
      ensemble.featureNames = featureNames
      model.form = .trees(ensemble)
    }
  }

  private static func write(_ calibration: Calibration, to writer: inout JSONWriter) {
    writer.object { object in
      object.key("method")
      switch calibration {
      case .platt(let slope, let intercept):
        object.string("platt")
        object.key("slope")
        object.number(slope)
        object.key("intercept")
        object.number(intercept)
      case .isotonic(let scores, let values):
        object.string("isotonic")
        object.key("scores")
        object.array(scores) { $0.number($1) }
        object.key("values")
        object.array(values) { $0.number($1) }
      }
    }
  }

  private static func calibration(_ document: JSONValue) -> Calibration? {
    switch document["method"]?.text {
    case "platt":
      guard let slope = document["slope"]?.number, let intercept = document["intercept"]?.number
      else { return nil }
      return .platt(slope: slope, intercept: intercept)
    case "isotonic":
      guard let scores = document["scores"]?.numbers, let values = document["values"]?.numbers,
        scores.count == values.count, !scores.isEmpty
      else { return nil }
      return .isotonic(scores: scores, values: values)
    default: return nil
    }
  }
}
