/// What a split must be worth, and what a leaf's value is: second-order gain with the regularisation
/// of the two libraries.
///
/// With G and H the sums of first and second derivatives of a node's rows, T the soft threshold by
/// α:  value = −T(G) / (H + λ),  gain = T(G_l)²/(H_l + λ) + T(G_r)²/(H_r + λ) − T(G)²/(H + λ).
struct SplitRule: Sendable {
  /// Which of equal splits is taken, and how counts and gains are known.
  enum Flavour: Sendable {
    /// Lower cuts first; gains compare as 32-bit numbers.
    case xgboost
    /// Higher cuts first; rows are counted by their share of H.
    case lightgbm
    /// As `xgboost`; H is the weight of rows, and gains need only be positive.
    case forest
  }

  var flavour = Flavour.xgboost
  var regLambda = 1.0
  var regAlpha = 0.0
  /// XGBoost's `gamma`, LightGBM's `min_gain_to_split`.
  var gainMin = 0.0
  var childWeightMin = 1.0
  /// LightGBM's `min_child_samples`.
  var childRowsMin = 0
  /// Edges from the root at most; nil: no limit.
  var depthMax: Int? = 6
  /// Leaves at most; nil: no limit.
  var leavesMax: Int?
  /// By feature: 1 where the prediction may only rise with it, −1 only fall, 0 either; empty: free.
  var monotone: [Int] = []
  /// Features tried at each node; nil: all.
  var featuresPerNode: Int?
  var categorical = CategoricalRule()

  /// LightGBM's parameters of categorical splits.
  struct CategoricalRule: Sendable {
    var oneHotMax = 4
    var smoothing = 10.0
    var regLambda = 10.0
    var categoriesMax = 32
    var groupRowsMin = 100
  }

  @inline(__always)
  func thresholded(_ g: Double) -> Double {
    if regAlpha == 0 { return g }
    return g > regAlpha ? g - regAlpha : g < -regAlpha ? g + regAlpha : 0
  }

  @inline(__always)
  func value(_ g: Double, _ h: Double) -> Double {
    let weight = h + regLambda
    return weight > 0 ? -thresholded(g) / weight : 0
  }

  @inline(__always)
  func gain(_ g: Double, _ h: Double) -> Double {
    let t = thresholded(g)
    let weight = h + regLambda
    return weight > 0 ? t * t / weight : 0
  }

  /// The gain of a node whose value is not free to be the best one.
  @inline(__always)
  func gain(_ g: Double, _ h: Double, value: Double) -> Double {
    -(2 * thresholded(g) * value + (h + regLambda) * value * value)
  }
}
