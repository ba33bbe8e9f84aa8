import ColStore

/// Values to try for some parameters of one kind of model: every combination is a point.
public struct ParameterGrid: Sendable, Equatable {
  public struct Axis: Sendable, Equatable {
    public let name: String
    /// As they are written on the command line.
    public let values: [String]
  }

  /// One combination.
  public struct Point: Sendable, Equatable {
    public let parameters: TrainingParameters
    /// Its settings, `name=value` in the order of the names, separated by semicolons.
    public let text: String
  }

  public let kind: ModelKind
  /// By name, as scikit-learn's `ParameterGrid`.
  public let axes: [Axis]

  /// - Throws: ``ModelError`` where an axis has no values, or the model no such parameter.
  public init(_ kind: ModelKind, _ values: [String: [String]]) throws(ModelError) {
    self.kind = kind
    axes = values.sorted { $0.key < $1.key }.map { Axis(name: $0.key, values: $0.value) }
    guard !axes.isEmpty else { throw ModelError("the grid of \(kind.rawValue) has no parameters") }
    if let empty = axes.first(where: { $0.values.isEmpty }) {
      throw ModelError("the grid of \(kind.rawValue) has no values of \(empty.name)")
    }
    guard pointCount <= Self.pointsMax else {
      throw ModelError(
        "the grid of \(kind.rawValue) has \(pointCount) points, more than \(Self.pointsMax)")
    }
    for axis in axes {
      for value in axis.values {
        guard !value.contains(where: { ",;\"\n\r".contains($0) }) else {
          throw ModelError("the grid of \(kind.rawValue) has the value \(value) of \(axis.name)")
        }
        var parameters = TrainingParameters(kind)
        try parameters.set(axis.name, to: value)
      }
    }
  }

  private static let pointsMax = 100_000

  public var pointCount: Int {
    axes.reduce(1) { $0.multipliedReportingOverflow(by: $1.values.count).partialValue }
  }

  /// All points, the last parameter's values changing fastest.
  public func points(seed: UInt64) throws(ModelError) -> [Point] {
    var points: [Point] = []
    for number in 0..<pointCount {
      var rest = number
      var settings: [(name: String, value: String)] = []
      for axis in axes.reversed() {
        settings.append((axis.name, axis.values[rest % axis.values.count]))
        rest /= axis.values.count
      }
      settings.reverse()
      var parameters = TrainingParameters(kind)
      parameters.seed = seed
      for setting in settings { try parameters.set(setting.name, to: setting.value) }
      points.append(
        Point(
          parameters: parameters,
          text: settings.map { "\($0.name)=\($0.value)" }.joined(separator: ";")))
    }
    return points
  }
}

extension ParameterGrid {
  /// The grids of XGBoost and LightGBM that a bake-off searches by default.
  public static var reference: [ParameterGrid] {
    get throws(ModelError) {
      [
        try ParameterGrid(
          .xgboost,
          [
            "n_estimators": ["100", "200", "300"], "learning_rate": ["0.05", "0.1"],
            "max_depth": ["5", "10", "15"],
          ]),
        try ParameterGrid(
          .lightgbm,
          [
            "n_estimators": ["100", "200", "300"], "learning_rate": ["0.05", "0.1"],
            "num_leaves": ["31", "50", "70"], "is_unbalance": ["false", "true"],
          ]),
      ]
    }
  }

  /// Grids from JSON text: `{"xgboost": {"max_depth": [5, 10], …}, …}`, as scikit-learn's
  /// `param_grid` for each kind of model.
  public static func read(_ bytes: [UInt8]) throws(ModelError) -> [ParameterGrid] {
    guard case .object(let members) = try JSONParser.parse(bytes) else {
      throw ModelError("a grid file is a JSON object with a member for each kind of model")
    }
    var grids: [ParameterGrid] = []
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let kind = ModelKind(rawValue: name) else {
        let near = nearestName(to: name, among: ModelKind.allCases.map(\.rawValue))
        throw ModelError(
          "there is no model \"\(name)\"\(near.map { "; did you mean \"\($0)\"?" } ?? "")")
      }
      guard case .object(let axes) = value else {
        throw ModelError("the grid of \(name) is not an object of lists")
      }
      var values: [String: [String]] = [:]
      for (parameter, list) in axes {
        guard let texts = list.array?.compactMap(\.parameterText), texts.count == list.array?.count
        else {
          throw ModelError("the grid of \(name) has no list of values for \(parameter)")
        }
        values[parameter] = texts
      }
      grids.append(try ParameterGrid(kind, values))
    }
    return grids
  }
}

extension JSONValue {
  /// A parameter's value as the command line writes it; nil of lists and objects.
  var parameterText: String? {
    switch self {
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number):
      number == number.rounded() && number.magnitude < 1e15
        ? String(Int(number)) : number.description
    case .null: "none"
    case .array, .object: nil
    }
  }
}
