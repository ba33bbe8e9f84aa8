import ColStore

/// Kleene logic over BOOLEAN vectors.
enum BooleanKernels {
  static func not(_ vector: Vector) -> Vector {
    map(vector) { value in value ^ 1 }
  }

  /// The same NULLs, each value through `body`.
  @inline(__always)
  private static func map(_ vector: Vector, _ body: (UInt8) -> UInt8) -> Vector {
    let source = vector.layout == .dictionary ? vector.flattened() : vector
    let count = source.layout == .constant ? 1 : source.count
    let buffer = Buffer(UInt8.self, count: count)
    let output = buffer.pointer(UInt8.self)
    let values = source.pointer(UInt8.self)
    var row = 0
    while row < count {
      output[row] = body(values[row] & 1)
      row += 1
    }
    let flat = Vector(
      flat: .boolean, count: count, values: UnsafeRawPointer(output), validity: source.validity,
      owners: [buffer, source])
    return source.layout == .constant ? Vector(repeating: flat, count: vector.count) : flat
  }

  static func isNull(_ vector: Vector) -> Vector {
    let count = vector.count
    guard let validity = vector.validity else {
      return .constant(.boolean, .bool(false), count: count)
    }
    if vector.layout == .constant {
      return .constant(.boolean, .bool(validity[0] == 0), count: count)
    }
    let rows = Rows<UInt8>(vector)
    let output = FlatBuilder<UInt8>(count: count)
    if rows.codes == nil {
      var row = 0
      while row < count {
        output.values[row] = validity[row] ^ 1
        row += 1
      }
    } else {
      for row in 0..<count { output[row] = validity[rows.position(row)] ^ 1 }
    }
    return output.finish(.boolean)
  }

  /// TRUE stays, FALSE becomes NULL: `x IN (…, NULL)`.
  static func nullWhereFalse(_ vector: Vector) -> Vector {
    let flat = vector.flat()
    return Vector(
      flat: .boolean, count: flat.count, values: flat.values,
      validity: flat.pointer(UInt8.self), owners: [flat])
  }

  static func connect(_ left: Vector, _ right: Vector, deciding: UInt8) -> Vector {
    let count = left.count
    for (one, other) in [(left, right), (right, left)]
    where one.layout == .constant && count > 0 && !one.isNull(0) {
      return (one.pointer(UInt8.self)[0] & 1) == deciding ? one : other
    }
    let left = left.flat()
    let right = right.flat()
    let a = left.pointer(UInt8.self)
    let b = right.pointer(UInt8.self)
    let buffer = Buffer(UInt8.self, count: count)
    let output = buffer.pointer(UInt8.self)
    var row = 0
    if left.validity == nil && right.validity == nil {
      if deciding == 0 {
        while row < count {
          output[row] = a[row] & b[row]
          row += 1
        }
      } else {
        while row < count {
          output[row] = a[row] | b[row]
          row += 1
        }
      }
      return withExtendedLifetime((left, right)) {
        Vector(flat: .boolean, count: count, values: buffer)
      }
    }
    let validity = Buffer(UInt8.self, count: count)
    let valid = validity.pointer(UInt8.self)
    while row < count {
      let leftValid = left.validity.map { $0[row] } ?? 1
      let rightValid = right.validity.map { $0[row] } ?? 1
      let decided =
        (leftValid != 0 && a[row] == deciding) || (rightValid != 0 && b[row] == deciding)
      output[row] = decided ? deciding : deciding ^ 1
      valid[row] = decided ? 1 : leftValid & rightValid
      row += 1
    }
    return withExtendedLifetime((left, right)) {
      Vector(flat: .boolean, count: count, values: buffer, validity: validity)
    }
  }
}
