import ColStore
import Query

/// `predict('model', value, …)` in SQL: what a model makes of values, as `ecq predict` does of a
/// store's rows. Of a classifier the probability, of k-means the number of the cluster.
///
/// Values come in the order of the model's features, or by name (`num_views := 3`); features that
/// are not given by name are the columns of that name. Features `brand=a`, `brand=b` come from one
/// text, `brand`.
public enum PredictFunction {
  public static let function = ScalarFunction(
    "predict", signature: "predict('model' [, value, … | feature := value, …])",
    parameters: { (literals) throws(QueryError) in
      let names = try model(literals).argumentNames
      // The model alone: all else by name.
      guard literals.count == 1 || literals.count == names.count + 1 else {
        throw QueryError(
          .value,
          "the model takes \(names.count) values (\(names.joined(separator: ", "))), "
            + "but \(literals.count - 1) are given")
      }
      return ["model"] + names
    },
    resolve: { (types, literals) throws(QueryError) in try overload(types, literals) })

  private static let models = ModelCache()

  private static func model(_ literals: [Value?]) throws(QueryError) -> SQLModel {
    guard case .string(let path)?? = literals.first else {
      throw QueryError(
        .type, "the first argument of predict is the path of a model's file, a text in quotes")
    }
    do {
      return try models.model(at: path)
    } catch { throw QueryError(.storage, error.description) }
  }

  private static func overload(
    _ types: [DataType], _ literals: [Value?]
  ) throws(QueryError) -> ScalarOverload {
    let model = try model(literals)
    // A bare NULL is a value that is missing.
    let given = types.dropFirst().map { $0 == .null ? .double : $0 }
    let bindings: [FeatureBinding]
    do {
      bindings = try model.bindings(of: given)
    } catch { throw QueryError(.type, error.description) }
    return ScalarOverload(
      name: "predict", [.varchar] + given, model.resultType, nulls: .custom
    ) { (arguments, count) in
      model.results(Array(arguments.dropFirst()), bindings, count)
    }
  }
}
