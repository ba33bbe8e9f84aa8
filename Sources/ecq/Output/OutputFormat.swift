import Query

/// The formats in which results are written.
enum OutputFormat: String, CaseIterable {
  case table
  case csv
  case tsv
  case json
  case jsonl
  case markdown
  case line
  case html

  func makeSink(to stream: OutputStream, terminal: Terminal) -> any ResultSink {
    switch self {
    case .table: TableSink(to: stream, terminal: terminal)
    case .csv: RowTemplateSink(CSVFormat(delimiter: ","), to: stream)
    case .tsv: RowTemplateSink(CSVFormat(delimiter: "\t"), to: stream)
    case .json: RowTemplateSink(JSONFormat(), to: stream)
    case .jsonl: RowTemplateSink(JSONLinesFormat(), to: stream)
    case .markdown: RowTemplateSink(MarkdownFormat(), to: stream)
    case .line: RowTemplateSink(LineFormat(), to: stream)
    case .html: RowTemplateSink(HTMLFormat(), to: stream)
    }
  }
}
