import ColStore

/// A dictionary that has the values of a key on both sides of a join, whose codes are as good as keys.
final class SharedDictionary: Sendable {
  let dictionary: Vector
  /// Looks up the few vectors that are not coded.
  private let index: DictionaryIndex

  var count: Int { dictionary.count }

  /// Nil where the sides' columns do not share one, or entries that differ may be equal (0.0 and -0.0).
  init?(
    _ left: CompiledExpression, _ probe: Pipeline, _ right: CompiledExpression, _ build: Pipeline
  ) {
    guard let probed = left.bareColumn, let built = right.bareColumn,
      let dictionary = probe.facts(probed).dictionary, dictionary.type != .double,
      build.facts(built).dictionary === dictionary
    else { return nil }
    self.dictionary = dictionary
    index = DictionaryIndex(dictionary)
  }

  /// Calls `body` with the code of each row, or nil where the row's place among the entries is its code.
  func withCodes(of keys: Vector, _ body: (UnsafePointer<UInt32>?) -> Void) {
    if keys === dictionary { return body(nil) }
    if keys.dictionary === dictionary, let codes = keys.codes {
      body(codes)
      return withExtendedLifetime(keys) {}
    }
    let found = index.codes(of: keys, count: keys.count)
    body(UnsafePointer(found.pointer(UInt32.self)))
    withExtendedLifetime(found) {}
  }

  /// The codes as whole numbers; NULL for NULL.
  func numbers(of keys: Vector) -> Vector {
    var numbers = FlatBuilder<Int64>(count: keys.count)
    let hasNulls = keys.mayHaveNulls
    withCodes(of: keys) { codes in
      for row in 0..<keys.count {
        if hasNulls, keys.isNull(row) {
          numbers.setNull(row, filler: 0)
        } else {
          numbers[row] = codes.map { Int64($0[row]) } ?? Int64(row)
        }
      }
    }
    return numbers.finish(.bigint)
  }
}
