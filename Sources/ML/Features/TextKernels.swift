import ColStore

/// Turns vectors of texts into doubles.
enum TextKernels {
  /// Writes `number` of each row's text; of a dictionary's texts, once each.
  ///
  /// - Returns: How many rows are NaN.
  static func write(
    _ vector: Vector, into target: UnsafeMutablePointer<Double>, ofNull: Double,
    number: (String) -> Double
  ) -> Int {
    precondition(vector.type == .varchar, "the column is text")
    let texts = vector.pointer(StringView.self)
    var known: [Int: Double] = [:]
    var missing = 0
    for row in 0..<vector.count {
      let position = vector.position(of: row)
      let value: Double
      if let validity = vector.validity, validity[position] == 0 {
        value = ofNull
      } else if vector.layout == .flat {
        value = number(texts[position].string)
      } else if let found = known[position] {
        value = found
      } else {
        value = number(texts[position].string)
        known[position] = value
      }
      target[row] = value
      missing &+= value.isNaN ? 1 : 0
    }
    return missing
  }

  /// The distinct texts of a column, sorted; nil where there are more than `limit`.
  static func distinct(
    _ source: any RowSource, column: Int, limit: Int
  ) throws(ModelError) -> [String]? {
    var texts: Set<String> = []
    let reader = source.makeReader()
    for morsel in source.morsels {
      do {
        let vector = try reader.read(column: column, of: morsel)
        var seen: Set<Int> = []
        for row in 0..<vector.count where !vector.isNull(row) {
          let position = vector.position(of: row)
          if vector.layout != .flat, !seen.insert(position).inserted { continue }
          texts.insert(vector.pointer(StringView.self)[position].string)
        }
      } catch {
        throw ModelError("the data cannot be read: \(error)")
      }
      if texts.count > limit { return nil }
    }
    return texts.sorted()
  }
}
