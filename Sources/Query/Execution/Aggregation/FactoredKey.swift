import ColStore

/// A key of several columns as a function of few values: the sizes of `concat(brand, '-', event_type)`
/// are those of two dictionaries. Parts of the key that have domains of their own are its factors; the
/// key is evaluated once for each combination of their values.
struct FactoredKey: Sendable {
  let factors: [KeyDomain]
  /// The number of each combination, the last factor changing fastest.
  let numbers: Buffer
  /// The distinct values of the key.
  let values: Vector

  init?(_ key: CompiledExpression, _ input: Pipeline, _ evaluator: Evaluator) {
    guard key.columns.count > 1, let rows = input.rowLimit else { return nil }
    var factors = Factors(input, evaluator, sizeMax: Granules.countMax(rows))
    guard let factored = factors.replaced(key) else { return nil }
    let combinations = Batch(
      columns: DirectGrouping(factors.domains, evaluator, marksSeen: false).keys(),
      rowCount: factors.size)
    guard let distinct = KeyDomain.distinctResults(factored, combinations, evaluator)
    else { return nil }
    self.factors = factors.domains
    (numbers, values) = distinct
  }

  /// The factors that were found so far.
  private struct Factors {
    private let input: Pipeline
    private let evaluator: Evaluator
    private let sizeMax: Int
    private(set) var domains: [KeyDomain] = []
    private(set) var size = 1
    /// The factors that are columns with a dictionary.
    private var byColumn: [Int: Int] = [:]

    init(_ input: Pipeline, _ evaluator: Evaluator, sizeMax: Int) {
      self.input = input
      self.evaluator = evaluator
      self.sizeMax = sizeMax
    }

    /// `expression` over the factors in place of the columns; nil where they are too many.
    mutating func replaced(_ expression: CompiledExpression) -> CompiledExpression? {
      if expression.columns.isEmpty { return expression }
      if expression.columns.count == 1, input.facts(expression.columns[0]).dictionary != nil {
        let column = expression.columns[0]
        guard
          let factor = byColumn[column]
            ?? add(CompiledExpression(column: column, type: input.types[column]))
        else { return nil }
        byColumn[column] = factor
        return expression.replacingColumn(with: factor)
      }
      if expression.columns.count == 1 || expression.type == .boolean {
        if let factor = add(expression) {
          return CompiledExpression(column: factor, type: expression.type)
        }
      }
      if expression.bareColumn != nil { return nil }
      var children: [CompiledExpression] = []
      for child in CompiledExpression.children(of: expression.node) {
        guard let child = replaced(child) else { return nil }
        children.append(child)
      }
      return expression.replacingChildren(children)
    }

    private mutating func add(_ expression: CompiledExpression) -> Int? {
      guard let domain = KeyDomain(expression, input, evaluator, sizeMax: sizeMax),
        size * max(domain.size, 1) <= sizeMax
      else { return nil }
      size *= max(domain.size, 1)
      domains.append(domain)
      return domains.count - 1
    }
  }
}
