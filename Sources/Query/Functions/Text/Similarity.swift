import ColStore

/// levenshtein, jaccard, jaro_winkler_similarity and their like: how far two texts are apart, by
/// their bytes.
enum Similarity {
  static let functions: [ScalarFunction] = [
    distance("levenshtein", aliases: ["editdist3"]) { edits($0, $1, swaps: false) },
    distance("damerau_levenshtein") { edits($0, $1, swaps: true) },
    distance("hamming", aliases: ["mismatches"]) { left, right throws(QueryError) in
      guard left.count == right.count, left.count > 0 else {
        throw QueryError(.value, "hamming compares texts of one length above 0")
      }
      return zip(left, right).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    },
    share("jaccard") { left, right throws(QueryError) in
      guard !left.isEmpty, !right.isEmpty else {
        throw QueryError(.value, "jaccard compares texts that are not empty")
      }
      let (first, second) = (Set(left), Set(right))
      return Double(first.intersection(second).count) / Double(first.union(second).count)
    },
    share("jaro_similarity") { jaro($0, $1) },
    share("jaro_winkler_similarity") { left, right in
      let similarity = jaro(left, right)
      if similarity <= 0.7 { return similarity }
      let common = zip(left, right).prefix(4).prefix { $0 == $1 }.count
      return similarity + Double(common) * 0.1 * (1 - similarity)
    },
  ]

  private typealias Bytes = [UInt8]

  private static func distance(
    _ name: String, aliases: [String] = [],
    _ body: @escaping @Sendable (Bytes, Bytes) throws(QueryError) -> Int
  ) -> ScalarFunction {
    let overload = ScalarOverload(name: name, [.varchar, .varchar], .bigint, canFail: true) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], StringView.self, StringView.self, Int64.self, to: .bigint,
        count: count, filler: 0
      ) { left, right throws(QueryError) in
        Int64(try body(Array(left.bytes), Array(right.bytes)))
      }
    }
    return ScalarFunction(
      name, aliases: aliases, signature: "\(name)(text, text)", overloads: [overload])
  }

  private static func share(
    _ name: String, _ body: @escaping @Sendable (Bytes, Bytes) throws(QueryError) -> Double
  ) -> ScalarFunction {
    let overload = ScalarOverload(name: name, [.varchar, .varchar], .double, canFail: true) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], StringView.self, StringView.self, Double.self, to: .double,
        count: count, filler: 0
      ) { left, right throws(QueryError) in try body(Array(left.bytes), Array(right.bytes)) }
    }
    return ScalarFunction(name, signature: "\(name)(text, text)", overloads: [overload])
  }

  /// The fewest insertions, deletions, replacements (and swaps of neighbours) between two texts.
  private static func edits(_ left: Bytes, _ right: Bytes, swaps: Bool) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    if !swaps {
      var previous = Array(0...right.count)
      for (i, byte) in left.enumerated() {
        var current = [i + 1]
        for (j, other) in right.enumerated() {
          current.append(
            min(previous[j] + (byte == other ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
        }
        previous = current
      }
      return previous[right.count]
    }
    // Lowrance and Wagner: what was swapped may be edited further.
    let limit = left.count + right.count
    let width = right.count + 2
    var cost = [Int](repeating: 0, count: (left.count + 2) * width)
    cost[0] = limit
    for i in 0...left.count {
      cost[(i + 1) * width] = limit
      cost[(i + 1) * width + 1] = i
    }
    for j in 0...right.count {
      cost[j + 1] = limit
      cost[width + j + 1] = j
    }
    var lastRow = [Int](repeating: 0, count: 256)
    for i in 1...left.count {
      var lastColumn = 0
      for j in 1...right.count {
        let row = lastRow[Int(right[j - 1])]
        let column = lastColumn
        let isSame = left[i - 1] == right[j - 1]
        if isSame { lastColumn = j }
        cost[(i + 1) * width + j + 1] = min(
          cost[i * width + j] + (isSame ? 0 : 1), cost[(i + 1) * width + j] + 1,
          cost[i * width + j + 1] + 1,
          cost[row * width + column] + (i - row - 1) + 1 + (j - column - 1))
      }
      lastRow[Int(left[i - 1])] = i
    }
    return cost[(left.count + 1) * width + right.count + 1]
  }

  private static func jaro(_ left: Bytes, _ right: Bytes) -> Double {
    if left.isEmpty || right.isEmpty { return 0 }
    let reach = max(max(left.count, right.count) / 2 - 1, 0)
    var leftMatched = [Bool](repeating: false, count: left.count)
    var rightMatched = [Bool](repeating: false, count: right.count)
    var matches = 0
    for i in left.indices {
      let low = max(i - reach, 0)
      let high = min(i + reach, right.count - 1)
      if low > high { continue }
      for j in low...high where !rightMatched[j] && left[i] == right[j] {
        leftMatched[i] = true
        rightMatched[j] = true
        matches += 1
        break
      }
    }
    if matches == 0 { return 0 }
    let first = left.indices.filter { leftMatched[$0] }.map { left[$0] }
    let second = right.indices.filter { rightMatched[$0] }.map { right[$0] }
    let moved = zip(first, second).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) } / 2
    let count = Double(matches)
    return
      (count / Double(left.count) + count / Double(right.count)
      + (count - Double(moved)) / count) / 3
  }
}
