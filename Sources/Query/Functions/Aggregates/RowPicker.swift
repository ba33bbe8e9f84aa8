import ColStore

/// Makes a vector of rows that lie in different vectors.
enum RowPicker {
  static func pick(
    _ rows: some Sequence<(vector: Vector, row: Int)?>, type: DataType, count: Int
  ) -> Vector {
    if type.physical == .list {
      let parts = rows.map { found in
        found.map { $0.vector.single(at: $0.row).flat() } ?? .nulls(type, count: 1).flat()
      }
      if parts.isEmpty { return Vector(type, []) }
      return Vector.concatenate(parts, type: type)
    }
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
}
