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

  static func decode(
    _ reader: inout ByteReader, clusters: UnsafePointer<UInt32>,
    into words: UnsafeMutablePointer<UInt64>, count: Int, scratch: DecodingScratch
  ) throws(StoreError) {
    guard count > 0 else { return }
    let headCount = ecq_count_runs_u32(clusters, count)
    // One value more of each, which the kernel may look at and not use.
    try scratch.lend(UInt64.self, count + 2) { space throws(StoreError) in
      let heads = space
      let gaps = space + headCount + 1
      try IntegerStream.decode(&reader, into: heads, count: headCount, scratch: scratch)
      try IntegerStream.decode(&reader, into: gaps, count: count - headCount, scratch: scratch)
      ecq_clustered_deltas_u64(clusters, heads, gaps, count, words)
    }
  }
}
