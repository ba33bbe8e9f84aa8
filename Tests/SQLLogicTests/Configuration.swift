import Query

/// A way of running statements; none may change an answer.
struct Configuration: Sendable, CustomStringConvertible {
  let description: String
  let options: QueryOptions

  private init(_ description: String, _ change: (inout QueryOptions) -> Void = { _ in }) {
    self.description = description
    var options = QueryOptions()
    change(&options)
    self.options = options
  }

  static let all = [
    Configuration("as it comes"),
    Configuration("one thread") { $0.threads = 1 },
    Configuration("three threads") { $0.threads = 3 },
    Configuration("batches of 7 rows") { $0.batchRows = 7 },
    Configuration("no block answers") { $0.usesBlockAnswers = false },
    Configuration("files instead of memory") {
      $0.rowsHeldMax = 10
      $0.usesBlockAnswers = false
    },
    Configuration("files instead of memory, batches of 7 rows, three threads") {
      $0.rowsHeldMax = 20
      $0.batchRows = 7
      $0.threads = 3
    },
  ]

  /// For statements over many rows.
  static let large = [
    Configuration("as it comes"),
    Configuration("one thread") { $0.threads = 1 },
    Configuration("three threads") { $0.threads = 3 },
    Configuration("files instead of memory") { $0.rowsHeldMax = 20_000 },
  ]
}
