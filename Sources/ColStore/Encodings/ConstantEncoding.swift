/// All values are equal: `signed value`.
enum ConstantEncoding {
  static func applies<Word: StreamWord>(_ values: UnsafePointer<Word>, count: Int) -> Bool {
    var index = 1
    while index < count {
      if values[index] != values[0] { return false }
      index += 1
    }
    return true
  }

  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, into writer: inout ByteWriter
  ) { writer.append(signed: values[0].asInt64) }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int
  ) throws(StoreError) {
    guard let value = Word(exactlyInt64: try reader.signed()) else {
      throw StoreError("a constant does not fit its column")
    }
    values.update(repeating: value, count: count)
  }
}
