/// Charts in a grid under one title.
public struct Dashboard: Chart {
  public struct Panel {
    public var chart: any Chart
    /// How many columns and rows of the grid it takes.
    public var columns: Int
    public var rows: Int

    public init(_ chart: any Chart, columns: Int = 1, rows: Int = 1) {
      self.chart = chart
      self.columns = max(columns, 1)
      self.rows = max(rows, 1)
    }
  }

  public var title: String
  public var subtitle: String
  public var columns: Int
  /// Placed from left to right, then downwards, each where it first fits.
  public var panels: [Panel]
  /// Of a field of the grid.
  public var panelSize: Size

  public init(
    title: String, subtitle: String = "", columns: Int, panels: [Panel],
    panelSize: Size = Size(width: 560, height: 380)
  ) {
    self.title = title
    self.subtitle = subtitle
    self.columns = min(max(columns, 1), 12)
    self.panels = panels
    self.panelSize = panelSize
  }

  private static let gap = 30.0

  public var naturalSize: Size {
    let rows = Double(max(places.rows, 1))
    let columns = Double(columns)
    return Size(
      width: columns * panelSize.width + (columns - 1) * Dashboard.gap + 36,
      height: rows * panelSize.height + (rows - 1) * Dashboard.gap + 110)
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let body = Heading(title: title, subtitle: subtitle).draw(on: &drawing, in: frame)
      .inset(top: 8)
    let (places, rows) = places
    guard rows > 0 else {
      drawing.textIfFree("no data", at: body.center, .center, .subtitle)
      return
    }
    let gap = Dashboard.gap
    let width = (body.width - gap * Double(columns - 1)) / Double(columns)
    let height = (body.height - gap * Double(rows - 1)) / Double(rows)
    guard width > 40, height > 40 else { return }
    let wasPanel = drawing.isPanel
    drawing.isPanel = true
    defer { drawing.isPanel = wasPanel }
    for (panel, place) in zip(panels, places) {
      let spanned = min(panel.columns, columns)
      panel.chart.draw(
        on: &drawing,
        in: Rectangle(
          x: body.minX + Double(place.column) * (width + gap),
          y: body.minY + Double(place.row) * (height + gap),
          width: width * Double(spanned) + gap * Double(spanned - 1),
          height: height * Double(panel.rows) + gap * Double(panel.rows - 1)))
    }
  }

  /// The upper left field of each panel, and how many rows there are.
  private var places: (places: [(column: Int, row: Int)], rows: Int) {
    var taken: [[Bool]] = []
    var places: [(column: Int, row: Int)] = []
    for panel in panels {
      let width = min(panel.columns, columns)
      var row = 0
      search: while true {
        while taken.count < row + panel.rows {
          taken.append([Bool](repeating: false, count: columns))
        }
        for column in 0...(columns - width) {
          let isFree = !(row..<(row + panel.rows)).contains { line in
            taken[line][column..<(column + width)].contains(true)
          }
          guard isFree else { continue }
          for line in row..<(row + panel.rows) {
            for field in column..<(column + width) { taken[line][field] = true }
          }
          places.append((column, row))
          break search
        }
        row += 1
      }
    }
    return (places, taken.count)
  }
}
