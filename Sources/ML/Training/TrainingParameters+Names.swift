import ColStore

extension TrainingParameters {
  /// The names that ``set(_:to:)`` takes for a kind of model.
  public static func names(of kind: ModelKind) -> [String] {
    let shared = ["random_state", "class_weight"]
    let boosting = [
      "n_estimators", "max_depth", "learning_rate", "reg_lambda", "reg_alpha",
      "min_child_weight", "subsample", "colsample_bytree", "max_bin", "scale_pos_weight",
      "early_stopping_rounds", "monotone_constraints",
    ]
    switch kind {
    case .logistic: return ["C", "max_iter"] + shared
    case .randomForest:
      return [
        "n_estimators", "max_depth", "max_features", "min_samples_leaf", "bootstrap", "oob_score",
        "max_bin",
      ] + shared
    case .xgboost: return boosting + ["gamma"] + shared
    case .lightgbm:
      return boosting + [
        "num_leaves", "min_child_samples", "is_unbalance", "min_split_gain", "cat_smooth",
        "cat_l2", "max_cat_threshold", "max_cat_to_onehot", "min_data_per_group",
      ] + shared
    }
  }

  /// Sets the parameter of that name.
  ///
  /// - Throws: ``ModelError`` where the model has no such parameter, or the value does not fit.
  public mutating func set(_ name: String, to text: String) throws(ModelError) {
    let names = Self.names(of: kind)
    guard names.contains(name) else {
      let near = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" }
      throw ModelError("\(kind.rawValue) has no parameter \"\(name)\"\(near ?? "")")
    }
    let value = ParameterValue(name: name, text: text)
    switch name {
    case "random_state": seed = UInt64(try value.integer(from: 0))
    case "class_weight": balancesClasses = try value.choice(["balanced", "none"]) == 0
    case "n_estimators": estimators = try value.integer(from: 1, through: 100_000)
    case "max_depth":
      let depth = text == "none" || text == "None" ? 0 : try value.integer(from: -1)
      depthMax = depth <= 0 ? nil : depth
    case "learning_rate": learningRate = try value.number(above: 0)
    case "reg_lambda": regLambda = try value.number(from: 0)
    case "reg_alpha": regAlpha = try value.number(from: 0)
    case "gamma", "min_split_gain": gamma = try value.number(from: 0)
    case "min_child_weight": childWeightMin = try value.number(from: 0)
    case "min_samples_leaf": childWeightMin = Double(try value.integer(from: 1))
    case "min_child_samples": childRowsMin = try value.integer(from: 0)
    case "num_leaves": leavesMax = try value.integer(from: 2, through: 131_072)
    case "subsample": subsample = try value.number(above: 0, through: 1)
    case "colsample_bytree": featureShare = try value.number(above: 0, through: 1)
    case "max_bin": binsMax = try value.integer(from: 2, through: 256)
    case "scale_pos_weight": positiveWeight = try value.number(above: 0)
    case "early_stopping_rounds": earlyStoppingRounds = try value.integer(from: 1)
    case "monotone_constraints": try setMonotone(value)
    case "is_unbalance": isUnbalanced = try value.boolean()
    case "max_features": featuresPerNode = try value.featureCount()
    case "bootstrap": bootstraps = try value.boolean()
    case "oob_score": scoresOutOfBag = try value.boolean()
    case "C": inverseRegularisation = try value.number(above: 0)
    case "max_iter": iterationsMax = try value.integer(from: 1)
    case "cat_smooth": categoricalSmoothing = try value.number(from: 0)
    case "cat_l2": categoricalLambda = try value.number(from: 0)
    case "max_cat_threshold": categoriesMax = try value.integer(from: 1)
    case "max_cat_to_onehot": oneHotMax = try value.integer(from: 1)
    case "min_data_per_group": groupRowsMin = try value.integer(from: 1)
    default: throw ModelError("the parameter \"\(name)\" cannot be set")
    }
    if isUnbalanced && positiveWeight != 1 {
      throw ModelError("is_unbalance and scale_pos_weight cannot both be set")
    }
    if name == "oob_score" || name == "bootstrap", scoresOutOfBag && !bootstraps {
      throw ModelError("oob_score needs bootstrap")
    }
  }

  /// `(1,0,-1)` in the order of the features, or `num_views:1,num_carts:-1` by name.
  private mutating func setMonotone(_ value: ParameterValue) throws(ModelError) {
    let text = value.text.filter { !"()[]{} '\"".contains($0) }
    for part in text.split(separator: ",") {
      let sides = part.split(separator: ":")
      guard let direction = sides.last.flatMap({ Int($0) }), (-1...1).contains(direction),
        sides.count <= 2
      else { throw value.failure("is not a list of -1, 0 and 1") }
      if sides.count == 2 {
        monotone[String(sides[0])] = direction
      } else {
        monotoneInOrder.append(direction)
      }
    }
  }

  /// The constraints in the order of `features`; empty where there are none.
  func monotone(for features: [String]) throws(ModelError) -> [Int] {
    for name in monotone.keys where !features.contains(name) {
      throw ModelError("monotone_constraints names \"\(name)\", which is no feature")
    }
    guard monotoneInOrder.isEmpty || monotoneInOrder.count == features.count else {
      throw ModelError(
        "monotone_constraints has \(monotoneInOrder.count) numbers for \(features.count) features")
    }
    var directions =
      monotoneInOrder.isEmpty ? [Int](repeating: 0, count: features.count) : monotoneInOrder
    for (place, name) in features.enumerated() {
      if let direction = monotone[name] { directions[place] = direction }
    }
    return directions.contains { $0 != 0 } ? directions : []
  }
}

/// The text of a parameter, read as what it should be.
private struct ParameterValue {
  let name: String
  let text: String

  func failure(_ reason: String) -> ModelError {
    ModelError("the parameter \(name)=\(text) \(reason)")
  }

  func integer(from least: Int, through most: Int = Int.max) throws(ModelError) -> Int {
    guard let number = Int(text) else { throw failure("is not an integer") }
    guard number >= least, number <= most else {
      throw failure(most == .max ? "is less than \(least)" : "is not in \(least)…\(most)")
    }
    return number
  }

  func number(
    from least: Double = -.infinity, above limit: Double? = nil, through most: Double = .infinity
  ) throws(ModelError) -> Double {
    guard let number = Double(text), number.isFinite else { throw failure("is not a number") }
    if let limit, number <= limit { throw failure("is not above \(limit)") }
    guard number >= least else { throw failure("is less than \(least)") }
    guard number <= most else { throw failure("is more than \(most)") }
    return number
  }

  func boolean() throws(ModelError) -> Bool {
    switch text.lowercased() {
    case "true", "1": return true
    case "false", "0": return false
    default: throw failure("is neither true nor false")
    }
  }

  func choice(_ choices: [String]) throws(ModelError) -> Int {
    guard let place = choices.firstIndex(of: text.lowercased()) else {
      throw failure("is not one of \(choices.joined(separator: ", "))")
    }
    return place
  }

  func featureCount() throws(ModelError) -> TrainingParameters.FeatureCount {
    switch text.lowercased() {
    case "sqrt": return .squareRoot
    case "log2": return .binaryLogarithm
    case "none", "all": return .all
    default:
      if let count = Int(text), count >= 1 { return .count(count) }
      if let share = Double(text), share > 0, share <= 1 { return .share(share) }
      throw failure("is not sqrt, log2, none, a number of features or a share of them")
    }
  }
}
