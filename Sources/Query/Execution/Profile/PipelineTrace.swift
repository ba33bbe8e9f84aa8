/// The nodes of a plan that a pipeline's source and steps belong to.
struct PipelineTrace: Sendable {
  let profile: PlanProfile
  /// Each node's output is what comes out of step `place`, 0 being the source. Ascending; of nodes
  /// at one place the first has made the step.
  private var outputs: [(place: Int, node: OperatorProfile)] = []

  init(_ profile: PlanProfile) { self.profile = profile }

  func adding(_ node: OperatorProfile, place: Int) -> PipelineTrace {
    var trace = self
    trace.outputs.append((place, node))
    return trace
  }

  private func maker(ofPlace place: Int) -> OperatorProfile? {
    outputs.first { $0.place >= place }?.node
  }

  /// The thread starts on the source; returns whom it worked for, which is who takes the output.
  func begin() -> OperatorProfile? {
    profile.clock.hand(to: maker(ofPlace: 0) ?? profile.clock.current)
  }

  /// The thread works again for `node`.
  func end(_ node: OperatorProfile?) { profile.clock.hand(to: node) }

  /// A batch leaves step `place` for the next one, or for `sink`; returns who has made it.
  func handOver(_ batch: Batch, place: Int, to sink: OperatorProfile?) -> OperatorProfile? {
    for output in outputs where output.place == place { output.node.addRows(batch.rowCount) }
    return profile.clock.hand(to: sink ?? maker(ofPlace: place + 1))
  }
}
