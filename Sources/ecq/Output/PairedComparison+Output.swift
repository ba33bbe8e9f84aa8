import ML
import Plot
import Query

extension PairedComparison {
  /// A row a metric.
  var table: SmallTable {
    var table = SmallTable(
      fields: [Field(name: "metric", type: .varchar)]
        + ["champion", "with_feature", "difference", "low", "high"].map {
          Field(name: $0, type: .double)
        } + [Field(name: "is_clear", type: .boolean)])
    for difference in differences {
      table.rows.append(
        [.string(difference.metric)]
          + [
            difference.first, difference.second, difference.difference,
            difference.interval.lowerBound, difference.interval.upperBound,
          ].map { .double($0) } + [.bool(difference.isClear)])
    }
    return table
  }

  func chart(adding names: [String], to champion: String) -> IntervalChart {
    IntervalChart(
      title: "\(champion) with \(names.joined(separator: ", ")): what changes",
      subtitle: "n = \(counted(rowCount, "test row")), paired; 95 % intervals; log loss: less is "
        + "better",
      estimates: differences.map {
        IntervalChart.Estimate(
          name: $0.metric, value: $0.difference, low: $0.interval.lowerBound,
          high: $0.interval.upperBound)
      }, x: ValueAxis("difference", format: .decimal(4)), reference: 0)
  }
}
