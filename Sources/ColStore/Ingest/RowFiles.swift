/// Which loaded file each row of a row group is from, in input order: runs of rows.
struct RowFiles {
  private var runs: [(file: Int, count: Int)] = []

  var first: Int? { runs.first?.file }

  mutating func append(file: Int?, count: Int) {
    guard let file, count > 0 else { return }
    if let last = runs.last, last.file == file {
      runs[runs.count - 1].count += count
    } else {
      runs.append((file, count))
    }
  }

  /// Whether the first `count` rows come from more than one file.
  func isMixed(in count: Int) -> Bool { runs.first.map { $0.count < count } ?? false }

  /// A number a row.
  func numbers(count: Int) -> Buffer {
    let numbers = Buffer(UInt32.self, count: count)
    var row = 0
    for run in runs {
      let next = min(run.count, count - row)
      (numbers.pointer(UInt32.self) + row).update(
        repeating: UInt32(truncatingIfNeeded: run.file), count: next)
      row += next
    }
    return numbers
  }
}
