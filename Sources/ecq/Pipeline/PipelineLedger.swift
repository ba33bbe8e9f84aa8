import ColStore
import Query

/// Which steps of a pipeline are done, in a file beside their results.
struct PipelineLedger {
  struct Entry {
    let step: String
    let key: String
    let seconds: Double
    /// The most private memory that the process held during the step.
    let peakBytes: Int
  }

  private let path: String
  private(set) var entries: [Entry] = []
  private static let header = "step,key,seconds,peak_bytes"

  /// Reads what there is; a file that is no ledger counts as none.
  init(path: String) {
    self.path = path
    guard let bytes = try? WholeFile.read(path) else { return }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.first.map({ $0 == Self.header }) ?? false else { return }
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",").map(String.init)
      guard cells.count == 4, let seconds = Double(cells[2]), let peak = Int(cells[3]) else {
        continue
      }
      entries.append(Entry(step: cells[0], key: cells[1], seconds: seconds, peakBytes: peak))
    }
  }

  /// What is known of the step where it would do the same again, and its results are there.
  func done(_ step: PipelineStep) throws(StoreError) -> Entry? {
    guard step.outputs.allSatisfy(fileExists), step.inputs.allSatisfy(fileExists) else {
      return nil
    }
    let key = try step.key
    return entries.first { $0.step == step.name && $0.key == key }
  }

  mutating func add(_ entry: Entry) throws(StoreError) {
    entries.removeAll { $0.step == entry.step }
    entries.append(entry)
    let lines = entries.map { "\($0.step),\($0.key),\($0.seconds),\($0.peakBytes)" }
    let buffer = TextBuffer()
    buffer.append(([Self.header] + lines).joined(separator: "\n") + "\n")
    try WholeFile.write(buffer.bytes, to: path)
  }
}
