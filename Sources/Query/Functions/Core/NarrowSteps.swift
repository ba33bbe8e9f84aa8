import CKernels
import ColStore

/// Functions of whole numbers that change at multiples of a width only, as parts of a date do, over
/// narrow words: where the words lie in few such granules, a comparison with each bound a row; else a
/// division of 32 bits, where results count up and start over. The result is narrow itself.
struct NarrowSteps {
  private let vector: Vector
  private let narrow: NarrowWords
  private let width: Int64
  private let least: Int64
  /// The granule of the least word, and how many follow it.
  private let first: Int64
  private let following: Int

  /// Of more granules, the function is not asked for all.
  private static let granulesMax = 4096

  private init?(_ vector: Vector, width: Int64) {
    guard let narrow = vector.narrow, vector.type.physical == .int64, width > 0 else { return nil }
    least = Int64(bitPattern: narrow.reference)
    let greatest = Int64(bitPattern: narrow.reference &+ UInt64(narrow.greatest) &* narrow.scale)
    first = FloorDivision.quotient(least, width)
    let following = FloorDivision.quotient(greatest, width) &- first
    guard (0..<Int64(Self.granulesMax)).contains(following) else { return nil }
    self.vector = vector
    self.narrow = narrow
    self.width = width
    self.following = Int(following)
  }

  /// `value` of each word that is not NULL; `value` is asked once a granule, for a number in it. Nil
  /// where the vector is not narrow, or another way is faster.
  static func apply(
    _ vector: Vector, width: Int64, to type: DataType, _ value: (Int64) -> Int64
  ) -> Vector? {
    guard let steps = NarrowSteps(vector, width: width) else { return nil }
    var values = [value(steps.least)]
    for granule in 0..<Int64(steps.following) {
      values.append(value((steps.first + granule + 1) * width))
    }
    let reference = values.reduce(values[0]) { min($0, $1) }
    let distances = values.map { UInt64(bitPattern: $0 &- reference) }
    let range = distances.reduce(0) { max($0, $1) }
    let bits = UInt64(8 * steps.narrow.bytes)
    let scale =
      range >> bits == 0 ? 1 : max(distances.reduce(0) { greatestCommonDivisor($0, $1) }, 1)
    let most = range / scale
    guard most >> bits == 0 else { return nil }
    let numbers = distances.map { UInt32($0 / scale) }
    guard let output = steps.compared(numbers) ?? steps.divided(numbers) else { return nil }
    let words = NarrowWords(
      kept: UnsafeRawPointer(output.base), count: vector.count, bytes: steps.narrow.bytes,
      greatest: UInt32(most), scale: scale, reference: UInt64(bitPattern: reference),
      owner: output)
    return Vector(narrow: words, type, validity: vector.validity, owners: [vector])
  }

  /// The granules' numbers by comparisons; nil where they are too many.
  private func compared(_ numbers: [UInt32]) -> Buffer? {
    let boundsMax = [1: 24, 2: 16, 4: 8][narrow.bytes] ?? 0
    guard following <= boundsMax else { return nil }
    let bounds = (0..<Int64(following)).map { granule -> UInt32 in
      let distance = UInt64(bitPattern: (first + granule + 1) * width &- least)
      return UInt32((distance + narrow.scale - 1) / narrow.scale)
    }
    let output = Buffer(byteCount: vector.count * narrow.bytes)
    ecq_follow_steps(
      narrow.kept, vector.count, Int32(narrow.bytes), numbers[0], bounds,
      zip(numbers.dropFirst(), numbers).map { $0 &- $1 }, bounds.count, output.base)
    return output
  }

  /// The granules' numbers by division; nil where they do not count up, or are not exact so.
  private func divided(_ numbers: [UInt32]) -> Buffer? {
    let sumsMax: UInt64 = 1 << 21
    let scale = Int64(bitPattern: narrow.scale)
    guard scale > 0, width % scale == 0, width / scale < Int64(sumsMax) else { return nil }
    let offset = UInt64(least - first * width) / narrow.scale
    let modulus = zip(numbers, numbers.dropFirst()).first { $1 < $0 }.map { $0.0 + 1 } ?? 0
    guard offset + UInt64(narrow.greatest) < sumsMax, UInt64(numbers[0]) < sumsMax / 2,
      numbers.indices.allSatisfy({ index in
        let counted = numbers[0] + UInt32(index)
        return numbers[index] == (modulus == 0 ? counted : counted % modulus)
      })
    else { return nil }
    let output = Buffer(byteCount: vector.count * narrow.bytes)
    ecq_divide_narrow(
      narrow.kept, vector.count, Int32(narrow.bytes), UInt32(offset), UInt32(width / scale),
      numbers[0], modulus, output.base)
    return output
  }
}
