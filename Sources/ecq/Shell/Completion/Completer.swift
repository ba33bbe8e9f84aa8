import Query

/// Finds what could stand at the cursor.
struct Completer {
  private let catalog: any Catalog

  init(_ catalog: any Catalog) { self.catalog = catalog }

  func completion(of text: String, at offset: Int) -> Completion {
    if StatementReader.isCommand(text), !text.utf8.prefix(offset).contains(0x0a) {
      return commandCompletion(String(decoding: text.utf8.prefix(offset), as: UTF8.self))
    }
    let context = StatementContext(text, at: offset)
    return Completion(range: context.prefixRange, candidates: candidates(context))
  }

  // MARK: SQL

  private func candidates(_ context: StatementContext) -> [Completion.Candidate] {
    let prefix = context.prefix
    switch context.place {
    case .nowhere: return []
    case .file: return files(prefix) { Self.isData($0) }
    case .parameter: return matching(catalog.parameters, prefix)
    case .columnOf(let table): return names(columns(of: table, context), prefix)
    case .start: return keywords(prefix, among: statementWords)
    case .table:
      let tables = names(tableNames, prefix)
      if !tables.isEmpty || prefix.isEmpty { return tables }
      return keywords(prefix, among: catalog.keywords) + functions(prefix)
    case .expression:
      let columns = names(columns(context), prefix)
      let tables = names(tableNames, prefix)
      if prefix.isEmpty { return unique(columns) }
      return unique(
        columns + tables + keywords(prefix, among: catalog.keywords) + functions(prefix))
    }
  }

  private var tableNames: [String] { catalog.tables.map(\.name) }

  /// Words that begin a statement, and those that may follow EXPLAIN.
  private var statementWords: [String] {
    [
      "SELECT", "FROM", "WITH", "SUMMARIZE", "DESCRIBE", "EXPLAIN", "SHOW", "COPY", "CREATE",
      "VALUES", "TABLE", "PIVOT", "UNPIVOT",
    ]
  }

  /// Columns of the tables that the statement names; of all where it names none that is known.
  private func columns(_ context: StatementContext) -> [String] {
    let known = catalog.tables.filter { table in
      context.tables.contains { $0.name == table.name.lowercased() }
    }
    return (known.isEmpty ? catalog.tables : known).flatMap(\.columns)
  }

  private func columns(of name: String, _ context: StatementContext) -> [String] {
    let meant = context.tables.first { $0.alias == name.lowercased() }?.name ?? name.lowercased()
    return catalog.tables.first { $0.name.lowercased() == meant }?.columns ?? []
  }

  /// Keywords in capitals, unless the word is typed in small letters.
  private func keywords(_ prefix: String, among words: [String]) -> [Completion.Candidate] {
    let isLower = prefix.first?.isLowercase ?? false
    return matching(words.map { isLower ? $0.lowercased() : $0.uppercased() }, prefix)
  }

  private func functions(_ prefix: String) -> [Completion.Candidate] {
    matching(catalog.functions, prefix).map { Completion.Candidate($0.text + "(") }
  }

  private func matching(_ names: [String], _ prefix: String) -> [Completion.Candidate] {
    let wanted = prefix.lowercased()
    return names.filter { $0.lowercased().hasPrefix(wanted) }.map { Completion.Candidate($0) }
  }

  /// Names of tables and columns, quoted where they must be.
  private func names(_ names: [String], _ prefix: String) -> [Completion.Candidate] {
    matching(names, prefix).map { Completion.Candidate(Self.quoted($0.text)) }
  }

  private func unique(_ candidates: [Completion.Candidate]) -> [Completion.Candidate] {
    var seen: Set<String> = []
    return candidates.filter { seen.insert($0.text.lowercased()).inserted }
  }

  /// A name as SQL takes it.
  static func quoted(_ name: String) -> String {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy {
        (0x61...0x7a).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5f
      } && !(name.first?.isNumber ?? false)
    if isPlain && !Database.keywords.contains(name.lowercased()) { return name }
    return SQLQuoting.name(name)
  }

  // MARK: Files

  private func files(
    _ prefix: String, where isWanted: (String) -> Bool = { _ in true }
  ) -> [Completion.Candidate] {
    catalog.files(startingWith: prefix).filter { $0.hasSuffix("/") || isWanted($0) }.map { path in
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return Completion.Candidate(path, label: path.hasSuffix("/") ? name + "/" : name)
    }
  }

  /// Files that can stand in FROM.
  private static func isData(_ path: String) -> Bool {
    [".csv", ".csv.gz", ".csv.zst", ".ecq"].contains { path.hasSuffix($0) }
  }

  // MARK: Dot commands

  /// `head` is the command up to the cursor.
  private func commandCompletion(_ head: String) -> Completion {
    let mark = head.firstIndex { $0 == "." || $0 == "\\" } ?? head.startIndex
    guard head[mark] == ".", let space = head[mark...].firstIndex(of: " ") else {
      let start = head.utf8.distance(from: head.startIndex, to: mark)
      let names = DotCommand.all.flatMap(\.names).sorted().map { "." + $0 }
      return Completion(
        range: start..<head.utf8.count,
        candidates: head[mark] == "." ? matching(names, String(head[mark...])) : [])
    }
    let operand = DotCommand.named(head[head.index(after: mark)..<space].lowercased())?.operand
    if case .statement? = operand {
      let start = head.utf8.distance(from: head.startIndex, to: space)
      let context = StatementContext(
        String(head[space...]), at: head.utf8.count - start)
      let range = context.prefixRange
      return Completion(
        range: range.lowerBound + start..<range.upperBound + start, candidates: candidates(context))
    }
    let wordStart = head.lastIndex(of: " ").map { head.index(after: $0) } ?? head.endIndex
    let word = String(head[wordStart...])
    let start = head.utf8.distance(from: head.startIndex, to: wordStart)
    return Completion(
      range: start..<head.utf8.count, candidates: operandCandidates(operand ?? .nothing, word))
  }

  private func operandCandidates(
    _ operand: DotCommand.Operand, _ word: String
  ) -> [Completion.Candidate] {
    switch operand {
    case .nothing, .statement: []
    case .choice(let words): matching(words, word)
    case .file: files(word)
    case .folder: files(word) { _ in false }
    case .table: matching(tableNames, word)
    case .command: matching(DotCommand.all.map { $0.names[0] }, word)
    }
  }
}
