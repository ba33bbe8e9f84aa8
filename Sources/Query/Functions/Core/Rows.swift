import ColStore

/// Reads the rows of a vector of any layout: for kernels whose work on a row outweighs finding it.
struct Rows<Element: BitwiseCopyable> {
  let values: UnsafePointer<Element>
  let validity: UnsafePointer<UInt8>?
  let codes: UnsafePointer<UInt32>?
  /// All ones, or zero where one value stands for all rows.
  let mask: Int

  init(_ vector: Vector, _ type: Element.Type = Element.self) {
    values = vector.pointer(Element.self)
    validity = vector.validity
    codes = vector.codes
    mask = vector.layout == .constant ? 0 : -1
  }

  @inline(__always)
  func position(_ row: Int) -> Int {
    if let codes { return Int(codes[row]) }
    return row & mask
  }

  @inline(__always)
  func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return validity[position(row)] == 0
  }

  @inline(__always)
  subscript(row: Int) -> Element { values[position(row)] }
}

/// Builds a flat vector of fixed-width values row by row.
struct FlatBuilder<Element: BitwiseCopyable> {
  let values: UnsafeMutablePointer<Element>
  let count: Int
  private let buffer: Buffer
  private var validity: Buffer?

  init(_ type: Element.Type = Element.self, count: Int) {
    self.count = count
    buffer = Buffer(Element.self, count: count)
    values = buffer.pointer(Element.self)
  }

  @inline(__always)
  subscript(row: Int) -> Element {
    get { values[row] }
    nonmutating set { values[row] = newValue }
  }

  /// Makes `row` NULL; `filler` is what lies there, so that later kernels may read it.
  mutating func setNull(_ row: Int, filler: Element) {
    values[row] = filler
    if validity == nil {
      let fresh = Buffer(UInt8.self, count: count)
      fresh.pointer(UInt8.self).update(repeating: 1, count: count)
      validity = fresh
    }
    validity?.pointer(UInt8.self)[row] = 0
  }

  func finish(_ type: DataType, owners: [AnyObject] = []) -> Vector {
    Vector(flat: type, count: count, values: buffer, validity: validity, owners: owners)
  }
}

/// Grows memory for the bytes of many short texts; what it hands out never moves.
final class TextArena {
  private var chunks: [Buffer] = []
  /// Of all chunks.
  private(set) var byteCount = 0
  /// What is left of the chunk that is being filled.
  private var free = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  private static let chunkBytes = 1 << 16

  /// Uninitialised room for `count` bytes.
  @inline(__always)
  func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    guard count <= free.count, let place = free.baseAddress else { return allocateChunk(count) }
    free = UnsafeMutableBufferPointer(start: place + count, count: free.count - count)
    return place
  }

  private func allocateChunk(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    let chunk = Buffer(byteCount: max(count, TextArena.chunkBytes))
    chunks.append(chunk)
    byteCount += chunk.byteCount
    let place = chunk.pointer(UInt8.self)
    // A long text gets a chunk of its own, and the current one goes on being filled.
    if count <= TextArena.chunkBytes / 4 || free.baseAddress == nil {
      free = UnsafeMutableBufferPointer(start: place + count, count: chunk.byteCount - count)
    }
    return place
  }

  func copy(_ bytes: UnsafeBufferPointer<UInt8>) -> StringView {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return .empty }
    let place = allocate(bytes.count)
    place.update(from: source, count: bytes.count)
    return StringView(start: place, count: bytes.count)
  }

  func copy(_ bytes: [UInt8]) -> StringView { bytes.withUnsafeBufferPointer { copy($0) } }

  func copy(_ text: String) -> StringView { copy(Array(text.utf8)) }

  var owners: [AnyObject] { chunks }
}

/// Builds a flat VARCHAR vector row by row; rows may borrow bytes of the argument vectors, which
/// the result then keeps alive.
struct TextBuilder {
  /// The most bytes of all rows together.
  static let bytesMax = 1 << 30

  private var rows: FlatBuilder<StringView>
  let arena = TextArena()

  init(count: Int) { rows = FlatBuilder(count: count) }

  mutating func set(_ row: Int, _ view: StringView) { rows[row] = view }

  mutating func set(_ row: Int, copying bytes: [UInt8]) { rows[row] = arena.copy(bytes) }

  /// - Parameter buffer: A buffer for one row; see ``rowBuffer()``.
  mutating func set(_ row: Int, copying buffer: TextBuffer) throws(QueryError) {
    rows[row] = try copy(buffer)
  }

  /// The text of `buffer`, a buffer for one row, as the text of any rows.
  func copy(_ buffer: TextBuffer) throws(QueryError) -> StringView {
    if buffer.hasOverflowed { throw TextBuilder.tooLong }
    let place = try room(buffer.count)
    place.update(from: buffer.start, count: buffer.count)
    return StringView(start: place, count: buffer.count)
  }

  /// A buffer in which the text of a row can be put together.
  static func rowBuffer() -> TextBuffer { TextBuffer(limit: bytesMax) }

  /// Room for the text of a row.
  func room(_ count: Int) throws(QueryError) -> UnsafeMutablePointer<UInt8> {
    guard arena.byteCount + count <= TextBuilder.bytesMax else { throw TextBuilder.tooLong }
    return arena.allocate(count)
  }

  private static var tooLong: QueryError {
    QueryError(.value, "texts of more than \(bytesMax) bytes are made at once")
  }

  mutating func setNull(_ row: Int) { rows.setNull(row, filler: .empty) }

  func finish(borrowing vectors: [Vector] = []) -> Vector {
    rows.finish(.varchar, owners: arena.owners + vectors)
  }
}
