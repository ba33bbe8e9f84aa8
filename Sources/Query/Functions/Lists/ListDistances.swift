import ColStore

/// list_distance, list_inner_product, list_cosine_similarity and kin: lists of numbers as vectors.
enum ListDistances {
  static let functions: [ScalarFunction] = [
    function("list_distance", aliases: ["array_distance"]) { left, right in
      zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    },
    function("list_inner_product", aliases: ["list_dot_product"], product),
    function("list_negative_inner_product", aliases: ["list_negative_dot_product"]) {
      -product($0, $1)
    },
    function("list_cosine_similarity", cosine),
    function("list_cosine_distance") { 1 - cosine($0, $1) },
  ]

  private typealias Elements = UnsafeBufferPointer<Double>

  private static func product(_ left: Elements, _ right: Elements) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func cosine(_ left: Elements, _ right: Elements) -> Double {
    let cosine =
      product(left, right) / (product(left, left) * product(right, right)).squareRoot()
    return cosine.isNaN ? cosine : min(max(cosine, -1), 1)
  }

  private static func function(
    _ name: String, aliases: [String] = [],
    _ body: @escaping @Sendable (Elements, Elements) -> Double
  ) -> ScalarFunction {
    let type = DataType.list(.double)
    let overload = ScalarOverload(name: name, [type, type], .double, canFail: true) {
      arguments, count throws(QueryError) in
      let lists = arguments.map { ListRows($0) }
      let elements = lists.map { $0.elements.flat() }
      let numbers = elements.map { Elements(start: $0.pointer(Double.self), count: $0.count) }
      var output = FlatBuilder<Double>(count: count)
      for row in 0..<count {
        if lists.contains(where: { $0.isNull(row) }) {
          output.setNull(row, filler: 0)
          continue
        }
        let (left, right) = (lists[0][row], lists[1][row])
        guard left.count == right.count else {
          throw QueryError(
            .value, "the lists of \(name) have \(left.count) and \(right.count) elements")
        }
        for (elements, range) in zip(elements, [left, right])
        where elements.mayHaveNulls && range.contains(where: { elements.isNull($0) }) {
          throw QueryError(.value, "a list of \(name) has a NULL")
        }
        output[row] = body(
          Elements(rebasing: numbers[0][left]), Elements(rebasing: numbers[1][right]))
      }
      return withExtendedLifetime((arguments, elements)) { output.finish(.double) }
    }
    let signature = "\(name)(list, list)"
    return ScalarFunction(name, aliases: aliases, signature: signature) {
      types, _ throws(QueryError) in
      guard types.count == 2,
        types.allSatisfy({
          $0 == .null || $0 == .list(.null) || ($0.isList && $0.element.isNumeric)
        })
      else { throw ImplicitCast.mismatch(name, types, signature) }
      return overload
    }
  }
}
