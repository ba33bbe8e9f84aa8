/// Where the nodes and ribbons of a flow chart lie.
///
/// All stages have one scale. A node is as high as the larger of what comes in and what goes out;
/// ribbons leave and arrive in the order of their other ends.
struct FlowLayout {
  struct Ribbon {
    var from: Int
    var path: Path
  }

  static let nodeWidth = 15.0
  private(set) var boxes: [Rectangle?]
  private(set) var values: [Double]
  private(set) var ribbons: [Ribbon] = []
  private(set) var stageX: [Double] = []
  private(set) var stageDistance = 0.0

  /// Nil where there is nothing to show.
  init?(_ nodes: [FlowChart.Node], _ links: [FlowChart.Link], in frame: Rectangle) {
    let links = links.filter { link in
      nodes.indices.contains(link.from) && nodes.indices.contains(link.to)
        && link.value.isUsable && link.value > 0
        && nodes[link.from].stage < nodes[link.to].stage
    }
    boxes = [Rectangle?](repeating: nil, count: nodes.count)
    values = [Double](repeating: 0, count: nodes.count)
    var leaving = values
    var arriving = values
    for link in links {
      leaving[link.from] += link.value
      arriving[link.to] += link.value
    }
    for number in nodes.indices { values[number] = max(leaving[number], arriving[number]) }
    let stages = (nodes.map(\.stage).max() ?? 0) + 1
    guard !links.isEmpty, stages <= 100, frame.height > 30, frame.width > 60 else { return nil }
    stageDistance = (frame.width - FlowLayout.nodeWidth) / Double(max(stages - 1, 1))
    stageX = (0..<stages).map { frame.minX + Double($0) * stageDistance }
    let members = (0..<stages).map { stage in
      nodes.indices.filter { nodes[$0].stage == stage && values[$0] > 0 }
    }
    // The fullest stage decides the scale; gaps take at most a third of the height.
    let most = members.map(\.count).max() ?? 1
    let gap = min(16, frame.height / 3 / Double(max(most, 1)))
    let scale =
      members.map { stage -> Double in
        let sum = stage.reduce(0) { $0 + values[$1] }
        return sum > 0 ? (frame.height - gap * Double(max(stage.count - 1, 0))) / sum : .infinity
      }.min() ?? 0
    guard scale.isFinite, scale > 0 else { return nil }
    for (stage, members) in members.enumerated() {
      var y = frame.minY
      for number in members {
        boxes[number] = Rectangle(
          x: stageX[stage], y: y, width: FlowLayout.nodeWidth,
          height: max(values[number] * scale, 1))
        y += values[number] * scale + gap
      }
    }
    connect(links, scale)
  }

  private mutating func connect(_ links: [FlowChart.Link], _ scale: Double) {
    var start = boxes.map { $0?.minY ?? 0 }
    var end = start
    var spans = [(from: Double, to: Double)](repeating: (0, 0), count: links.count)
    func top(_ number: Int) -> Double { boxes[number]?.minY ?? 0 }
    for index in links.indices.sorted(by: { top(links[$0].to) < top(links[$1].to) }) {
      spans[index].from = start[links[index].from]
      start[links[index].from] += links[index].value * scale
    }
    for index in links.indices.sorted(by: { top(links[$0].from) < top(links[$1].from) }) {
      spans[index].to = end[links[index].to]
      end[links[index].to] += links[index].value * scale
    }
    for (index, link) in links.enumerated() {
      guard let source = boxes[link.from], let target = boxes[link.to] else { continue }
      ribbons.append(
        Ribbon(
          from: link.from,
          path: FlowLayout.ribbon(
            from: Point(source.maxX, spans[index].from), to: Point(target.minX, spans[index].to),
            height: max(link.value * scale, 0.6))))
    }
  }

  private static func ribbon(from start: Point, to end: Point, height: Double) -> Path {
    let middle = (start.x + end.x) / 2
    var path = Path()
    path.segments = [
      .move(start),
      .curve(Point(middle, start.y), Point(middle, end.y), end),
      .line(Point(end.x, end.y + height)),
      .curve(
        Point(middle, end.y + height), Point(middle, start.y + height),
        Point(start.x, start.y + height)),
      .close,
    ]
    return path
  }
}
