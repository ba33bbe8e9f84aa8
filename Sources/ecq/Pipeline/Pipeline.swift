import ColStore
import Glibc
import ML
import Query

/// Everything from CSV files to a page with tables and pictures, in a folder; steps whose inputs have
/// not changed since they were done are skipped.
struct Pipeline {
  let files: [String]
  let output: String
  var threads: Int?
  var rejects: String?
  var mappings: [String] = []
  var grid: String?
  var clusterCount = "8"

  /// What became of a step.
  struct Result {
    let step: PipelineStep
    let seconds: Double
    let peakBytes: Int
    let isSkipped: Bool
  }

  private func path(_ name: String) -> String {
    output.hasSuffix("/") ? output + name : "\(output)/\(name)"
  }

  /// Runs what is not done yet, step by step.
  func run() throws -> [Result] {
    try makeFolder(output)
    var ledger = PipelineLedger(path: path("pipeline.csv"))
    var results: [Result] = []
    let steps = try steps()
    for (place, step) in steps.enumerated() {
      let heading = "[\(place + 1)/\(steps.count)] \(step.name): \(step.title)"
      if let known = try ledger.done(step) {
        writeToStandardError("\(heading): nothing has changed\n")
        results.append(
          Result(
            step: step, seconds: known.seconds, peakBytes: known.peakBytes, isSkipped: true))
        continue
      }
      writeToStandardError("\(heading)\n")
      let watch = Stopwatch()
      let peak = try MemoryWatch.peak { try perform(step) }
      returnFreedMemory()
      let entry = PipelineLedger.Entry(
        step: step.name, key: try step.key, seconds: watch.seconds, peakBytes: peak)
      try ledger.add(entry)
      results.append(
        Result(
          step: step, seconds: entry.seconds, peakBytes: entry.peakBytes, isSkipped: false))
    }
    try table(results).write(toFile: path("pipeline_summary.csv"))
    try ReportPage(folder: output, results: results).write(to: path("report.html"))
    return results
  }

  /// Runs the step's command line in this process, without what it would print.
  private func perform(_ step: PipelineStep) throws {
    guard let store = step.replacedStore else { return try runSilently(step.arguments) }
    // The old one stays until the new one is complete.
    let temporary = "\(store).new"
    unlink(temporary)
    Interruption.removeWhenInterrupted(temporary)
    try runSilently(step.arguments.map { $0 == store ? temporary : $0 })
    guard rename(temporary, store) == 0 else {
      throw StoreError("cannot be made: \(String(cString: strerror(errno)))", at: store)
    }
  }

  private func runSilently(_ arguments: [String]) throws {
    fflush(nil)
    let output = dup(STDOUT_FILENO)
    let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard output >= 0, nowhere >= 0, dup2(nowhere, STDOUT_FILENO) >= 0 else {
      throw StoreError("cannot be opened: \(String(cString: strerror(errno)))", at: "/dev/null")
    }
    defer {
      dup2(output, STDOUT_FILENO)
      close(output)
      close(nowhere)
    }
    var command = try CommandLineInterface.parseAsRoot(arguments)
    try command.run()
  }

  // MARK: The steps

  private func steps() throws -> [PipelineStep] {
    let events = path("events.ecq")
    let sessions = path("sessions.ecq")
    let users = path("users.ecq")
    let workers = threads.map { ["--threads", "\($0)"] } ?? []
    let maps = mappings.flatMap { ["--map", $0] }
    var steps = [
      PipelineStep(
        name: "ingest", title: "the CSV files become a store",
        arguments: ["ingest"] + files + ["--into", events] + workers
          + (rejects.map { ["--rejects", $0] } ?? []),
        outputs: [events], circumstances: try stamps(), replacedStore: events)
    ]
    func analysis(
      _ name: String, _ title: String, _ command: [String], makes: [String], on store: String
    ) {
      steps.append(
        PipelineStep(
          name: name, title: title,
          arguments: [command[0], store] + command.dropFirst() + ["-o", path(name)] + workers
            + maps,
          inputs: [store], outputs: makes.map { path("\(name)/\($0)") }))
    }
    func table(_ name: String, _ title: String, into store: String) {
      steps.append(
        PipelineStep(
          name: name, title: title,
          arguments: [name, events, "--into", store] + workers + maps, inputs: [events],
          outputs: [store]))
    }
    analysis(
      "eda", "what is in the events", ["eda"], makes: ["eda_event_mix.csv"], on: events)
    table("sessions", "one row a session", into: sessions)
    table("users", "one row a user", into: users)
    analysis(
      "funnel", "from looking to buying", ["funnel"], makes: ["funnel.csv"], on: events)
    analysis(
      "retention", "who comes back to buy", ["retention"], makes: ["retention.csv"], on: events)
    analysis(
      "paths", "what follows what", ["paths"], makes: ["paths_transitions.csv"], on: events)
    analysis("rfm", "what buyers are worth", ["rfm"], makes: ["rfm_segments.csv"], on: events)
    analysis("segments", "how users behave", ["segment"], makes: ["segments.csv"], on: events)
    analysis(
      "purchase", "who will buy", ["purchase"], makes: ["purchase_prediction.csv"], on: events)
    steps.append(
      PipelineStep(
        name: "bakeoff", title: "which model foresees abandoned carts best",
        arguments: ["bakeoff", sessions, "--label", "is_abandoned", "-o", path("bakeoff")]
          + workers + (grid.map { ["--grid", $0] } ?? []),
        inputs: [sessions],
        outputs: ["all_model_results.csv", "champion.json", "champion_xgb_model.json"].map {
          path("bakeoff/\($0)")
        },
        circumstances: try grid.map { String(decoding: try WholeFile.read($0), as: UTF8.self) }
          ?? ""))
    for (name, store, title) in [
      ("clusters", sessions, "kinds of sessions"), ("user_clusters", users, "kinds of users"),
    ] {
      steps.append(
        PipelineStep(
          name: name, title: title,
          arguments: ["cluster", store, "--k", clusterCount, "-o", path(name)] + workers,
          inputs: [store],
          outputs: ["cluster_analysis_detailed.csv", "clustering_results_detailed.png"].map {
            path("\(name)/\($0)")
          }))
    }
    return steps
  }

  /// What tells the files' contents apart: their sizes and when they were changed.
  private func stamps() throws -> String {
    try files.map { file in
      var status = stat()
      guard stat(file, &status) == 0 else {
        throw StoreError("cannot be read: \(String(cString: strerror(errno)))", at: file)
      }
      return "\(file) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }.joined(separator: "\n")
  }

  /// What was made, how long it took, and how much memory.
  func table(_ results: [Result]) -> SmallTable {
    var table = SmallTable(
      fields: ["step", "made"].map { Field(name: $0, type: .varchar) } + [
        Field(name: "seconds", type: .double), Field(name: "peak_memory_mb", type: .bigint),
        Field(name: "skipped", type: .boolean), Field(name: "command", type: .varchar),
      ])
    for result in results {
      table.rows.append([
        .string(result.step.name), .string(result.step.title),
        .double((result.seconds * 1000).rounded() / 1000),
        .int64(Int64(result.peakBytes / 1_000_000)), .bool(result.isSkipped),
        .string((["ecq"] + result.step.arguments).joined(separator: " ")),
      ])
    }
    return table
  }
}
