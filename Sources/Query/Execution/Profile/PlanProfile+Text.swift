import ColStore

extension PlanProfile {
  /// The nodes of `plan`, one a line, each with what it has done.
  func text(of plan: LogicalPlan) -> String {
    var lines: [String] = []
    write(plan, root.inputs.first, depth: 0, into: &lines)
    return lines.joined(separator: "\n")
  }

  private func write(
    _ plan: LogicalPlan, _ node: OperatorProfile?, depth: Int, into lines: inout [String]
  ) {
    let indent = String(repeating: "  ", count: depth)
    guard let node else {
      lines.append("\(indent)\(plan.headline)  {not run}")
      return
    }
    lines.append("\(indent)\(plan.headline)  {\(facts(of: node, plan))}")
    for (place, input) in plan.inputs.enumerated() {
      // What is grouped by several sets runs once for each.
      let runs =
        plan.inputs.count == 1 ? node.inputs : node.inputs.dropFirst(place).prefix(1).map { $0 }
      if runs.isEmpty { write(input, nil, depth: depth + 1, into: &lines) }
      for run in runs { write(input, run, depth: depth + 1, into: &lines) }
    }
  }

  private func facts(of node: OperatorProfile, _ plan: LogicalPlan) -> String {
    var facts = ["rows: \(node.rowCount)", "time: \(Self.seconds(node.nanoseconds)) s"]
    if case .scan(let table, _, _) = plan {
      let blocks = table.source.morsels.count
      facts.append("read: \(Self.size(node.bytesRead))")
      facts.append("blocks skipped: \(max(0, blocks - node.blocksRead)) of \(blocks)")
    } else if !plan.inputs.isEmpty && node.inputs.isEmpty {
      facts.append("answered from block statistics")
    }
    facts.append("memory: \(Self.size(node.peakBytes))")
    return facts.joined(separator: ", ")
  }

  /// Seconds with six decimals.
  static func seconds(_ seconds: Double) -> String { self.seconds(UInt64(max(0, seconds) * 1e9)) }

  static func seconds(_ nanoseconds: UInt64) -> String {
    let micros = (nanoseconds + 500) / 1000
    let fraction = String(micros % 1_000_000)
    return "\(micros / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }

  private static func size(_ bytes: Int) -> String {
    for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] where bytes >= unit {
      let tenths = (bytes * 10 + unit / 2) / unit
      return "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(bytes) bytes"
  }
}
