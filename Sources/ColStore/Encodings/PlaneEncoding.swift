/// Frame of reference, then byte planes.
///
///     signed reference   the smallest value
///     varint divisor     the greatest common divisor of all distances to it, at least 1
///     u8     width       bytes of the largest quotient, 0…8
///     width × byte stream of n bytes; plane p holds byte p of every quotient
///
/// value = reference + quotient × divisor.
enum PlaneEncoding {
  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    let frame = FrameOfReference(values, count: count)
    try scratch.lend(Word.self, count) { quotients throws(StoreError) in
      frame.distances(values, count: count, into: quotients)
      let divisor = CommonDivisor.divideOut(of: quotients, count: count)
      let largest = frame.range / divisor
      let width = (Word.bitWidth - largest.leadingZeroBitCount + 7) / 8
      writer.append(signed: frame.reference.asInt64)
      writer.append(varint: UInt64(divisor))
      writer.append(UInt8(width))
      try scratch.lend(UInt8.self, count * width) { planes throws(StoreError) in
        Word.splitPlanes(quotients, count, width: width, into: planes)
        for plane in 0..<width {
          let bytes = UnsafeRawBufferPointer(start: planes + plane * count, count: count)
          try ByteStream.encode(bytes, into: &writer, scratch: scratch)
        }
      }
    }
  }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    try withPlanes(&reader, Word.self, count, scratch) { planes, width, reference, divisor in
      Word.joinPlanes(planes, count, width: width, into: values)
      Word.scale(values, count, by: divisor, reference: reference)
    }
  }

  /// Decodes the values at `rows` alone.
  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, at rows: UnsafePointer<UInt32>, _ rowCount: Int,
    into values: UnsafeMutablePointer<Word>, count: Int, scratch: DecodingScratch
  ) throws(StoreError) {
    let (reference, divisor, width) = try frame(&reader, Word.self)
    values.update(repeating: 0, count: rowCount)
    for plane in 0..<width {
      let shift = Word(truncatingIfNeeded: 8 * plane)
      switch try ByteStream.view(&reader, count: count, scratch: scratch) {
      case .constant(let byte):
        let part = Word(byte) &<< shift
        if part == 0 { continue }
        for index in 0..<rowCount { values[index] |= part }
      case .bytes(let bytes, let owner):
        var index = 0
        while index < rowCount {
          values[index] |= Word(bytes[Int(rows[index])]) &<< shift
          index += 1
        }
        withExtendedLifetime(owner) {}
      }
    }
    Word.scale(values, rowCount, by: divisor, reference: reference)
  }

  /// What precedes the planes.
  private static func frame<Word: StreamWord>(
    _ reader: inout ByteReader, _ type: Word.Type
  ) throws(StoreError) -> (reference: Word, divisor: Word, width: Int) {
    guard let reference = Word(exactlyInt64: try reader.signed()),
      let divisor = Word(exactly: try reader.varint())
    else { throw StoreError("a frame of reference does not fit its column") }
    let width = Int(try reader.byte())
    guard width <= MemoryLayout<Word>.size else {
      throw StoreError("values of \(width) bytes do not fit their column")
    }
    return (reference, divisor, width)
  }

  private static func withPlanes<Word: StreamWord>(
    _ reader: inout ByteReader, _ type: Word.Type, _ count: Int, _ scratch: DecodingScratch,
    _ body: (UnsafePointer<UInt8>, _ width: Int, _ reference: Word, _ divisor: Word) -> Void
  ) throws(StoreError) {
    let (reference, divisor, width) = try frame(&reader, Word.self)
    try scratch.lend(UInt8.self, count * width) { planes throws(StoreError) in
      for plane in 0..<width {
        let bytes = UnsafeMutableRawBufferPointer(start: planes + plane * count, count: count)
        try ByteStream.decode(&reader, into: bytes, scratch: scratch)
      }
      body(UnsafePointer(planes), width, reference, divisor)
    }
  }
}
