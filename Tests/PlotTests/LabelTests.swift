import Testing

@testable import Plot

@Suite struct LabelTests {
  /// Charts of all kinds, of names and numbers of all kinds, in all sizes: no text covers another,
  /// and none leaves the page.
  @Test(arguments: 0..<RandomCharts.kinds)
  func noTextCoversAnother(kind: Int) throws {
    for seed in 0..<60 {
      var charts = RandomCharts(seed: UInt64(seed * 100 + kind))
      let chart = charts.chart(kind)
      let picture = chart.picture(size: charts.size(), source: "source")
      let page = Rectangle(
        x: -0.5, y: -0.5, width: picture.size.width + 1, height: picture.size.height + 1)
      for (index, label) in picture.labels.enumerated() {
        #expect(page.contains(label), "kind \(kind), seed \(seed): \(label) leaves \(page)")
        let shrunk = label.inset(by: 0.3)
        let other = picture.labels[..<index].first { $0.overlaps(shrunk) }
        #expect(
          other == nil, "kind \(kind), seed \(seed): \(label) covers \(String(describing: other))")
        if other != nil || !page.contains(label) { return }
      }
      if seed % 10 == 0 {
        #expect(try picture.png(scale: 1).count > 100)
        #expect(try picture.svg().count > 100)
      }
    }
  }

  /// Where there is room, every text has a place.
  @Test(arguments: SampleCharts.all.map(\.name))
  func noTextIsRefused(name: String) throws {
    let sample = try #require(SampleCharts.all.first { $0.name == name })
    #expect(sample.picture.refusedCount == 0)
    #expect(sample.chart.picture(source: "source").refusedCount == 0)
  }

  @Test func shortensToFit() {
    let measure = TextMeasure()
    let text = "appliances.kitchen.refrigerators"
    for limit in stride(from: 5.0, to: 300, by: 7) {
      let shortened = measure.shortened(text, to: limit, .name)
      #expect(measure.width(shortened, .name) <= limit)
      #expect(shortened.isEmpty || shortened == text || shortened.hasSuffix("…"))
    }
    #expect(measure.shortened(text, to: 300, .name) == text)
  }

  @Test func breaksBetweenWords() {
    let measure = TextMeasure()
    let lines = measure.wrapped("categories_viewed_per_session", to: 90, lines: 3, .name)
    #expect(lines == ["categories_", "viewed_per_", "session"])
    for limit in stride(from: 10.0, to: 300, by: 9) {
      let lines = measure.wrapped("one two three four_five.six", to: limit, lines: 2, .name)
      #expect(lines.count <= 2)
      #expect(lines.allSatisfy { measure.width($0, .name) <= limit })
    }
  }

  @Test func controlCharactersBecomeBlanks() {
    #expect(TextCleaning.cleaned("a\nb\u{0}c\u{202E}d") == "a b c d")
    #expect(TextCleaning.cleaned(String(repeating: "x", count: 100_000)).count == 400)
  }
}
