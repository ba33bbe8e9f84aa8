import ColStore

/// Where the values of one feature are cut into bins: at most 256 codes, the missing one included.
///
///     belowCut         bin b holds cuts[b - 1] ≤ x < cuts[b]      (XGBoost: left where x < cut)
///     atMostCut        bin b holds cuts[b - 1] < x ≤ cuts[b]      (LightGBM: left where x ≤ cut)
///
/// There is one bin more than cuts; where a training row misses the value, the code after the last
/// bin stands for that.
struct BinBorders: Equatable, Sendable {
  enum Side: Sendable {
    case belowCut
    case atMostCut
  }

  /// The most codes of a feature: what a byte holds.
  static let codesMax = 256

  let cuts: [Double]
  let side: Side
  /// Whether a training row has no value.
  let hasMissing: Bool
  /// The least and greatest training value; NaN where there is none.
  let minimum: Double
  let maximum: Double
  /// A category for each bin in place of cuts, where the feature is categorical.
  var categories: [Int]? = nil

  var binCount: Int { categories?.count ?? cuts.count + 1 }
  /// Codes in use: bins, and one for missing values.
  var codeCount: Int { binCount + (hasMissing ? 1 : 0) }
  /// The code of a missing value: where the training rows have none, the bin in which libraries
  /// look for it is of no account, for splits then send it where `missingGoesLeft` says.
  var missingCode: Int { binCount }

  /// The cut between bin `bin` and the next; beyond the ends, a number no value reaches.
  func threshold(after bin: Int) -> Double {
    if bin >= 0 && bin < cuts.count { return cuts[bin] }
    switch side {
    case .belowCut:
      let most = Double(Float.greatestFiniteMagnitude)
      return bin < 0 ? -most : most
    case .atMostCut: return bin < 0 ? -1e300 : 1e300
    }
  }

  /// Writes the code of each value. `table`, where there is one, has the bins of the integers from
  /// `minimum` on.
  func write(
    _ values: UnsafeBufferPointer<Double>, table: [UInt8]?,
    into codes: UnsafeMutablePointer<UInt8>
  ) {
    let missing = UInt8(truncatingIfNeeded: missingCode)
    if let table, !table.isEmpty {
      return table.withUnsafeBufferPointer { table in
        let last = Double(table.count - 1)
        let minimum = minimum
        var row = 0
        while row < values.count {
          let value = values[row]
          let given = value - minimum
          let raised = given > 0 ? given : 0
          let offset = raised < last ? raised : last
          // A test row may have what no training row has: a fraction, which belongs to a bin beside.
          let rounded = (offset + 6_755_399_441_055_744) - 6_755_399_441_055_744
          if rounded == offset && value == value {
            codes[row] = table[Int(smallInteger(offset))]
          } else {
            codes[row] = value.isNaN ? missing : UInt8(truncatingIfNeeded: bin(of: value))
          }
          row &+= 1
        }
      }
    }
    var row = 0
    while row < values.count {
      let value = values[row]
      codes[row] = value.isNaN ? missing : UInt8(truncatingIfNeeded: bin(of: value))
      row &+= 1
    }
  }

  /// The bin of a value that is not missing: a branchless binary search.
  @inline(__always)
  func bin(of value: Double) -> Int {
    cuts.withUnsafeBufferPointer { cuts in
      var first = 0
      var count = cuts.count
      while count > 0 {
        let half = count >> 1
        let cut = cuts[first &+ half]
        let isRight = side == .belowCut ? value >= cut : value > cut
        first = isRight ? first &+ half &+ 1 : first
        count = isRight ? count &- half &- 1 : half
      }
      return first
    }
  }
}
