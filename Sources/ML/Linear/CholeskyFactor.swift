/// The Cholesky factor of a symmetric positive definite matrix, of which the lower triangle is given.
struct CholeskyFactor {
  private let width: Int
  private var lower: [Double]

  /// Nil where the matrix is not positive definite.
  init?(_ matrix: [Double], width: Int) {
    self.width = width
    lower = matrix
    for column in 0..<width {
      for row in column..<width {
        var sum = lower[row * width + column]
        for k in 0..<column { sum -= lower[row * width + k] * lower[column * width + k] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          lower[row * width + row] = sum.squareRoot()
        } else {
          lower[row * width + column] = sum / lower[column * width + column]
        }
      }
    }
  }

  /// The solution x of matrix · x = `right`.
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for row in 0..<width {
      for k in 0..<row { x[row] -= lower[row * width + k] * x[k] }
      x[row] /= lower[row * width + row]
    }
    for row in (0..<width).reversed() {
      for k in row + 1..<width { x[row] -= lower[k * width + row] * x[k] }
      x[row] /= lower[row * width + row]
    }
    return x
  }

  /// The diagonal of the inverse.
  var inverseDiagonal: [Double] {
    (0..<width).map { place in
      var unit = [Double](repeating: 0, count: width)
      unit[place] = 1
      return solve(unit)[place]
    }
  }
}
