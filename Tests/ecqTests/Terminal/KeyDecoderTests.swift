import Testing

@testable import ecq

@Suite struct KeyDecoderTests {
  private func keys(_ text: String) -> [Key] {
    var decoder = KeyDecoder()
    return decoder.decode(Array(text.utf8)) + decoder.flush()
  }

  @Test(arguments: [
    ("abc", [Key.text("abc")]), ("é日", [.text("é日")]), ("\r", [.enter]), ("\t", [.tab]),
    ("\u{1b}[A\u{1b}OB", [.up, .down]), ("\u{1b}[1;5C\u{1b}[1;3D", [.wordRight, .wordLeft]),
    ("\u{1b}[3~\u{1b}[1~\u{1b}[F", [.delete, .home, .end]), ("\u{1b}[Z", [.backTab]),
    ("\u{1}\u{12}\u{1f}", [.control("a"), .control("r"), .control("_")]),
    ("\u{1b}b\u{1b}\u{7f}\u{1b}\r", [.meta("b"), .metaBackspace, .metaEnter]),
    ("\u{1b}", [.escape]), ("\u{1b}[200~a\r\nb\u{1b}[201~c", [.paste("a\nb"), .text("c")]),
    ("\u{1b}[<0;1;1M", [.enter]), ("\u{1b}[99~x", [.other, .text("x")]),
  ])
  func areFound(text: String, expected: [Key]) { #expect(keys(text) == expected) }

  /// However the bytes are cut, the keys are the same.
  @Test func comeInPieces() {
    let bytes = Array("a日\u{1b}[1;5C\u{1b}[200~x\ny\u{1b}[201~\r".utf8)
    var decoder = KeyDecoder()
    let found = bytes.flatMap { decoder.decode([$0]) }
    #expect(found == [.text("a"), .text("日"), .wordRight, .paste("x\ny"), .enter])
    #expect(!decoder.isWaiting)
  }

  @Test func bytesThatAreNoTextAreNoTrap() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0xff, 0x41]) == [.text("\u{fffd}A")])
  }
}
