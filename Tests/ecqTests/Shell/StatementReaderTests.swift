import Testing

@testable import ecq

@Suite struct StatementReaderTests {
  @Test(arguments: [
    ("SELECT 1;", true), ("SELECT 1", false), ("SELECT ';", false), ("SELECT ';';", true),
    ("SELECT 1; SELECT", false), ("", true), ("  -- only this", true), ("/* open", false),
    ("SELECT 1 /* ; */", false), (".tables", true), ("\\d", true), ("SELECT $$;", false),
    ("SELECT $$;$$;", true), ("SELECT \"a;", false), ("SELECT 1 \\ 2;", true), ("SELECT .5", false),
    ("SELECT 1; -- done", true), ("SELECT 1\n;\n", true), (".timer on\nSELECT 1", false),
  ])
  func knowsWhenATextIsComplete(text: String, isComplete: Bool) {
    #expect(StatementReader.isComplete(text) == isComplete)
  }

  @Test func putsLinesTogether() {
    let text = ".mode csv\nSELECT 1,\n.5;\n\n-- nothing\nSELECT 2; SELECT 3;\n.print x\nSELECT 4"
    #expect(
      StatementReader.inputs(of: text) == [
        .command(".mode csv"), .sql("SELECT 1,\n.5;\n", firstLine: 2),
        .sql("SELECT 2; SELECT 3;\n", firstLine: 6), .command(".print x"),
        .sql("SELECT 4\n", firstLine: 8),
      ])
  }
}
