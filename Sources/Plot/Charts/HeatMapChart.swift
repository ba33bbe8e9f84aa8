/// A grid of numbers as colours, with the numbers in the cells where they have room.
public struct HeatMapChart: Chart {
  public struct Cell: Sendable {
    /// What the colour stands for; nil: there is nothing.
    public var value: Double?
    /// What is written; nil: the value.
    public var lines: [String]?
    /// Whether it is not known yet, and hatched.
    public var isIncomplete: Bool

    public init(_ value: Double?, lines: [String]? = nil, isIncomplete: Bool = false) {
      self.value = value
      self.lines = lines
      self.isIncomplete = isIncomplete
    }
  }

  public enum Coloring: Sendable {
    /// From pale to dark, from the least to the greatest; or from 0.
    case sequential(fromZero: Bool)
    /// Blue below, red above a middle.
    case diverging(middle: Double)
  }

  public var title: String
  public var subtitle: String
  public var rows: [String]
  public var columns: [String]
  /// A list of cells a row.
  public var cells: [[Cell]]
  public var format: NumberFormat
  public var coloring: Coloring
  /// The values at the ends of the colours; nil: the data's.
  public var bounds: ClosedRange<Double>?
  public var rowTitle: String
  public var columnTitle: String
  /// What the values are, beside the colours.
  public var valueTitle: String
  /// Whether columns follow each other as numbers do, so that some names may be left out.
  public var columnsAreSequence: Bool
  /// What hatched cells are; empty: they are not explained.
  public var incompleteName: String

  public init(
    title: String, subtitle: String = "", rows: [String], columns: [String], cells: [[Cell]],
    format: NumberFormat = .count, coloring: Coloring = .sequential(fromZero: true),
    bounds: ClosedRange<Double>? = nil, rowTitle: String = "", columnTitle: String = "",
    valueTitle: String = "", columnsAreSequence: Bool = false, incompleteName: String = ""
  ) {
    self.title = title
    self.subtitle = subtitle
    self.rows = rows
    self.columns = columns
    self.cells = cells
    self.format = format
    self.coloring = coloring
    self.bounds = bounds
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.valueTitle = valueTitle
    self.columnsAreSequence = columnsAreSequence
    self.incompleteName = incompleteName
  }

  /// No more rows or columns are drawn.
  private static let linesMax = 200

  public var naturalSize: Size {
    let height = 170 + 28 * Double(min(max(rows.count, 4), 40))
    let width = 200 + 46 * Double(min(max(columns.count, 10), 36))
    return Size(width: max(width, 760), height: height)
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let rowCount = min(rows.count, HeatMapChart.linesMax)
    let columnCount = min(columns.count, HeatMapChart.linesMax)
    var heading = Heading(title: title, subtitle: subtitle)
    if rowCount < rows.count || columnCount < columns.count {
      heading.subtitle += " (the first \(rowCount) rows and \(columnCount) columns)"
    }
    let body = heading.draw(on: &drawing, in: frame)
    let shown = cells.prefix(rowCount).map { $0.prefix(columnCount) }
    let domain = domain(shown.joined().compactMap(\.value))
    let hasIncomplete = shown.joined().contains { $0.isIncomplete }
    var panel = Panel(
      heading: Heading(title: ""),
      x: Axis(
        scale: .band(columnCount), title: columnTitle, names: columns,
        isSequence: columnsAreSequence),
      y: Axis(scale: .band(rowCount), title: rowTitle, names: rows))
    guard rowCount > 0, columnCount > 0, shown.joined().contains(where: { $0.value != nil }) else {
      panel.draw(on: &drawing, in: body)
      return
    }
    let ramp = ColorRamp(
      scale: scale, domain: domain, format: format, title: valueTitle,
      incompleteName: hasIncomplete ? incompleteName : "")
    let rest = ramp.draw(on: &drawing, in: body)
    let fields = shown.enumerated().flatMap { row, line in
      line.enumerated().map { column, cell in field(cell, row, column, domain) }
    }
    panel.marks = [CellsMark(fields)]
    panel.draw(on: &drawing, in: rest)
  }

  private func field(
    _ cell: Cell, _ row: Int, _ column: Int, _ domain: ClosedRange<Double>
  ) -> CellsMark.Cell {
    let value = cell.value.flatMap { $0.isUsable ? $0 : nil }
    let extent = domain.upperBound - domain.lowerBound
    var color = Theme.missing
    if let value {
      color = scale.color(extent > 0 ? (value - domain.lowerBound) / extent : 0.5)
      if cell.isIncomplete { color = color.tint(0.45) }
    }
    let lines = cell.lines ?? value.map { [format.text($0)] } ?? []
    return CellsMark.Cell(
      column: column, row: row, color: color, lines: lines,
      isHatched: cell.isIncomplete)
  }

  private var scale: ColorScale {
    if case .diverging = coloring { return .diverging }
    return .sequential
  }

  private func domain(_ values: [Double]) -> ClosedRange<Double> {
    if let bounds, bounds.lowerBound.isUsable, bounds.upperBound.isUsable { return bounds }
    let range = values.usableRange ?? 0...1
    switch coloring {
    case .sequential(let fromZero):
      return fromZero && range.lowerBound > 0 ? 0...range.upperBound : range
    case .diverging(let middle):
      let reach = max(
        (range.upperBound - middle).magnitude, (middle - range.lowerBound).magnitude)
      return (middle - reach)...(middle + reach)
    }
  }
}
