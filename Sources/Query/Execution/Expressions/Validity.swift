import ColStore

/// Merges the NULLs of a function's arguments into its result.
enum Validity {
  static func merge(into result: Vector, from arguments: [Vector], count: Int) -> Vector {
    let nullable = arguments.filter { $0.mayHaveNulls && !($0.layout == .constant) }
    if arguments.contains(where: { $0.layout == .constant && count > 0 && $0.isNull(0) }) {
      return .nulls(result.type, count: count)
    }
    if nullable.isEmpty { return result }
    let flat = result.flat()
    if nullable.count == 1, flat.validity == nil, nullable[0].layout == .flat,
      let valid = nullable[0].validity
    {
      return Vector(
        flat: flat.type, count: count, values: flat.values, validity: valid, child: flat.child,
        mapValues: flat.mapValues, owners: [flat, nullable[0]])
    }
    let buffer = Buffer(UInt8.self, count: count)
    let output = buffer.pointer(UInt8.self)
    if let valid = flat.validity {
      output.update(from: valid, count: count)
    } else {
      output.update(repeating: 1, count: count)
    }
    for vector in nullable {
      guard let valid = vector.validity else { continue }
      var row = 0
      if let codes = vector.codes {
        while row < count {
          output[row] &= valid[Int(codes[row])]
          row += 1
        }
      } else {
        while row < count {
          output[row] &= valid[row]
          row += 1
        }
      }
    }
    return Vector(
      flat: flat.type, count: count, values: flat.values,
      validity: UnsafePointer(output), child: flat.child, mapValues: flat.mapValues,
      owners: [flat, buffer])
  }
}
