/// How often which class was predicted for which: counts, and shares of the actual class.
public struct ConfusionMatrixChart: Chart {
  public var title: String
  public var subtitle: String
  public var classes: [String]
  /// Of each actual class, how often each class was predicted.
  public var counts: [[Int]]

  public init(title: String, subtitle: String = "", classes: [String], counts: [[Int]]) {
    self.title = title
    self.subtitle = subtitle
    self.classes = classes
    self.counts = counts
  }

  public var naturalSize: Size {
    let side = Double(min(max(classes.count, 2), 12))
    return Size(width: 260 + 130 * side, height: 200 + 90 * side)
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let totals = counts.map { row in row.reduce(0.0) { $0 + Double($1) } }
    let cells = zip(counts, totals).map { row, total in
      row.map { count in
        let share = total > 0 ? Double(count) / total : 0
        return HeatMapChart.Cell(
          share,
          lines: [
            NumberFormat.count.text(Double(count)), NumberFormat.percent(1).text(share),
          ])
      }
    }
    let rows = zip(classes, totals).map { name, total in
      "\(name) (n = \(NumberFormat.count.text(total)))"
    }
    HeatMapChart(
      title: title, subtitle: subtitle, rows: rows, columns: classes, cells: cells,
      format: .percent(0), bounds: 0...1, rowTitle: "actual", columnTitle: "predicted",
      valueTitle: "share of the actual class"
    ).draw(on: &drawing, in: frame)
  }
}
