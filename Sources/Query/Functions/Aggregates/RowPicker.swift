import ColStore

/// Makes a vector of rows that lie in different vectors.
enum RowPicker {
  static func pick(
    _ rows: some Sequence<(vector: Vector, row: Int)?>, type: DataType, count: Int
  ) -> Vector {
    if type.physical == .list { return lists(rows, type: type, count: count) }
    if type.physical == .string {
      var output = TextBuilder(count: count)
      for (index, found) in rows.enumerated() {
        if let found, !found.vector.isNull(found.row) {
          let position = found.vector.position(of: found.row)
          let view = found.vector.pointer(StringView.self)[position]
          output.set(index, output.arena.copy(view.bytes))
        } else {
          output.setNull(index)
        }
      }
      return output.finish()
    }
    let values = Buffer(byteCount: count * type.physical.stride)
    values.zero()
    let validity = Buffer(UInt8.self, count: count)
    let valid = validity.pointer(UInt8.self)
    let stride = type.physical.stride
    for (index, found) in rows.enumerated() {
      if let found, !found.vector.isNull(found.row) {
        let position = found.vector.position(of: found.row)
        (values.base + index * stride).copyMemory(
          from: found.vector.values + position * stride, byteCount: stride)
        valid[index] = 1
      } else {
        valid[index] = 0
      }
    }
    return Vector(flat: type, count: count, values: values, validity: validity)
  }

  /// Of each vector, the rows that are picked; then these in their order.
  private static func lists(
    _ rows: some Sequence<(vector: Vector, row: Int)?>, type: DataType, count: Int
  ) -> Vector {
    var numbers: [ObjectIdentifier: Int] = [:]
    var sources: [(vector: Vector, picked: [UInt32])] = []
    var places: [(source: Int, index: Int)?] = []
    for found in rows {
      guard let found else {
        places.append(nil)
        continue
      }
      let identity = ObjectIdentifier(found.vector)
      let number = numbers[identity] ?? sources.count
      if number == sources.count {
        numbers[identity] = number
        sources.append((found.vector, []))
      }
      places.append((number, sources[number].picked.count))
      sources[number].picked.append(UInt32(found.row))
    }
    var starts = [0]
    var parts: [Vector] = []
    for (vector, picked) in sources {
      parts.append(
        picked.withUnsafeBufferPointer { picked in
          picked.baseAddress.map { vector.select($0, count: picked.count) } ?? vector
        })
      starts.append(starts[starts.count - 1] + picked.count)
    }
    // The row behind all of them is NULL.
    parts.append(.nulls(type, count: 1))
    let order = places.map { place in
      UInt32(place.map { starts[$0.source] + $0.index } ?? starts[starts.count - 1])
    }
    let all = Vector.concatenate(parts.map { $0.flat() }, type: type)
    return order.withUnsafeBufferPointer { order in
      order.baseAddress.map { all.select($0, count: count) } ?? Vector(type, [])
    }
  }
}
