import ColStore

/// A vector whose rows lie in parts.
struct PartedVector: Sendable {
  private let type: DataType
  private let parts: [Vector]
  private let values: PartBases
  private let validity: PartBases?
  private let owner: VectorOwner

  init(_ given: [Vector], type: DataType) {
    self.type = type
    let parts = type.physical == .list ? given.sharingElements(type) : given.map { $0.flat() }
    self.parts = parts
    values = PartBases(parts.map { UnsafeMutableRawPointer(mutating: $0.values) })
    var owned = parts
    if parts.contains(where: \.mayHaveNulls) {
      let valid = parts.map { $0.validityOrOnes() }
      validity = PartBases(valid.map { UnsafeMutableRawPointer(mutating: $0.values) })
      owned += valid
    } else {
      validity = nil
    }
    owner = VectorOwner(owned)
  }

  /// Rows `range` of a batch whose rows lie at `places`; flat.
  func rows(_ range: Range<Int>, at places: RowPlaces) -> Vector {
    let values = Buffer(byteCount: range.count * type.physical.stride)
    switch type.physical {
    case .bool: self.values.gather(places, range, into: values.pointer(UInt8.self))
    case .int64, .double: self.values.gather(places, range, into: values.pointer(Int64.self))
    case .int128, .string, .interval, .list:
      self.values.gather(places, range, into: values.pointer(Int128.self))
    }
    let validity = validity.map { known in
      let found = Buffer(UInt8.self, count: range.count)
      known.gather(places, range, into: found.pointer(UInt8.self))
      return found
    }
    return Vector(
      flat: type, count: range.count, values: UnsafeRawPointer(values.base),
      validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) }, child: parts.first?.child,
      mapValues: parts.first?.mapValues,
      owners: [values] + [validity].compactMap { $0 } + (type.hasPointers ? [owner] : []))
  }
}

/// A column whose rows go to their parts, piece by piece.
struct MovedColumn: Sendable {
  private let type: DataType
  private let counts: [Int]
  private let pieces: [Vector]
  /// Set where all pieces share it: codes are moved then.
  private let dictionary: Vector?
  private let values: [Buffer]
  private let valueBases: PartBases
  private let validity: [Buffer]?
  private let validityBases: PartBases?

  /// - Parameter counts: The rows of each part.
  init(_ given: [Vector], type: DataType, _ counts: [Int]) {
    self.type = type
    self.counts = counts
    pieces = type.physical == .list ? given.sharingElements(type) : given
    let shared = pieces.first?.dictionary
    let dictionary = pieces.allSatisfy { $0.dictionary === shared } ? shared : nil
    self.dictionary = dictionary
    let stride = dictionary == nil ? type.physical.stride : MemoryLayout<UInt32>.stride
    values = counts.map { Buffer(byteCount: $0 * stride) }
    valueBases = PartBases(values.map(\.base))
    let mayHaveNulls = dictionary == nil && pieces.contains(where: \.mayHaveNulls)
    validity = mayHaveNulls ? counts.map { Buffer(UInt8.self, count: $0) } : nil
    validityBases = validity.map { PartBases($0.map(\.base)) }
  }

  /// Moves the rows of piece `index`.
  func move(piece index: Int, to places: RowPlaces) {
    let piece = pieces[index]
    if dictionary != nil {
      if let codes = piece.codes { valueBases.scatter(codes, to: places) }
      return
    }
    let flat = piece.flat()
    switch type.physical {
    case .bool: valueBases.scatter(flat.pointer(UInt8.self), to: places)
    case .int64, .double: valueBases.scatter(flat.pointer(Int64.self), to: places)
    case .int128, .string, .interval, .list:
      valueBases.scatter(flat.pointer(Int128.self), to: places)
    }
    if let validityBases {
      let valid = flat.validityOrOnes()
      validityBases.scatter(valid.pointer(UInt8.self), to: places)
      withExtendedLifetime(valid) {}
    }
    withExtendedLifetime(flat) {}
  }

  /// The rows of each part, once all pieces are moved.
  var vectors: [Vector] {
    let owner = VectorOwner(pieces)
    return counts.indices.map { part in
      if let dictionary {
        return Vector(
          codes: UnsafePointer(values[part].pointer(UInt32.self)), count: counts[part],
          dictionary: dictionary, owners: [values[part]])
      }
      return Vector(
        flat: type, count: counts[part], values: UnsafeRawPointer(values[part].base),
        validity: validity.map { UnsafePointer($0[part].pointer(UInt8.self)) },
        child: pieces.first?.child, mapValues: pieces.first?.mapValues,
        owners: [values[part]] + (validity.map { [$0[part]] } ?? [])
          + (type.hasPointers ? [owner] : []))
    }
  }
}

/// Where the values of each part begin.
struct PartBases: @unchecked Sendable {
  private let bases: Buffer

  init(_ bases: [UnsafeMutableRawPointer]) {
    self.bases = Buffer(UnsafeMutableRawPointer.self, count: bases.count)
    for (part, base) in bases.enumerated() { self.bases.pointer()[part] = base }
  }

  /// Writes the values of a batch's rows to their places.
  func scatter<Element: BitwiseCopyable>(_ source: UnsafePointer<Element>, to places: RowPlaces) {
    let bases = bases.pointer(UnsafeMutablePointer<Element>.self)
    let part = places.parts.pointer(UInt16.self)
    let place = places.places.pointer(UInt32.self)
    var row = 0
    while row < places.count {
      bases[Int(part[row])][Int(place[row])] = source[row]
      row += 1
    }
  }

  /// Reads the values of some rows of a batch from their places.
  func gather<Element: BitwiseCopyable>(
    _ places: RowPlaces, _ rows: Range<Int>, into output: UnsafeMutablePointer<Element>
  ) {
    let bases = bases.pointer(UnsafeMutablePointer<Element>.self)
    let part = places.parts.pointer(UInt16.self) + rows.lowerBound
    let place = places.places.pointer(UInt32.self) + rows.lowerBound
    var row = 0
    while row < rows.count {
      output[row] = bases[Int(part[row])][Int(place[row])]
      row += 1
    }
  }
}

/// Keeps vectors whose memory others point into.
private final class VectorOwner: Sendable {
  private let vectors: [Vector]

  init(_ vectors: [Vector]) { self.vectors = vectors }
}

extension DataType {
  /// Whether values point to memory elsewhere.
  fileprivate var hasPointers: Bool { physical == .string || physical == .list }
}

extension Vector {
  /// A byte a row of this flat vector: whether it is not NULL.
  fileprivate func validityOrOnes() -> Vector {
    if let validity {
      return Vector(
        flat: .boolean, count: count, values: UnsafeRawPointer(validity), owners: [self])
    }
    let ones = Buffer(UInt8.self, count: count)
    ones.pointer(UInt8.self).update(repeating: 1, count: count)
    return Vector(flat: .boolean, count: count, values: ones)
  }
}

extension [Vector] {
  /// The same lists, flat, with the elements of all in one vector.
  fileprivate func sharingElements(_ type: DataType) -> [Vector] {
    let whole = Vector.concatenate(self, type: type).flat()
    var first = 0
    return map { vector in
      defer { first += vector.count }
      return whole.slice(offset: first, count: vector.count)
    }
  }
}
