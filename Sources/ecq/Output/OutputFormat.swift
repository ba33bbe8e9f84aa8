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

  func makeSink(
    to stream: OutputStream, terminal: Terminal, settings: FormatSettings = FormatSettings()
  ) -> any ResultSink {
    let (header, null) = (settings.hasHeader, settings.null)
    let json = JSONStyle(quotesLargeNumbers: settings.quotesLargeNumbers)
    return switch self {
    case .table: TableSink(to: stream, terminal: terminal, settings: settings)
    case .csv:
      RowTemplateSink(CSVFormat(delimiter: ",", hasHeader: header, null: null), to: stream)
    case .tsv:
      RowTemplateSink(CSVFormat(delimiter: "\t", hasHeader: header, null: null), to: stream)
    case .json: RowTemplateSink(JSONFormat(style: json), to: stream)
    case .jsonl: RowTemplateSink(JSONLinesFormat(style: json), to: stream)
    case .markdown: RowTemplateSink(MarkdownFormat(), to: stream)
    case .line: RowTemplateSink(LineFormat(style: DisplayStyle(nullText: null)), to: stream)
    case .html: RowTemplateSink(HTMLFormat(), to: stream)
    }
  }
}
