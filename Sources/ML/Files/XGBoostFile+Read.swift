extension XGBoostFile {
  /// Reads a tree model of one output, as XGBoost 1.7 and later write it.
  ///
  /// - Throws: ``ModelError`` that says what is missing, damaged or not supported.
  static func read(_ document: JSONValue) throws(ModelError) -> TreeEnsemble {
    guard let learner = document["learner"] else {
      throw ModelError("this is no XGBoost model: it has no learner")
    }
    guard let parameters = learner["learner_model_param"],
      let objective = learner["objective"]?["name"]?.text,
      let featureCount = parameters["num_feature"]?.number.flatMap({ Int(exactly: $0) }),
      let base = parameters["base_score"]?.number, featureCount >= 0
    else { throw ModelError("the XGBoost model's learner is incomplete") }
    guard let booster = learner["gradient_booster"], booster["name"]?.text == "gbtree",
      let model = booster["model"]
    else { throw ModelError("only XGBoost's gbtree boosters are supported") }
    guard (parameters["num_class"]?.number ?? 0) <= 1, (parameters["num_target"]?.number ?? 1) <= 1
    else { throw ModelError("models of more than two classes are not supported") }
    let link: TreeEnsemble.Link
    switch objective {
    case "binary:logistic", "reg:logistic": link = .logistic
    case "binary:logitraw", "reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror":
      link = .identity
    default: throw ModelError("XGBoost's objective \(objective) is not supported")
    }
    guard let trees = model["trees"]?.array else {
      throw ModelError("the XGBoost model has no trees")
    }
    var names = learner["feature_names"]?.texts ?? []
    if names.count != featureCount { names = (0..<featureCount).map { "f\($0)" } }
    var read: [DecisionTree] = []
    for (number, tree) in trees.enumerated() {
      read.append(try self.tree(tree, number: number, featureCount: featureCount))
    }
    let isOdds = link == .logistic
    if isOdds && !(base > 0 && base < 1) {
      throw ModelError("the XGBoost model's base_score is \(base), not between 0 and 1")
    }
    var ensemble = TreeEnsemble(
      dialect: .xgboost, link: link, featureNames: names, trees: read,
      baseMargin: isOdds ? Double(LogisticFunction.logit(Float(base))) : base)
    ensemble.baseScore = Float(base)
    ensemble.categories = try texts(model, featureCount: featureCount)
    return ensemble
  }

  private static func tree(
    _ tree: JSONValue, number: Int, featureCount: Int
  ) throws(ModelError) -> DecisionTree {
    func failure(_ reason: String) -> ModelError {
      ModelError("tree \(number) of the XGBoost model \(reason)")
    }
    guard let left = tree["left_children"]?.numbers, let right = tree["right_children"]?.numbers,
      let conditions = tree["split_conditions"]?.numbers,
      let features = tree["split_indices"]?.numbers, let defaults = tree["default_left"]?.numbers
    else { throw failure("is incomplete") }
    let count = left.count
    let none = [Double](repeating: 0, count: count)
    let covers = tree["sum_hessian"]?.numbers ?? none
    let gains = tree["loss_changes"]?.numbers ?? none
    let values = tree["base_weights"]?.numbers ?? none
    let types = tree["split_type"]?.numbers ?? none
    guard count > 0,
      [right, conditions, features, defaults, covers, gains, values, types].allSatisfy({
        $0.count == count
      })
    else { throw failure("has lists of different lengths") }
    guard let sets = categories(tree) else { throw failure("has damaged categories") }
    var nodes: [DecisionTree.Node] = []
    for index in 0..<count {
      if left[index] == -1 {
        nodes.append(.leaf(value: conditions[index], cover: covers[index], rowCount: 0))
        continue
      }
      // Children come after their parent, so that no walk goes round in circles.
      guard let leftChild = Int(exactly: left[index]), let rightChild = Int(exactly: right[index]),
        leftChild > index, rightChild > index, leftChild < count, rightChild < count,
        let feature = Int(exactly: features[index]), feature >= 0, feature < featureCount
      else { throw failure("has node \(index) with a child or feature that is not there") }
      if types[index] != 0 {
        guard let set = sets[index] else { throw failure("has node \(index) without categories") }
        nodes.append(
          DecisionTree.Node(
            feature: feature, threshold: 0, left: rightChild, right: leftChild,
            missingGoesLeft: defaults[index] == 0, missing: .followsDefault, value: values[index],
            cover: covers[index], gain: gains[index], rowCount: 0, categories: set))
        continue
      }
      nodes.append(
        DecisionTree.Node(
          // The text is the shortest that means this 32-bit number.
          feature: feature, threshold: Double(Float(conditions[index])), left: leftChild,
          right: rightChild,
          missingGoesLeft: defaults[index] != 0, missing: .followsDefault, value: values[index],
          cover: covers[index], gain: gains[index], rowCount: 0, categories: nil))
    }
    return DecisionTree(nodes: nodes)
  }
}
