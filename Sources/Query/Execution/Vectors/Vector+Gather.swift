import ColStore

extension Vector {
  /// The same rows, flat or constant: a dictionary's entries are copied out to their rows.
  func flattened() -> Vector {
    guard layout == .dictionary, let codes else { return self }
    return Vector.gather(values: self, at: codes, count: count, keeping: self)
  }

  /// The same rows in the flat layout.
  package func flat() -> Vector {
    switch layout {
    case .flat: return self
    case .dictionary: return flattened()
    case .constant:
      let zeros = Buffer(UInt32.self, count: count)
      zeros.zero()
      return withExtendedLifetime(zeros) {
        Vector.gather(
          values: self, at: UnsafePointer(zeros.pointer(UInt32.self)), count: count, keeping: self)
      }
    }
  }

  /// Rows `selection[0..<count]` of this vector, in the same layout.
  func select(_ selection: UnsafePointer<UInt32>, count: Int) -> Vector {
    switch layout {
    case .constant: return slice(offset: 0, count: 0).repeated(of: self, count: count)
    case .dictionary:
      guard let dictionary else { return self }
      let gathered = Buffer(UInt32.self, count: count)
      pickCodes(selection, count, into: gathered.pointer(UInt32.self))
      return Vector(
        codes: UnsafePointer(gathered.pointer(UInt32.self)), count: count, dictionary: dictionary,
        owners: [gathered])
    case .flat:
      return Vector.gather(values: self, at: selection, count: count, keeping: self)
    }
  }

  /// `count` rows of the constant `vector`.
  private func repeated(of vector: Vector, count: Int) -> Vector {
    Vector(repeating: vector.single(at: 0), count: count)
  }

  /// Row `row` as a flat vector of one row, sharing memory.
  func single(at row: Int) -> Vector {
    let position = position(of: row)
    return Vector(
      flat: type, count: 1, values: values + position * type.physical.stride,
      validity: validity.map { $0 + position }, child: child, mapValues: mapValues, owners: [self])
  }

  /// Copies entries `positions[0..<count]` of `values` (not rows: no layout is applied) to a flat
  /// vector.
  static func gather(
    values source: Vector, at positions: UnsafePointer<UInt32>, count: Int, keeping owner: AnyObject
  ) -> Vector {
    let output = Buffer(byteCount: count * source.type.physical.stride)
    switch source.type.physical {
    case .bool:
      GatherKernels.gather(
        source.pointer(UInt8.self), at: positions, into: output.pointer(UInt8.self), count: count)
    case .int64, .double:
      if let narrow = source.narrow {
        narrow.pick(positions, count, into: output.pointer(UInt64.self))
        break
      }
      GatherKernels.gather(
        source.pointer(Int64.self), at: positions, into: output.pointer(Int64.self), count: count)
    case .int128, .string, .interval, .list:
      GatherKernels.gather(
        source.pointer(Int128.self), at: positions, into: output.pointer(Int128.self), count: count)
    }
    var validity: Buffer?
    if let valid = source.validity {
      let gathered = Buffer(UInt8.self, count: count)
      GatherKernels.gather(
        valid, at: positions, into: gathered.pointer(UInt8.self), count: count)
      validity = gathered
    }
    var owners: [AnyObject] = [output]
    if let validity { owners.append(validity) }
    switch source.type.physical {
    case .string, .list: owners.append(owner)
    default: break
    }
    return Vector(
      flat: source.type, count: count, values: UnsafeRawPointer(output.base),
      validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) }, child: source.child,
      mapValues: source.mapValues, owners: owners)
  }

  /// The rows of all `vectors`, one after the other; coded where they share one dictionary.
  static func concatenate(_ vectors: [Vector], type: DataType) -> Vector {
    if vectors.count == 1 { return vectors[0] }
    let total = vectors.reduce(0) { $0 + $1.count }
    if let shared = vectors.first?.dictionary, vectors.allSatisfy({ $0.dictionary === shared }) {
      let codes = Buffer(UInt32.self, count: total)
      var filled = 0
      for vector in vectors {
        if let source = vector.codes {
          (codes.pointer(UInt32.self) + filled).update(from: source, count: vector.count)
        }
        filled += vector.count
      }
      return Vector(
        codes: UnsafePointer(codes.pointer(UInt32.self)), count: total, dictionary: shared,
        owners: [codes])
    }
    if type.physical == .list { return ListConcatenation.concatenate(vectors, type: type) }
    let stride = type.physical.stride
    let values = Buffer(byteCount: total * stride)
    let hasNulls = vectors.contains { $0.mayHaveNulls }
    let validity = hasNulls ? Buffer(UInt8.self, count: total) : nil
    var owners: [AnyObject] = []
    var filled = 0
    for vector in vectors where vector.count > 0 {
      let flat = vector.flat()
      (values.base + filled * stride).copyMemory(from: flat.values, byteCount: flat.count * stride)
      if let validity {
        let place = validity.pointer(UInt8.self) + filled
        if let valid = flat.validity {
          place.update(from: valid, count: flat.count)
        } else {
          place.update(repeating: 1, count: flat.count)
        }
      }
      if type.physical == .string { owners.append(flat) }
      filled += flat.count
      withExtendedLifetime(flat) {}
    }
    return Vector(flat: type, count: total, values: values, validity: validity, owners: owners)
  }

  /// The same rows and memory under another type of the same physical type.
  func retyped(_ type: DataType) -> Vector {
    if type == self.type { return self }
    precondition(type.physical == self.type.physical, "retyping keeps the bytes")
    switch layout {
    case .flat:
      return Vector(
        flat: type, count: count, values: values, validity: validity, child: child,
        mapValues: mapValues, owners: [self])
    case .constant: return Vector(repeating: single(at: 0).retyped(type), count: count)
    case .dictionary:
      guard let codes, let dictionary else { return self }
      return Vector(
        codes: codes, count: count, dictionary: dictionary.retyped(type), owners: [self])
    }
  }

  /// `count` NULLs.
  static func nulls(_ type: DataType, count: Int) -> Vector {
    Vector(repeating: nullRow(type), count: count)
  }

  private static func nullRow(_ type: DataType) -> Vector {
    let buffer = Buffer(byteCount: 16)
    buffer.zero()
    if type.physical == .string { buffer.pointer(StringView.self)[0] = .empty }
    let validity = Buffer(byteCount: 1)
    validity.zero()
    return Vector(flat: type, count: 1, values: buffer, validity: validity)
  }
}

/// The copying loops under selection and decoding.
enum GatherKernels {
  @inline(__always)
  static func gather<Element: BitwiseCopyable>(
    _ source: UnsafePointer<Element>, at positions: UnsafePointer<UInt32>,
    into output: UnsafeMutablePointer<Element>, count: Int
  ) {
    var row = 0
    while row < count {
      output[row] = source[Int(positions[row])]
      row += 1
    }
  }
}

extension Batch {
  /// Rows `selection[0..<count]`.
  func select(_ selection: UnsafePointer<UInt32>, count: Int) -> Batch {
    Batch(columns: columns.map { $0.select(selection, count: count) }, rowCount: count)
  }

  /// Rows `rows` with the columns `columns`; others are NULL.
  func select(_ rows: UnsafeBufferPointer<UInt32>, only columns: Set<Int>) -> Batch {
    guard let first = rows.baseAddress else { return Batch(columns: [], rowCount: 0) }
    return Batch(
      columns: self.columns.enumerated().map { number, column in
        columns.contains(number)
          ? column.select(first, count: rows.count) : .nulls(column.type, count: rows.count)
      }, rowCount: rows.count)
  }

  func slice(offset: Int, count: Int) -> Batch {
    if offset == 0 && count == rowCount { return self }
    return Batch(columns: columns.map { $0.slice(offset: offset, count: count) }, rowCount: count)
  }

  /// Hands the rows on, at most `rows` at a time; returns false once no more is wanted.
  func emit(
    inPiecesOf rows: Int, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    var offset = 0
    while offset < rowCount {
      let count = min(rows, rowCount - offset)
      if try !emit(slice(offset: offset, count: count)) { return false }
      offset += count
    }
    return true
  }

  /// Calls `body` with pieces of at most so many rows, and with where each begins.
  func forEachPiece(
    ofRows rows: Int, _ body: (_ offset: Int, Batch) throws(QueryError) -> Void
  ) throws(QueryError) {
    var offset = 0
    _ = try emit(inPiecesOf: rows) { piece throws(QueryError) in
      try body(offset, piece)
      offset += piece.rowCount
      return true
    }
  }

  /// All rows of `batches` as one batch; `types` are those of its columns.
  static func concatenate(_ batches: [Batch], types: [DataType]) -> Batch {
    if batches.count == 1 { return batches[0] }
    let columns = types.indices.map { column in
      batches.isEmpty
        ? Vector(types[column], [])
        : Vector.concatenate(batches.map { $0.columns[column] }, type: types[column])
    }
    return Batch(columns: columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}
