import CKernels

/// Numbers of a block in as few bytes each as hold them: number = reference + kept × scale.
final class NarrowNumbers: Sendable {
  let count: Int
  private let kept: Buffer
  /// 1, 2, 4 or 8.
  private let bytes: Int
  /// No kept number is greater; of words in less than 8 bytes.
  private let greatest: UInt32
  private let scale: UInt64
  private let reference: UInt64

  private init(
    _ kept: Buffer, count: Int, bytes: Int, greatest: UInt32 = .max, scale: UInt64 = 1,
    reference: UInt64 = 0
  ) {
    self.kept = kept
    self.count = count
    self.bytes = bytes
    self.greatest = greatest
    self.scale = scale
    self.reference = reference
  }

  var byteCount: Int { count * bytes }

  /// The same in memory that is kept.
  func copied(to memory: KeptMemory) -> NarrowNumbers {
    NarrowNumbers(
      memory.copy(UnsafePointer(kept.pointer(UInt8.self)), count: byteCount), count: count,
      bytes: bytes, greatest: greatest, scale: scale, reference: reference)
  }

  // MARK: - Codes

  /// `count` codes of 32 bits; `codes` may be kept as they are.
  static func codes(_ codes: Buffer, count: Int) -> NarrowNumbers {
    let greatest = ecq_max_u32(codes.pointer(UInt32.self), count)
    let bytes = greatest < 1 << 8 ? 1 : greatest < 1 << 16 ? 2 : 4
    if bytes == 4 { return NarrowNumbers(codes, count: count, bytes: 4) }
    let kept = Buffer(byteCount: count * bytes)
    ecq_narrow_u32(codes.pointer(UInt32.self), count, Int32(bytes), kept.base)
    return NarrowNumbers(kept, count: count, bytes: bytes)
  }

  /// A code of 32 bits a row.
  func wideCodes() -> Buffer {
    if bytes == 4 { return kept }
    let output = Buffer(UInt32.self, count: count)
    ecq_widen_u32(kept.base, count, Int32(bytes), output.pointer(UInt32.self))
    return output
  }

  func pick(
    _ rows: UnsafePointer<UInt32>, _ rowCount: Int, into output: UnsafeMutablePointer<UInt32>
  ) {
    ecq_pick_u32(kept.base, Int32(bytes), rows, rowCount, output)
  }

  /// Writes the rows whose code has a verdict of 1 among those of `codeCount` codes; returns how many
  /// there are.
  func choose(
    _ verdicts: UnsafePointer<UInt8>, _ codeCount: Int, into rows: UnsafeMutablePointer<UInt32>
  ) -> Int {
    ecq_choose_codes(kept.base, count, Int32(bytes), verdicts, codeCount, rows)
  }

  /// Writes the rows with that code to `rows`, which has room for ``runSlack`` more than there are.
  func choose(code: UInt32, into rows: UnsafeMutablePointer<UInt32>) -> Int {
    ecq_choose_equal(kept.base, count, Int32(bytes), code, rows)
  }

  // MARK: - Words

  /// Words as they are.
  static func wide(_ words: Buffer, count: Int) -> NarrowNumbers {
    NarrowNumbers(words, count: count, bytes: 8)
  }

  /// Words of a type whose order is that of signed numbers; `words` may be kept as they are.
  static func words(_ words: Buffer, count: Int) -> NarrowNumbers {
    let values = words.pointer(UInt64.self)
    guard count > 0 else { return wide(words, count: count) }
    let frame = FrameOfReference(UnsafePointer(values), count: count)
    let (least, range) = (frame.reference, frame.range)
    // Distances up to here are exact as doubles, by which they are divided.
    guard range < 1 << 53 else { return wide(words, count: count) }
    let sampled = commonDivisor(values, min(count, sampleCount), least)
    for scale in sampled == 1 ? [1] : [sampled, 1] {
      let greatest = range / scale
      guard greatest < 1 << 32 else { continue }
      let bytes = greatest < 1 << 8 ? 1 : greatest < 1 << 16 ? 2 : 4
      let kept = Buffer(byteCount: count * bytes)
      if ecq_narrow_u64(values, count, least, scale, Int32(bytes), kept.base) != 0 {
        return NarrowNumbers(
          kept, count: count, bytes: bytes, greatest: UInt32(greatest), scale: scale,
          reference: least)
      }
    }
    return wide(words, count: count)
  }

  /// Values that tell which divisor to try.
  private static let sampleCount = 64

  private static func commonDivisor(
    _ values: UnsafePointer<UInt64>, _ count: Int, _ least: UInt64
  ) -> UInt64 {
    max((0..<count).reduce(0) { greatestCommonDivisor($0, values[$1] &- least) }, 1)
  }

  /// All words as a vector, which keeps them as narrow as they are until its values are read.
  func vector(_ type: DataType, validity: Buffer?, ascendsInClusters: Bool) -> Vector {
    if bytes == 8 {
      return Vector(
        flat: type, count: count, values: kept, validity: validity,
        ascendsInClusters: ascendsInClusters)
    }
    let words = NarrowWords(
      kept: UnsafeRawPointer(kept.base), count: count, bytes: bytes, greatest: greatest,
      scale: scale, reference: reference, owner: kept)
    return Vector(
      narrow: words, type, validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) },
      ascendsInClusters: ascendsInClusters, owners: validity.map { [$0] } ?? [])
  }

  /// Writes the rows whose word lies in `range`; returns how many there are.
  func choose(_ range: ClosedRange<Int64>, into rows: UnsafeMutablePointer<UInt32>) -> Int {
    if bytes == 8 {
      let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
      return ecq_choose_between(
        kept.base, count, 8, UInt64(bitPattern: range.lowerBound), span, rows)
    }
    // The first and the last that is kept of the words in the range.
    let base = Int128(Int64(bitPattern: reference))
    let step = Int128(scale)
    let low = max((Int128(range.lowerBound) - base + step - 1).flooringQuotient(by: step), 0)
    let high = min(
      (Int128(range.upperBound) - base).flooringQuotient(by: step), (1 << (8 * bytes)) - 1)
    guard low <= high else { return 0 }
    return ecq_choose_between(kept.base, count, Int32(bytes), UInt64(low), UInt64(high - low), rows)
  }

  func pickWords(_ rows: SelectedRows) -> Buffer {
    let output = Buffer(UInt64.self, count: rows.count)
    ecq_pick_u64(
      kept.base, Int32(bytes), scale, reference, rows.rows, rows.count,
      output.pointer(UInt64.self))
    return output
  }
}

extension Int128 {
  /// The quotient by a positive number, rounded towards the lesser.
  fileprivate func flooringQuotient(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
