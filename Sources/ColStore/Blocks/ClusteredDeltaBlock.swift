import CKernels

/// Words of a block whose rows are clustered: within a cluster each word is the difference to the
/// row before, and a cluster's first word is the difference to the first word of the cluster
/// before. Clusters are runs of equal codes of the clustering column within the block.
///
///     integer stream of the clusters' first words, as differences of neighbours
///     integer stream of the zigzag differences of all other rows
enum ClusteredDeltaBlock {
  static func encode(
    _ words: UnsafePointer<UInt64>, clusters: UnsafePointer<UInt32>, count: Int,
    into writer: inout ByteWriter, scratch: EncodingScratch
  ) throws(StoreError) {
    try scratch.lend(UInt64.self, count * 2) { space throws(StoreError) in
      let heads = space
      let gaps = space + count
      var headCount = 0
      var gapCount = 0
      for row in 0..<count {
        if row == 0 || clusters[row] != clusters[row - 1] {
          heads[headCount] = words[row]
          headCount += 1
        } else {
          gaps[gapCount] = UInt64.zigzagDelta(words[row], words[row - 1])
          gapCount += 1
        }
      }
      try IntegerStream.encode(
        heads, count: headCount, into: &writer, scratch: scratch, candidates: [.planes, .delta])
      try IntegerStream.encode(
        gaps, count: gapCount, into: &writer, scratch: scratch, candidates: [.planes])
    }
  }

  /// - Parameters:
  ///   - words: room for ``runSlack`` more than `count`.
  static func decode(
    _ reader: inout ByteReader, clusters: ClusterEnds, into words: UnsafeMutablePointer<UInt64>,
    count: Int, scratch: DecodingScratch
  ) throws(StoreError) {
    try withParts(&reader, clusters, count, scratch) { heads, differences in
      ecq_clustered_sums_u64(clusters.ends, clusters.count, heads, differences, words)
    }
  }

  /// Decodes the words at ascending `rows` alone.
  static func decode(
    _ reader: inout ByteReader, clusters: ClusterEnds, at rows: UnsafePointer<UInt32>,
    _ rowCount: Int, into words: UnsafeMutablePointer<UInt64>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    try withParts(&reader, clusters, count, scratch) { heads, differences in
      var cluster = 0
      var start = 0
      for index in 0..<rowCount {
        let row = Int(rows[index])
        while Int(clusters.ends[cluster]) <= row {
          start = Int(clusters.ends[cluster])
          cluster += 1
        }
        // As many differences lie before the cluster's as it has rows before it, less one a cluster.
        var value = heads[cluster]
        var place = start - cluster
        let end = row - cluster
        while place < end {
          value &+= UInt64(bitPattern: differences[place])
          place += 1
        }
        words[index] = value
      }
    }
  }

  private static func withParts(
    _ reader: inout ByteReader, _ clusters: ClusterEnds, _ count: Int, _ scratch: DecodingScratch,
    _ body: (UnsafePointer<UInt64>, UnsafePointer<Int64>) -> Void
  ) throws(StoreError) {
    guard count > 0 else { return }
    let gapCount = count - clusters.count
    // A few values more, which the kernel may look at and not use.
    try scratch.lend(UInt64.self, count + runSlack) { space throws(StoreError) in
      let heads = space
      let gaps = space + clusters.count
      try IntegerStream.decode(&reader, into: heads, count: clusters.count, scratch: scratch)
      try IntegerStream.decode(&reader, into: gaps, count: gapCount, scratch: scratch)
      (gaps + gapCount).update(repeating: 0, count: runSlack)
      ecq_unzigzag_u64(gaps, gapCount)
      gaps.withMemoryRebound(to: Int64.self, capacity: gapCount + runSlack) { differences in
        body(heads, differences)
      }
    }
  }
}

/// Where the clusters of a block end: one past the last row of each.
struct ClusterEnds {
  let ends: UnsafePointer<UInt32>
  let count: Int
  private let owner: AnyObject

  /// Neighbouring runs have different codes, as runs are stored.
  init(_ runs: CodeRuns) {
    ends = runs.ends
    count = runs.count
    owner = runs
  }

  init(codes: UnsafePointer<UInt32>, count rows: Int) {
    let buffer = Buffer(UInt32.self, count: rows)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    var row = 1
    while row < rows {
      output[found] = UInt32(truncatingIfNeeded: row)
      found &+= codes[row] != codes[row - 1] ? 1 : 0
      row += 1
    }
    if rows > 0 {
      output[found] = UInt32(truncatingIfNeeded: rows)
      found += 1
    }
    ends = UnsafePointer(output)
    count = found
    owner = buffer
  }
}
