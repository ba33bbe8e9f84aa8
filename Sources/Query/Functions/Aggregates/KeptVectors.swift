import ColStore

/// Where the row that a group keeps lies among ``KeptVectors``; zero: it keeps none.
struct KeptPlace: BitwiseCopyable {
  /// Counted from 1.
  let vector: UInt32
  let row: UInt32

  var isEmpty: Bool { vector == 0 }
}

/// Input vectors of which groups keep rows.
///
/// Of coded vectors it is the dictionary that is kept, which mostly is the same for all. Of others so
/// many rows may gather that few are still wanted; then those are copied.
struct KeptVectors {
  private let type: DataType
  private var vectors: [Vector] = []
  private var rowCount = 0

  init(_ type: DataType) { self.type = type }

  /// The number of an input vector, whose rows may be kept from now on.
  mutating func add(_ vector: Vector) -> UInt32 {
    let kept = vector.dictionary ?? vector
    if let last = vectors.last, last === kept { return UInt32(vectors.count) }
    vectors.append(kept)
    if vector.dictionary == nil { rowCount += vector.count }
    return UInt32(vectors.count)
  }

  /// The numbers that the vectors of `other` get here.
  mutating func add(_ other: KeptVectors) -> [UInt32] { other.vectors.map { add($0) } }

  /// Where row `row` of the vector with number `number` lies.
  @inline(__always)
  static func place(_ vector: Vector, _ row: Int, number: UInt32) -> KeptPlace {
    let kept = vector.dictionary == nil ? row : vector.position(of: row)
    return KeptPlace(vector: number, row: UInt32(truncatingIfNeeded: kept))
  }

  func vector(_ place: KeptPlace) -> Vector { vectors[Int(place.vector) - 1] }

  /// The rows that groups keep, NULL where they keep none.
  func rows(at places: UnsafePointer<KeptPlace>, count: Int) -> Vector {
    RowPicker.pick(
      (0..<count).lazy.map { group in
        let place = places[group]
        return place.isEmpty ? nil : (vector: vector(place), row: Int(place.row))
      }, type: type, count: count)
  }

  /// Copies what groups keep where far more rows are held.
  mutating func compact(_ places: UnsafeMutablePointer<KeptPlace>, count: Int) {
    guard rowCount > 4 * count + KeptVectors.rowsMin else { return }
    let copied = rows(at: places, count: count)
    (vectors, rowCount) = ([copied], count)
    for group in 0..<count where !places[group].isEmpty {
      places[group] = KeptPlace(vector: 1, row: UInt32(truncatingIfNeeded: group))
    }
  }

  private static let rowsMin = 1 << 20
}
