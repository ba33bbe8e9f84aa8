/// Flows between stages, as wide as they are large: what follows what (a Sankey diagram).
public struct FlowChart: Chart {
  public struct Node: Sendable {
    public var name: String
    /// Its column, from 0 on.
    public var stage: Int
    public var color: Color?

    public init(name: String, stage: Int, color: Color? = nil) {
      self.name = name
      self.stage = stage
      self.color = color
    }
  }

  /// From a node to one of the next stage, both by their numbers.
  public struct Link: Sendable {
    public var from: Int
    public var to: Int
    public var value: Double

    public init(from: Int, to: Int, value: Double) {
      self.from = from
      self.to = to
      self.value = value
    }
  }

  public var title: String
  public var subtitle: String
  /// Within a stage from the top.
  public var nodes: [Node]
  public var links: [Link]
  /// Over the stages, from the left; none: they have no titles.
  public var stageTitles: [String]

  public init(
    title: String, subtitle: String = "", nodes: [Node], links: [Link], stageTitles: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.nodes = nodes
    self.links = links
    self.stageTitles = stageTitles
  }

  public var naturalSize: Size {
    let stages = Double((nodes.map(\.stage).max() ?? 1) + 1)
    return Size(width: min(max(900, stages * 170 + 100), 1800), height: 600)
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    var body = Heading(title: title, subtitle: subtitle).draw(on: &drawing, in: frame)
    if !stageTitles.isEmpty { body = body.inset(top: 20) }
    // The names of the last stage stand right of it, as those of the others do.
    let margin = min(widestLabel(drawing.measure) + 8, body.width * 0.2)
    let area = body.inset(right: margin)
    guard let layout = FlowLayout(nodes, links, in: area) else {
      drawing.textIfFree("no data", at: body.center, .center, .subtitle)
      return
    }
    for (stage, x) in layout.stageX.enumerated() where stage < stageTitles.count {
      drawing.textIfFree(
        stageTitles[stage], at: Point(x, body.minY - 20), .topLeading, TextStyle.axisTitle,
        inside: frame)
    }
    for ribbon in layout.ribbons {
      drawing.fill(ribbon.path, color(ribbon.from).opacity(0.32))
    }
    for (number, box) in layout.boxes.enumerated() {
      if let box { drawing.fill(box, color(number)) }
    }
    drawLabels(layout, on: &drawing, body)
  }

  private func color(_ number: Int) -> Color {
    if let color = nodes[number].color { return color }
    // The same name has the same colour in every stage.
    let names = nodes.map(\.name)
    return Palette.category(Set(names[..<(names.firstIndex(of: names[number]) ?? 0)]).count)
  }

  private func label(_ number: Int, _ value: Double) -> String {
    "\(TextCleaning.cleaned(nodes[number].name))  \(NumberFormat.compact.text(value))"
  }

  private func widestLabel(_ measure: TextMeasure) -> Double {
    let last = nodes.map(\.stage).max() ?? 0
    let labels = nodes.indices.filter { nodes[$0].stage == last }.map { label($0, 88_800) }
    return measure.width(widest: labels, .name)
  }

  /// Names and sizes right of the nodes; the largest first, so that the small ones give way.
  private func drawLabels(_ layout: FlowLayout, on drawing: inout Drawing, _ body: Rectangle) {
    let gap = 6.0
    let order = nodes.indices.filter { layout.boxes[$0] != nil }
      .sorted { layout.values[$0] > layout.values[$1] }
    for number in order {
      guard let box = layout.boxes[number] else { continue }
      let isLast = nodes[number].stage == layout.stageX.count - 1
      let room =
        isLast ? body.maxX - box.maxX - gap : layout.stageDistance - FlowLayout.nodeWidth - 2 * gap
      let text = drawing.measure.shortened(
        label(number, layout.values[number]), to: room, .name)
      // A label moves a little, to be put where it is free.
      for step in 0..<7 {
        let shift = Double((step + 1) / 2) * 7 * (step % 2 == 0 ? -1 : 1)
        let spot = Point(box.maxX + gap, box.midY + shift)
        if drawing.textIfFree(text, at: spot, .leading, .name, inside: body) { break }
      }
    }
  }
}
