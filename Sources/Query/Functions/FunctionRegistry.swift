/// Every function by name.
enum FunctionRegistry {
  /// One line a function or family; the order is that of the documentation, and of help texts.
  static let scalars: [ScalarFunction] =
    Comparison.functions
    + Arithmetic.functions
    + Like.functions
    + [Glob.function]
    + Conditionals.functions
    + CaseMapping.functions
    + Lengths.functions
    + Search.functions
    + Slices.functions
    + Trimming.functions
    + Building.functions
    + RegexFunctions.functions
    + Digits.functions
    + Digests.functions
    + Similarity.functions
    + Graphemes.functions
    + Paths.functions
    + Formatting.functions
    + ListMaking.functions
    + ListParts.functions + ListSelection.functions
    + ListSearch.functions
    + ListOrder.functions
    + ListAggregation.functions + ListDistances.functions
    + TextLists.functions
    + Rounding.functions
    + DoubleFunctions.functions
    + IntegerFunctions.functions
    + DateDiff.functions
    + DateMaking.functions
    + DateText.functions
    + [
      DateTrunc.function,
      DatePart.function,
      DatePart.single(.year, "year"),
      DatePart.single(.month, "month"),
      DatePart.single(.day, "day", aliases: ["dayofmonth"]),
      DatePart.single(.hour, "hour"),
      DatePart.single(.minute, "minute"),
      DatePart.single(.second, "second"),
      DatePart.single(.millisecond, "millisecond"),
      DatePart.single(.microsecond, "microsecond"),
      DatePart.single(.quarter, "quarter"),
      DatePart.single(.decade, "decade"),
      DatePart.single(.century, "century"),
      DatePart.single(.millennium, "millennium"),
      DatePart.single(.era, "era"),
      DatePart.single(.week, "week", aliases: ["weekofyear"]),
      DatePart.single(.isoyear, "isoyear"),
      DatePart.single(.yearweek, "yearweek"),
      DatePart.single(.dayofyear, "dayofyear"),
      DatePart.single(.dow, "dayofweek", aliases: ["weekday"]),
      DatePart.single(.isodow, "isodow"),
      DatePart.single(.epoch, "epoch"),
      DatePart.single(.julian, "julian"),
    ]

  static let aggregates: [AggregateFunction] =
    [
      Count.function,
      Count.star,
      Count.countIf,
      Sum.sum,
      Sum.average,
      MinMax.min,
      MinMax.max,
    ]
    + FirstLast.functions
    + Moments.functions
    + FoldingAggregates.functions
    + Shapes.functions
    + Quantiles.functions
    + [Histogram.function]
    + CompensatedSum.functions
    + Gathering.functions
    + [Retention.function, WindowFunnel.function]
    + SequenceAggregates.functions

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
        let key = name.lowercased()
        precondition(byName[key] == nil, "the function \(name) is registered once")
        byName[key] = function
      }
    }
    return byName
  }
}
