/// XGBoost's own JSON format of models (its `doc/model.schema`).
enum XGBoostFile {
  /// A model of XGBoost's dialect as the text that `xgboost.Booster().load_model` reads.
  static func write(_ ensemble: TreeEnsemble, notes: [(String, String)] = []) -> JSONWriter {
    var writer = JSONWriter()
    writer.object { document in
      document.key("learner")
      document.object { learner in write(ensemble, notes, to: &learner) }
      document.key("version")
      document.array([2, 0, 3]) { $0.integer($1) }
    }
    return writer
  }

  private static func write(
    _ ensemble: TreeEnsemble, _ notes: [(String, String)], to learner: inout JSONWriter
  ) {
    let isLogistic = ensemble.link == .logistic
    learner.key("attributes")
    learner.object { attributes in
      for (name, text) in notes {
        attributes.key(name)
        attributes.string(text)
      }
    }
    learner.key("feature_names")
    learner.array(ensemble.featureNames) { $0.string(featureName($1)) }
    learner.key("feature_types")
    var categorical: Set<Int> = []
    for tree in ensemble.trees {
      for node in tree.nodes where node.categories != nil { categorical.insert(node.feature) }
    }
    learner.array(Array(ensemble.featureNames.indices)) { writer, feature in
      writer.string(categorical.contains(feature) ? "c" : "float")
    }
    learner.key("gradient_booster")
    learner.object { booster in
      booster.key("model")
      booster.object { model in writeTrees(ensemble, to: &model) }
      booster.key("name")
      booster.string("gbtree")
    }
    learner.key("learner_model_param")
    learner.object { parameters in
      let base =
        ensemble.baseScore
        ?? (isLogistic
          ? LogisticFunction.sigmoid(Float(ensemble.baseMargin)) : Float(ensemble.baseMargin))
      parameters.key("base_score")
      parameters.string(base.description)
      parameters.key("boost_from_average")
      parameters.string("1")
      parameters.key("num_class")
      parameters.string("0")
      parameters.key("num_feature")
      parameters.string(String(ensemble.featureNames.count))
      parameters.key("num_target")
      parameters.string("1")
    }
    learner.key("objective")
    learner.object { objective in
      objective.key("name")
      objective.string(isLogistic ? "binary:logistic" : "reg:squarederror")
      objective.key("reg_loss_param")
      objective.object { parameter in
        parameter.key("scale_pos_weight")
        parameter.string("1")
      }
    }
  }

  /// XGBoost forbids brackets and `<` in names.
  static func featureName(_ name: String) -> String {
    String(name.map { "[]<".contains($0) ? "_" : $0 })
  }

  private static func writeTrees(_ ensemble: TreeEnsemble, to model: inout JSONWriter) {
    let count = ensemble.trees.count
    model.key("gbtree_model_param")
    model.object { parameters in
      parameters.key("num_parallel_tree")
      parameters.string("1")
      parameters.key("num_trees")
      parameters.string(String(count))
    }
    model.key("iteration_indptr")
    model.array(Array(0...count)) { $0.integer($1) }
    model.key("tree_info")
    model.array(ensemble.trees) { writer, _ in writer.integer(0) }
    model.key("trees")
    model.array(Array(ensemble.trees.enumerated())) { writer, numbered in
      writer.object { tree in
        write(numbered.element, id: numbered.offset, ensemble.featureNames.count, to: &tree)
      }
    }
  }

  private static func write(
    _ tree: DecisionTree, id: Int, _ featureCount: Int, to writer: inout JSONWriter
  ) {
    let nodes = tree.nodes
    var parents = [Int](repeating: Int(Int32.max), count: nodes.count)
    for (index, node) in nodes.enumerated() where !node.isLeaf {
      parents[node.left] = index
      parents[node.right] = index
    }
    func floats(_ key: String, _ value: (DecisionTree.Node) -> Double) {
      writer.key(key)
      writer.array(nodes) { $0.number(Float(value($1))) }
    }
    func integers(_ key: String, _ value: (DecisionTree.Node) -> Int) {
      writer.key(key)
      writer.array(nodes) { $0.integer(value($1)) }
    }
    floats("base_weights") { $0.value }
    writeCategories(nodes, to: &writer)
    integers("default_left") {
      !$0.isLeaf && $0.missingGoesLeft == ($0.categories == nil) ? 1 : 0
    }
    writer.key("id")
    writer.integer(id)
    integers("left_children") { $0.categories == nil ? $0.left : $0.right }
    floats("loss_changes") { $0.gain }
    writer.key("parents")
    writer.array(parents) { $0.integer($1) }
    integers("right_children") { $0.categories == nil ? $0.right : $0.left }
    floats("split_conditions") { $0.isLeaf ? $0.value : $0.threshold }
    integers("split_indices") { max($0.feature, 0) }
    integers("split_type") { $0.categories == nil ? 0 : 1 }
    floats("sum_hessian") { $0.cover }
    writer.key("tree_param")
    writer.object { parameters in
      for (key, value) in [
        ("num_deleted", 0), ("num_feature", featureCount), ("num_nodes", nodes.count),
        ("size_leaf_vector", 1),
      ] {
        parameters.key(key)
        parameters.string(String(value))
      }
    }
  }
}
