import ColStore

/// Reads the lists of a vector row by row.
struct ListRows {
  private let rows: Rows<ListView>
  private let owner: Vector
  /// The elements of all lists.
  let elements: Vector

  init(_ vector: Vector) {
    rows = Rows(vector)
    owner = vector
    if let child = vector.child {
      elements = child
    } else {
      // A vector of nothing but NULLs and empty lists has no elements.
      elements = Vector(vector.type.element, [])
    }
  }

  func isNull(_ row: Int) -> Bool { rows.isNull(row) }

  /// Where the elements of the row's list lie; empty for NULL.
  subscript(row: Int) -> Range<Int> {
    if rows.isNull(row) { return 0..<0 }
    let list = rows[row]
    return list.offset..<list.offset + list.count
  }
}

/// Builds lists row by row of elements picked from other vectors.
struct ListBuilder {
  private let type: DataType
  private var views: FlatBuilder<ListView>
  private var picked: [UInt32] = []
  private let sources: [Vector]
  /// Where each source starts among all elements; NULL is behind the last.
  private let starts: [Int]
  private let nullPosition: Int
  private var row = 0

  /// `sources` are of the element type of `type`.
  init(_ type: DataType, count: Int, sources: [Vector]) {
    self.type = type
    self.sources = sources
    views = FlatBuilder(count: count)
    var starts: [Int] = []
    var total = 0
    for source in sources {
      starts.append(total)
      total += source.count
    }
    self.starts = starts
    nullPosition = total
  }

  /// Adds row `row` of source `source` to the list being built.
  mutating func append(_ source: Int, _ row: Int) {
    picked.append(UInt32(starts[source] + row))
  }

  mutating func appendNull() { picked.append(UInt32(nullPosition)) }

  /// How many elements all lists have so far.
  var elementCount: Int { picked.count }

  /// Ends the list of the next row; its elements were appended since `from`.
  mutating func endList(from: Int) {
    views[row] = ListView(offset: from, count: picked.count - from)
    row += 1
  }

  /// The next row is NULL.
  mutating func endNull() {
    views.setNull(row, filler: ListView(offset: 0, count: 0))
    row += 1
  }

  func finish() -> Vector {
    let element = type.element
    let all = Vector.concatenate(
      sources.map { $0.flat() } + [Vector.nulls(element, count: 1).flat()], type: element
    ).flat()
    let child = picked.withUnsafeBufferPointer { positions -> Vector in
      guard let base = positions.baseAddress, !positions.isEmpty else { return Vector(element, []) }
      return Vector.gather(values: all, at: base, count: positions.count, keeping: all)
    }
    let flat = views.finish(type)
    return Vector(
      flat: type, count: flat.count, values: flat.values, validity: flat.validity, child: child,
      owners: [flat, child])
  }
}

/// Builds lists of texts that are made on the way.
struct TextListBuilder {
  private var views: FlatBuilder<ListView>
  private var texts: [StringView] = []
  private var nulls: [Int] = []
  private let arena = TextArena()
  private var row = 0

  init(count: Int) { views = FlatBuilder(count: count) }

  var elementCount: Int { texts.count }

  /// `text` lies in an argument that the result borrows.
  mutating func append(_ text: StringView) { texts.append(text) }

  mutating func appendNull() {
    nulls.append(texts.count)
    texts.append(.empty)
  }

  mutating func endList(from: Int) {
    views[row] = ListView(offset: from, count: texts.count - from)
    row += 1
  }

  mutating func endNull() {
    views.setNull(row, filler: ListView(offset: 0, count: 0))
    row += 1
  }

  func finish(borrowing vectors: [Vector]) -> Vector {
    var output = TextBuilder(count: texts.count)
    for (index, text) in texts.enumerated() { output.set(index, text) }
    for index in nulls { output.setNull(index) }
    let child = output.finish(borrowing: vectors)
    let flat = views.finish(.list(.varchar))
    return Vector(
      flat: .list(.varchar), count: flat.count, values: flat.values, validity: flat.validity,
      child: child, owners: [flat, child])
  }
}

extension DataType {
  /// What the lists of the type hold; of a map, its keys.
  var element: DataType {
    switch self {
    case .list(let element): element
    case .map(let key, _): key
    default: .null
    }
  }

  var isList: Bool {
    if case .list = self { return true }
    return false
  }
}
