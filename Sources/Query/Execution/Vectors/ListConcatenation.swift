import ColStore

/// Concatenates LIST and MAP vectors.
///
/// Slices and selections of one vector share its elements, all of them. So elements that all vectors
/// share stay where they are, if most of them are used; else, of a vector that uses few of its elements,
/// those are copied, and no others.
enum ListConcatenation {
  static func concatenate(_ vectors: [Vector], type: DataType) -> Vector {
    let sources = vectors.map { $0.flattened() }
    let used = sources.map(elementCount)
    let shared = sharedElements(sources, used: used.reduce(0, +))
    var rows = FlatBuilder<ListView>(count: sources.reduce(0) { $0 + $1.count })
    var filled = 0
    func append(_ lists: Rows<ListView>, count: Int, moved: (ListView) -> ListView) {
      for row in 0..<count {
        if lists.isNull(row) {
          rows.setNull(filled, filler: ListView(offset: 0, count: 0))
        } else {
          rows[filled] = moved(lists[row])
        }
        filled += 1
      }
    }
    var children: [Vector] = []
    var mapChildren: [Vector] = []
    var base = 0
    for (source, used) in zip(sources, used) {
      let lists = Rows<ListView>(source)
      guard shared == nil, let child = source.child else {
        append(lists, count: source.count) { $0 }
        continue
      }
      let mapped = source.mapValues
      if used >= child.count {
        append(lists, count: source.count) { list in
          ListView(offset: base + list.offset, count: list.count)
        }
        children.append(child)
        if let mapped { mapChildren.append(mapped) }
        base += child.count
      } else {
        var next = base
        append(lists, count: source.count) { list in
          defer { next += list.count }
          return ListView(offset: next, count: list.count)
        }
        let places = elements(of: source, count: used)
        let positions = UnsafePointer(places.pointer(UInt32.self))
        children.append(child.select(positions, count: used))
        if let mapped { mapChildren.append(mapped.select(positions, count: used)) }
        withExtendedLifetime(places) {}
        base += used
      }
    }
    let flat = rows.finish(type)
    return Vector(
      flat: type, count: flat.count, values: flat.values, validity: flat.validity,
      child: shared?.child
        ?? children.first.map { Vector.concatenate(children, type: $0.type) },
      mapValues: shared?.mapValues
        ?? mapChildren.first.map { Vector.concatenate(mapChildren, type: $0.type) },
      owners: [flat])
  }

  /// A vector whose elements all vectors have, where most of them are used.
  private static func sharedElements(_ vectors: [Vector], used: Int) -> Vector? {
    guard let first = vectors.first, let child = first.child, used * 2 >= child.count,
      vectors.allSatisfy({ $0.child === child && $0.mapValues === first.mapValues })
    else { return nil }
    return first
  }

  private static func elementCount(_ vector: Vector) -> Int {
    let lists = Rows<ListView>(vector)
    var count = 0
    for row in 0..<vector.count where !lists.isNull(row) { count += lists[row].count }
    return count
  }

  /// Where the elements of the lists are, in their order.
  private static func elements(of vector: Vector, count: Int) -> Buffer {
    let places = Buffer(UInt32.self, count: count)
    let place = places.pointer(UInt32.self)
    let lists = Rows<ListView>(vector)
    var filled = 0
    for row in 0..<vector.count where !lists.isNull(row) {
      let list = lists[row]
      for element in 0..<list.count {
        place[filled] = UInt32(list.offset + element)
        filled += 1
      }
    }
    return places
  }
}
