import CKernels

/// The two widths that integer streams come in: 32-bit dictionary codes, counts and lengths, and
/// 64-bit values, whose bits are those of an `Int64`.
protocol StreamWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {
  var asInt64: Int64 { get }
  /// The word with these bits, or nil where they do not fit.
  init?(exactlyInt64 value: Int64)
  /// Zigzag of the difference, taken modulo the word's width.
  static func zigzagDelta(_ value: Self, _ previous: Self) -> Self
  /// The least and the greatest of at least one value, in the order of what the words stand for.
  static func extent(
    _ values: UnsafePointer<Self>, _ count: Int
  ) -> (least: Self, greatest: Self)
  /// output[i] = values[i] - reference, wrapping.
  static func distances(
    _ values: UnsafePointer<Self>, _ count: Int, to reference: Self,
    into output: UnsafeMutablePointer<Self>)
  /// Divides values that are all multiples of `divisor`; returns false where they are not, and leaves
  /// them as they are.
  static func divideExactly(
    _ values: UnsafeMutablePointer<Self>, _ count: Int, by divisor: Self
  ) -> Bool
  static func splitPlanes(
    _ values: UnsafePointer<Self>, _ count: Int, width: Int,
    into planes: UnsafeMutablePointer<UInt8>)
  static func joinPlanes(
    _ planes: UnsafePointer<UInt8>, _ count: Int, width: Int,
    into values: UnsafeMutablePointer<Self>)
  /// values[i] = values[i] * scale + reference, wrapping.
  static func scale(
    _ values: UnsafeMutablePointer<Self>, _ count: Int, by scale: Self, reference: Self)
  static func addDeltas(_ values: UnsafeMutablePointer<Self>, _ count: Int)
  /// `output` has room for ``runSlack`` more values than the lengths add up to.
  static func expandRuns(
    _ values: UnsafePointer<Self>, lengths: UnsafePointer<UInt32>, _ runs: Int,
    into output: UnsafeMutablePointer<Self>)
  static func expandRepeats(
    _ changed: UnsafePointer<Self>, bits: UnsafePointer<UInt8>, _ count: Int,
    into output: UnsafeMutablePointer<Self>)
  /// `others` is readable one value further.
  static func expandNewcomers(
    _ others: UnsafePointer<Self>, bits: UnsafePointer<UInt8>, base: Self, _ count: Int,
    into output: UnsafeMutablePointer<Self>)
  /// `packed` has room for eight bytes more.
  static func packBits(
    _ values: UnsafePointer<Self>, _ count: Int, bits: Int, reference: Self,
    into packed: UnsafeMutablePointer<UInt8>)
  /// `packed` is readable eight bytes further.
  static func unpackBits(
    _ packed: UnsafePointer<UInt8>, _ count: Int, bits: Int, reference: Self,
    into output: UnsafeMutablePointer<Self>)
}

/// Values that expanding runs may write past its output's end.
let runSlack = Int(ECQ_RUN_SLACK)

extension UInt32: StreamWord {
  static func addDeltas(_ values: UnsafeMutablePointer<UInt32>, _ count: Int) {
    ecq_add_deltas_u32(values, count)
  }

  static func expandRuns(
    _ values: UnsafePointer<UInt32>, lengths: UnsafePointer<UInt32>, _ runs: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) { ecq_expand_runs_u32(values, lengths, runs, output) }

  static func expandRepeats(
    _ changed: UnsafePointer<UInt32>, bits: UnsafePointer<UInt8>, _ count: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) { ecq_expand_repeats_u32(changed, bits, count, output) }

  static func expandNewcomers(
    _ others: UnsafePointer<UInt32>, bits: UnsafePointer<UInt8>, base: UInt32, _ count: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) { ecq_expand_newcomers_u32(others, bits, base, count, output) }

  static func unpackBits(
    _ packed: UnsafePointer<UInt8>, _ count: Int, bits: Int, reference: UInt32,
    into output: UnsafeMutablePointer<UInt32>
  ) { ecq_unpack_bits_u32(packed, count, Int32(bits), reference, output) }

  static func packBits(
    _ values: UnsafePointer<UInt32>, _ count: Int, bits: Int, reference: UInt32,
    into packed: UnsafeMutablePointer<UInt8>
  ) { ecq_pack_bits_u32(values, count, Int32(bits), reference, packed) }

  static func extent(
    _ values: UnsafePointer<UInt32>, _ count: Int
  ) -> (least: UInt32, greatest: UInt32) {
    let found = ecq_extent_u32(values, count)
    return (found.least, found.greatest)
  }

  static func distances(
    _ values: UnsafePointer<UInt32>, _ count: Int, to reference: UInt32,
    into output: UnsafeMutablePointer<UInt32>
  ) { ecq_distances_u32(values, count, reference, output) }

  static func divideExactly(
    _ values: UnsafeMutablePointer<UInt32>, _ count: Int, by divisor: UInt32
  ) -> Bool { ecq_divide_exactly_u32(values, count, divisor) != 0 }

  var asInt64: Int64 { Int64(self) }
  init?(exactlyInt64 value: Int64) { self.init(exactly: value) }

  @inline(__always)
  static func zigzagDelta(_ value: UInt32, _ previous: UInt32) -> UInt32 {
    let delta = Int32(bitPattern: value &- previous)
    return UInt32(bitPattern: (delta << 1) ^ (delta >> 31))
  }

  static func splitPlanes(
    _ values: UnsafePointer<UInt32>, _ count: Int, width: Int,
    into planes: UnsafeMutablePointer<UInt8>
  ) { ecq_split_planes_u32(values, count, Int32(width), planes) }

  static func joinPlanes(
    _ planes: UnsafePointer<UInt8>, _ count: Int, width: Int,
    into values: UnsafeMutablePointer<UInt32>
  ) { ecq_join_planes_u32(planes, count, Int32(width), values) }

  static func scale(
    _ values: UnsafeMutablePointer<UInt32>, _ count: Int, by scale: UInt32, reference: UInt32
  ) {
    if scale == 1 {
      if reference != 0 { ecq_offset_u32(values, count, reference) }
      return
    }
    for index in 0..<count { values[index] = values[index] &* scale &+ reference }
  }
}

extension UInt64: StreamWord {
  static func addDeltas(_ values: UnsafeMutablePointer<UInt64>, _ count: Int) {
    ecq_add_deltas_u64(values, count)
  }

  static func expandRuns(
    _ values: UnsafePointer<UInt64>, lengths: UnsafePointer<UInt32>, _ runs: Int,
    into output: UnsafeMutablePointer<UInt64>
  ) { ecq_expand_runs_u64(values, lengths, runs, output) }

  static func expandRepeats(
    _ changed: UnsafePointer<UInt64>, bits: UnsafePointer<UInt8>, _ count: Int,
    into output: UnsafeMutablePointer<UInt64>
  ) { ecq_expand_repeats_u64(changed, bits, count, output) }

  static func expandNewcomers(
    _ others: UnsafePointer<UInt64>, bits: UnsafePointer<UInt8>, base: UInt64, _ count: Int,
    into output: UnsafeMutablePointer<UInt64>
  ) { ecq_expand_newcomers_u64(others, bits, base, count, output) }

  static func unpackBits(
    _ packed: UnsafePointer<UInt8>, _ count: Int, bits: Int, reference: UInt64,
    into output: UnsafeMutablePointer<UInt64>
  ) { ecq_unpack_bits_u64(packed, count, Int32(bits), reference, output) }

  static func packBits(
    _ values: UnsafePointer<UInt64>, _ count: Int, bits: Int, reference: UInt64,
    into packed: UnsafeMutablePointer<UInt8>
  ) { ecq_pack_bits_u64(values, count, Int32(bits), reference, packed) }

  static func extent(
    _ values: UnsafePointer<UInt64>, _ count: Int
  ) -> (least: UInt64, greatest: UInt64) {
    let found = ecq_extent_u64(values, count)
    return (found.least, found.greatest)
  }

  static func distances(
    _ values: UnsafePointer<UInt64>, _ count: Int, to reference: UInt64,
    into output: UnsafeMutablePointer<UInt64>
  ) { ecq_distances_u64(values, count, reference, output) }

  static func divideExactly(
    _ values: UnsafeMutablePointer<UInt64>, _ count: Int, by divisor: UInt64
  ) -> Bool { ecq_divide_exactly_u64(values, count, divisor) != 0 }

  var asInt64: Int64 { Int64(bitPattern: self) }
  init?(exactlyInt64 value: Int64) { self.init(bitPattern: value) }

  @inline(__always)
  static func zigzagDelta(_ value: UInt64, _ previous: UInt64) -> UInt64 {
    zigzag(Int64(bitPattern: value &- previous))
  }

  static func splitPlanes(
    _ values: UnsafePointer<UInt64>, _ count: Int, width: Int,
    into planes: UnsafeMutablePointer<UInt8>
  ) { ecq_split_planes_u64(values, count, Int32(width), planes) }

  static func joinPlanes(
    _ planes: UnsafePointer<UInt8>, _ count: Int, width: Int,
    into values: UnsafeMutablePointer<UInt64>
  ) { ecq_join_planes_u64(planes, count, Int32(width), values) }

  static func scale(
    _ values: UnsafeMutablePointer<UInt64>, _ count: Int, by scale: UInt64, reference: UInt64
  ) {
    if scale != 1 || reference != 0 { ecq_scale_u64(values, count, scale, reference) }
  }
}
