import Glibc

/// The logistic function and its inverse.
enum LogisticFunction {
  /// 1 / (1 + e^−x), without overflow.
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// As XGBoost computes it, which keeps e^−x a finite 32-bit number.
  static func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(min(-x, 88.7)) + 1e-16) }

  /// The log odds of a probability, as XGBoost computes them.
  static func logit(_ p: Float) -> Float { -logf(1 / p - 1) }

  /// The log odds of a probability.
  static func logit(_ p: Double) -> Double { log(p / (1 - p)) }
}
