import Testing

@testable import ecq

@Suite struct EditorScreenTests {
  private func screen(
    _ text: String, cursor: Int, columns: Int, styles: [StyledRange] = [], color: Bool = false
  ) -> EditorScreen {
    var screen = EditorScreen(columns: columns, usesColor: color)
    screen.add(
      Array(text), cursor: cursor, prompt: "> ", continuation: ". ", styles: styles)
    return screen
  }

  @Test func rowsEndWhereTheTerminalDoes() {
    let one = screen("abcdef", cursor: 6, columns: 5)
    #expect(one.rows.map(\.text) == ["> abc", "def"])
    #expect((one.cursorRow, one.cursorColumn) == (1, 3))
    // A full row: the cursor is in the next one.
    let full = screen("abc", cursor: 3, columns: 5)
    #expect(full.rows.map(\.text) == ["> abc", ""])
    #expect((full.cursorRow, full.cursorColumn) == (1, 0))
    // A wide character does not fit into the last column.
    #expect(screen("ab日本", cursor: 0, columns: 5).rows.map(\.text) == ["> ab", "日本"])
  }

  @Test func linesHavePrompts() {
    let two = screen("a\nb", cursor: 1, columns: 20)
    #expect(two.rows.map(\.text) == ["> a", ". b"])
    #expect((two.cursorRow, two.cursorColumn) == (0, 3))
  }

  @Test func whatSteersATerminalIsText() {
    #expect(screen("a\u{1b}[2J\tb", cursor: 0, columns: 40).rows.map(\.text) == ["> a^[[2J  b"])
  }

  @Test func stylesCoverTheirBytes() {
    let styled = screen(
      "é x", cursor: 0, columns: 40, styles: [StyledRange(range: 0..<2, style: .string)],
      color: true)
    #expect(styled.rows[0].text == "\u{1b}[1;32m> \u{1b}[0m\u{1b}[33mé\u{1b}[0m x")
  }

  @Test func tallTextsShowTheRowsAroundTheCursor() {
    var tall = screen(
      Array(repeating: "x", count: 50).joined(separator: "\n"), cursor: 99, columns: 20)
    #expect(tall.rows.count == 50)
    tall.limit(toHeight: 10)
    #expect(tall.rows.count == 10)
    #expect(tall.cursorRow == 9)
  }
}
