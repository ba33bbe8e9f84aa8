import ColStore
import Glibc
import Testing

@testable import Plot

/// Pictures against those that were looked at and found good, in `Golden`.
///
/// After a change that is meant, `ECQ_RENEW_GOLDEN=1 swift test … --filter GoldenTests` writes them
/// anew; look at each before it is committed.
@Suite struct GoldenTests {
  private static var folder: String {
    let file = #filePath
    return String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) + "/Golden"
  }

  /// What another version of cairo or of the font may change.
  private static let meanMax = 2.0
  private static let blockMax = 40.0

  @Test(arguments: SampleCharts.all.map(\.name))
  func looksAsItDid(name: String) throws {
    let sample = try #require(SampleCharts.all.first { $0.name == name })
    let bytes = try sample.picture.png(scale: 1)
    let path = "\(GoldenTests.folder)/\(name).png"
    if getenv("ECQ_RENEW_GOLDEN") != nil { try WholeFile.write(bytes, to: path) }
    let (own, golden) = (try Pixels(png: bytes), try Pixels(png: WholeFile.read(path)))
    try #require(own.width == golden.width && own.height == golden.height)
    let distance = own.distance(to: golden)
    let isSame =
      distance.mean <= GoldenTests.meanMax && distance.block <= GoldenTests.blockMax
    if !isSame {
      let actual = "/tmp/\(name).actual.png"
      try WholeFile.write(bytes, to: actual)
      Issue.record("\(name): \(distance); compare \(actual) with \(path)")
    }
  }

  /// What the comparison is for: a text that moved, a mark that is missing, a colour that changed.
  @Test func differencesAreSeen() throws {
    func differs(_ change: (inout BarChart) -> Void) throws -> Bool {
      let bars = (1...5).map { BarChart.Bar(name: "name \($0)", value: Double($0)) }
      var chart = BarChart(title: "A chart", subtitle: "n = 15", bars: bars)
      func pixels() throws -> Pixels {
        try Pixels(png: chart.picture(size: Size(width: 420, height: 280)).png(scale: 1))
      }
      let before = try pixels()
      change(&chart)
      let distance = try pixels().distance(to: before)
      return distance.mean > GoldenTests.meanMax || distance.block > GoldenTests.blockMax
    }
    #expect(try !differs { _ in })
    #expect(try differs { $0.bars[2].name = "" })
    #expect(try differs { $0.bars[2].name = "nine 3" })
    #expect(try differs { $0.bars[0].value = 2 })
    #expect(try differs { $0.bars[0].color = Palette.vermilion })
    #expect(try differs { $0.subtitle = "" })
  }
}
