import ColStore
import Glibc
import Testing

@testable import Plot

@Suite struct PictureTests {
  private var chart: BarChart {
    BarChart(
      title: "Title & <sign>",
      bars: [BarChart.Bar(name: "a", value: 1), .init(name: "b", value: 2)])
  }

  @Test func sameBytesEveryTime() throws {
    for scale in [1.0, 2] {
      #expect(try chart.picture().png(scale: scale) == chart.picture().png(scale: scale))
    }
    #expect(try chart.picture().svg() == chart.picture().svg())
  }

  @Test func scalesPixels() throws {
    let picture = chart.picture(size: Size(width: 300, height: 200))
    #expect(try Pixels(png: picture.png(scale: 1)).width == 300)
    #expect(try Pixels(png: picture.png(scale: 2)).height == 400)
    #expect(throws: PlotError.self) { try picture.png(scale: 0) }
    #expect(throws: PlotError.self) { try picture.png(scale: .nan) }
    #expect(throws: PlotError.self) { try picture.png(scale: 100) }
  }

  @Test func sizesAreBounded() throws {
    for size in [Size(width: -5, height: 0), Size(width: .nan, height: .infinity)] {
      let picture = chart.picture(size: size)
      #expect((120...6000).contains(picture.size.width))
      #expect((80...6000).contains(picture.size.height))
    }
  }

  @Test func escapesText() throws {
    let svg = String(decoding: try chart.picture().svg(), as: UTF8.self)
    #expect(svg.contains("Title &amp; &lt;sign&gt;"))
    #expect(svg.hasSuffix("</svg>\n"))
  }

  @Test func goesByTheEnding() throws {
    let folder = "/tmp/ecq-plot-\(getpid())"
    try makeFolder(folder)
    defer {
      for name in ["a.png", "a.svg"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try chart.picture().write(to: "\(folder)/a.png")
    try chart.picture().write(to: "\(folder)/a.svg")
    #expect(try WholeFile.read("\(folder)/a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try WholeFile.read("\(folder)/a.svg").starts(with: Array("<?xml".utf8)))
    #expect(throws: PlotError.self) { try chart.picture().write(to: "\(folder)/a.jpg") }
    #expect(throws: PlotError.self) { try chart.picture().write(to: "\(folder)/none/a.png") }
    #expect(try chart.picture().svg() == WholeFile.read("\(folder)/a.svg"))
  }

  @Test func lorenzAndGini() {
    #expect(LorenzChart.gini(LorenzChart.points(of: [5, 5, 5, 5])).magnitude < 1e-12)
    let one = LorenzChart.gini(LorenzChart.points(of: [0, 0, 0, 8]))
    #expect((one - 0.75).magnitude < 1e-12)
    #expect(LorenzChart.points(of: []).isEmpty)
    #expect(LorenzChart.gini([]).isNaN)
  }

  @Test func textIsReadableOnEveryColour() {
    for scale in [ColorScale.sequential, .diverging, .viridis] {
      for step in 0...100 {
        let color = scale.color(Double(step) / 100)
        let (a, b) = (color.luminance, color.readableText.luminance)
        let contrast = (max(a, b) + 0.05) / (min(a, b) + 0.05)
        #expect(contrast >= 2.9, "\(step)")
      }
    }
  }
}
