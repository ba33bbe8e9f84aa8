/// Every function by name.
enum FunctionRegistry {
  /// One line a function, by family; the order is that of the documentation, and of help texts.
  static let scalars: [ScalarFunction] = []

  static let aggregates: [AggregateFunction] = []

  private static let scalarsByName = index(scalars.map { ([$0.name] + $0.aliases, $0) })
  private static let aggregatesByName = index(aggregates.map { ([$0.name] + $0.aliases, $0) })

  /// Looks a scalar function or operator up, in any case.
  static func scalar(_ name: String) -> ScalarFunction? {
    scalarsByName[name] ?? scalarsByName[name.lowercased()]
  }

  /// Looks an aggregate up, in any case.
  static func aggregate(_ name: String) -> AggregateFunction? {
    aggregatesByName[name] ?? aggregatesByName[name.lowercased()]
  }

  /// All names and aliases, for suggestions and completion.
  static var names: [String] {
    scalars.flatMap { [$0.name] + $0.aliases } + aggregates.flatMap { [$0.name] + $0.aliases }
  }

  private static func index<Function>(
    _ functions: [(names: [String], function: Function)]
  ) -> [String: Function] {
    var byName: [String: Function] = [:]
    for (names, function) in functions {
      for name in names {
        precondition(byName[name] == nil, "the function \(name) is registered once")
        byName[name] = function
      }
    }
    return byName
  }
}
