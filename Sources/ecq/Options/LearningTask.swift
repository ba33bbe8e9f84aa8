import ArgumentParser
import ColStore
import ML
import Query

/// What a model learns from which rows, and which rows judge it.
struct LearningTask: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Columns to learn from, `reference` or `all` that are fit.", valueName: "columns"))
  var features: String?

  @OptionGroup var rows: ModelRows

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How rows are parted: stratified, time, group=COLUMN or none (default: stratified).",
      valueName: "split"))
  var split: SplitChoice?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The share of rows to test with (default: \(RowSplit.defaultTestShare)).", valueName: "share")
  )
  var testShare: Double?

  @Option(
    name: .long,
    help: "Of the split and of the model's draws (default: \(RowSplit.defaultSeed)).")
  var seed: UInt64?

  @Flag(name: .long, help: "Allow features that say how the label came out.")
  var allowLeakage = false

  /// Takes what was not given from a champion.
  mutating func fill(from champion: Champion) {
    features = features ?? champion.features.joined(separator: ",")
    rows.condition = rows.condition ?? champion.condition
    split = split ?? SplitChoice(argument: champion.split)
    testShare = testShare ?? champion.testShare
    seed = seed ?? champion.seed
  }

  /// The rows, their classes, and the columns that are learnt from.
  struct Material {
    let source: any RowSource
    let selection: FeatureSelection
    let label: BinaryLabel
    /// Nil: all rows train and judge.
    let split: RowSplit?
  }

  /// - Parameter defaultFeatures: What is learnt from where no columns are named.
  /// - Parameter extra: Columns that are needed besides.
  func read(
    _ store: String, label: String, defaultFeatures: String = "all", extra: [String] = []
  ) throws -> Material {
    let wanted = features ?? defaultFeatures
    let split = split ?? SplitChoice(.stratified)
    var selection: FeatureSelection?
    let source = try rows.open(store) { store in
      let chosen = try select(wanted, label, store.columns)
      selection = chosen
      var seen: Set<String> = []
      return (chosen.names + [chosen.label] + split.columns + extra).filter {
        seen.insert($0.lowercased()).inserted
      }
    }
    let chosen = try selection ?? select(wanted, label, source.columns)
    let threads = rows.threads.count
    let classes = try BinaryLabel(source, column: chosen.label, threads: threads)
    return Material(
      source: source, selection: chosen, label: classes,
      split: try split.split(
        source, label: classes, testShare: testShare ?? RowSplit.defaultTestShare,
        seed: seed ?? RowSplit.defaultSeed, threads: threads))
  }

  private func select(
    _ features: String, _ label: String, _ columns: [ColumnDescription]
  ) throws -> FeatureSelection {
    let known = Set(columns.map { $0.name.lowercased() })
    switch features {
    case "all":
      return try FeatureSelection(defaultsFor: label, of: columns, allowsLeakage: allowLeakage)
    case "reference?" where !FeatureSelection.reference.allSatisfy(known.contains):
      return try FeatureSelection(defaultsFor: label, of: columns, allowsLeakage: allowLeakage)
    case "reference", "reference?":
      return try FeatureSelection(
        FeatureSelection.reference, label: label, of: columns, allowsLeakage: allowLeakage)
    case let names:
      return try FeatureSelection(
        names.split(separator: ",").map { String($0) }, label: label, of: columns,
        allowsLeakage: allowLeakage)
    }
  }
}
