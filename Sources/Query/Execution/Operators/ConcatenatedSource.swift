/// The rows of several pipelines, one after the other: UNION ALL.
struct ConcatenatedSource: BatchSource {
  private let inputs: [Pipeline]
  /// Where the tasks of each input begin.
  private let starts: [Int]
  let taskCount: Int

  /// Nil where an input has tasks that wait for its others.
  init?(_ inputs: [Pipeline]) {
    guard inputs.allSatisfy({ $0.source.lateTaskCount == 0 }) else { return nil }
    self.inputs = inputs
    var starts: [Int] = []
    var count = 0
    for input in inputs {
      starts.append(count)
      count += input.source.taskCount
    }
    self.starts = starts
    taskCount = count
  }

  /// The input that a task belongs to.
  private func input(ofTask task: Int) -> Int { (starts.lastIndex { $0 <= task }) ?? 0 }

  func scannedRows(ofTask task: Int) -> Int {
    let number = input(ofTask: task)
    return inputs[number].source.scannedRows(ofTask: task - starts[number])
  }

  func repeated() -> (any BatchSource)? {
    var again: [Pipeline] = []
    for input in inputs {
      guard let source = input.source.repeated() else { return nil }
      again.append(input.over(source))
    }
    return ConcatenatedSource(again)
  }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  private final class Scanner: BatchScanner {
    private let source: ConcatenatedSource
    private let context: QueryContext
    private let evaluator: Evaluator
    private var scanners: [Int: any BatchScanner] = [:]

    init(source: ConcatenatedSource, context: QueryContext) {
      self.source = source
      self.context = context
      evaluator = Evaluator(context)
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      let number = source.input(ofTask: task)
      let input = source.inputs[number]
      let scanner = scanners[number] ?? input.source.makeScanner(context)
      scanners[number] = scanner
      try input.runTask(task - source.starts[number], scanner, evaluator, emit)
    }
  }
}
