/// How a line is drawn.
struct Stroke: Hashable, Sendable {
  var color: Color
  var width = 1.0
  /// Lengths of dashes and gaps; none: a line in one.
  var dashes: [Double] = []
}
