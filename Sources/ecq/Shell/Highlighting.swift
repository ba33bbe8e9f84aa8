import Query

/// The looks of what is typed into a shell: SQL, or a dot command.
func highlighted(_ text: String) -> [StyledRange] {
  if StatementReader.isCommand(text) {
    let end = text.utf8.prefix { $0 != 0x20 && $0 != 0x0a }.count
    return [StyledRange(range: 0..<end, style: .keyword)]
  }
  return SQLText(text).parts.compactMap { part in
    style(of: part.kind).map { StyledRange(range: part.range, style: $0) }
  }
}

private func style(of kind: SQLText.Part.Kind) -> TextStyle? {
  switch kind {
  case .keyword: .keyword
  case .call: .call
  case .quotedName: .quotedName
  case .string, .unterminated: .string
  case .number: .number
  case .parameter: .parameter
  case .comment: .comment
  case .invalid: .mistake
  case .name, .symbol: nil
  }
}
