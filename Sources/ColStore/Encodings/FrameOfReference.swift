/// Where some values lie: the smallest, and how far above it the greatest is.
struct FrameOfReference<Word: StreamWord> {
  let reference: Word
  let range: Word

  /// - Parameter count: At least 1.
  init(_ values: UnsafePointer<Word>, count: Int) {
    let (least, greatest) = Word.extent(values, count)
    reference = least
    range = greatest &- least
  }

  /// Writes the distances of values to the reference.
  func distances(
    _ values: UnsafePointer<Word>, count: Int, into output: UnsafeMutablePointer<Word>
  ) {
    Word.distances(values, count, to: reference, into: output)
  }
}
