/// What becomes of rows that were parted: a task a part.
struct PartSource: BatchSource {
  let taskCount: Int
  private let scanner: @Sendable (QueryContext) -> any BatchScanner

  init(count: Int, scanner: @escaping @Sendable (QueryContext) -> any BatchScanner) {
    taskCount = count
    self.scanner = scanner
  }

  func repeated() -> (any BatchSource)? { self }

  func makeScanner(_ context: QueryContext) -> any BatchScanner { scanner(context) }
}
