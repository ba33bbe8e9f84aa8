/// What one worker keeps from one chunk of rows to the next: the parsers, and what they know of the
/// texts that they have seen.
final class ParsingMemory {
  /// One parser for each of the store's columns.
  private(set) var columns: [ColumnParser] = []
  /// The tables of the columns that are a ``SpanColumn``.
  private(set) var tables: [SpanTable] = []
  private var layout: FileLayout?

  /// Bytes of text that all tables together keep from chunk to chunk.
  private static let keyBytesMax = 32 << 20

  /// Makes ready for a chunk of a file with this layout.
  func startChunk(_ plans: [ColumnPlan], _ layout: FileLayout) {
    if self.layout != layout {
      self.layout = layout
      makeParsers(plans, layout)
    }
    for table in tables { table.startChunk() }
    renewColumns(plans)
  }

  /// Makes ready for a chunk whose values come as vectors.
  func startChunk(_ plans: [ColumnPlan]) {
    if columns.isEmpty { columns = plans.map { $0.makeParser() } } else { renewColumns(plans) }
  }

  private func renewColumns(_ plans: [ColumnPlan]) {
    for (number, column) in columns.enumerated() {
      switch column {
      case is SpanColumn: break
      case is WordParser, is WideParser: column.startChunk()
      default: columns[number] = plans[number].makeParser()
      }
    }
  }

  private func makeParsers(_ plans: [ColumnPlan], _ layout: FileLayout) {
    let spans = Self.spans(plans, layout)
    columns = plans.map { $0.makeParser() }
    tables = spans.map { span in
      let table = SpanTable(
        firstField: span.firstField, plans: span.columns.map { plans[$0] },
        keyBytesMax: Self.keyBytesMax / spans.count)
      for (number, column) in zip(span.columns, table.columns) { columns[number] = column }
      return table
    }
  }

  /// Adjacent fields of columns that follow from the same one, that one among them, are looked up
  /// together; every other column with a dictionary alone.
  private static func spans(
    _ plans: [ColumnPlan], _ layout: FileLayout
  ) -> [(firstField: Int, columns: [Int])] {
    var columnOfField = [Int?](repeating: nil, count: layout.fieldCount)
    for (column, field) in layout.fields.enumerated() {
      if let field { columnOfField[field] = column }
    }
    var spans: [(firstField: Int, columns: [Int], root: Int)] = []
    for (field, column) in columnOfField.enumerated() {
      guard let column, plans[column].usesDictionary || plans[column].parent != nil else {
        continue
      }
      let root = plans[column].parent ?? column
      if let last = spans.last, last.root == root, last.firstField + last.columns.count == field {
        spans[spans.count - 1].columns.append(column)
      } else {
        spans.append((field, [column], root))
      }
    }
    // Words by themselves are parsed faster than looked up.
    return spans.filter { span in span.columns.contains { plans[$0].usesDictionary } }
      .map { ($0.firstField, $0.columns) }
  }
}
