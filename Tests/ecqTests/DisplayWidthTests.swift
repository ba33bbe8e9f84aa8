import Testing

@testable import ecq

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("😀", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2),
    ("☎️", 2), ("→", 1), ("한", 2), ("\u{200b}", 0),
  ])
  func widthIsWhatTerminalsGive(text: String, width: Int) {
    #expect(displayWidth(text) == width)
  }
}
