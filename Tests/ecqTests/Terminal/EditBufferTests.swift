import Testing

@testable import ecq

@Suite struct EditBufferTests {
  /// The text with a mark where the cursor is.
  private func shown(_ buffer: EditBuffer) -> String {
    String(buffer.characters[..<buffer.cursor]) + "|" + String(buffer.characters[buffer.cursor...])
  }

  private func edited(_ text: String, _ edit: (inout EditBuffer) -> Void) -> String {
    var buffer = EditBuffer(text)
    edit(&buffer)
    return shown(buffer)
  }

  @Test func moves() {
    #expect(edited("ab cd") { $0.moveWordLeft() } == "ab |cd")
    #expect(
      edited("ab cd") {
        $0.moveToLineStart()
        $0.moveWordRight()
      } == "ab| cd")
    #expect(edited("ab\ncd") { $0.moveToLineStart() } == "ab\n|cd")
    #expect(
      edited("ab\ncd") {
        $0.moveLeft()
        _ = $0.moveUp()
      } == "a|b\ncd")
    #expect(edited("a\nbcd") { _ = $0.moveUp() } == "a|\nbcd")
    #expect(
      edited("abc\nd") {
        _ = $0.moveUp()
        _ = $0.moveDown()
      } == "abc\nd|")
    var single = EditBuffer("ab")
    #expect(!single.moveUp() && !single.moveDown())
  }

  @Test func deletesAndPutsBack() {
    #expect(edited("日本語") { $0.deleteBackward() } == "日本|")
    #expect(
      edited("a b c") {
        $0.killWordLeft()
        $0.killWordLeft()
        $0.yank()
      } == "a b c|")
    #expect(
      edited("a.b c") {
        $0.killBlankWordLeft()
        $0.killBlankWordLeft()
      } == "|")
    #expect(
      edited("ab\ncd") {
        _ = $0.moveUp()
        $0.killToLineEnd()
      } == "ab|cd")
    #expect(
      edited("abc") {
        $0.killToLineStart()
        $0.yank()
        $0.yank()
      } == "abcabc|")
    #expect(
      edited("abc") {
        $0.moveToLineStart()
        $0.deleteForward()
        $0.undo()
      } == "|abc")
    #expect(
      edited("") {
        $0.deleteBackward()
        $0.deleteForward()
        $0.killToLineEnd()
      } == "|")
  }

  @Test func changes() {
    #expect(edited("ab") { $0.transpose() } == "ba|")
    #expect(
      edited("abc") {
        $0.moveLeft()
        $0.transpose()
      } == "acb|")
    #expect(
      edited("select x") {
        $0.moveToLineStart()
        $0.changeWord { $0.uppercased() }
      } == "SELECT| x")
    #expect(edited("e") { $0.insert("\u{301}") } == "é|")
    #expect(edited("SELECT é ev") { $0.replace(10..<12, with: "events") } == "SELECT é events|")
  }
}
