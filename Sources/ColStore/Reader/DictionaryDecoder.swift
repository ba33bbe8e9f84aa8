import Glibc

/// Decodes the dictionary of a column into a flat vector whose entry 0 is NULL.
struct DictionaryDecoder {
  let file: MappedFile
  let type: DataType
  /// Whether some row is NULL; else entry 0 is never looked at.
  let hasNulls: Bool

  func decode(_ reference: StoreFooter.DictionaryReference) throws(StoreError) -> Vector {
    let count = reference.entryCount
    let validity = hasNulls ? validity(count) : nil
    switch type.physical {
    case .string: return try decodeTexts(reference, validity: validity)
    case .int128: return try decodeWides(reference, validity: validity)
    default: return try decodeWords(reference, validity: validity)
    }
  }

  private func validity(_ count: Int) -> Buffer {
    let validity = Buffer(byteCount: count)
    memset(validity.base, 1, count)
    validity.pointer(UInt8.self)[0] = 0
    return validity
  }

  private func forEachSegment(
    _ reference: StoreFooter.DictionaryReference,
    _ body: (_ start: Int, _ count: Int, inout ByteReader, DecodingScratch) throws(StoreError)
      -> Void
  ) throws(StoreError) {
    let scratch = DecodingScratch(try ZstdDecompressor())
    var start = 1
    for segment in reference.segments {
      var reader = ByteReader(try file.blob(segment.blob))
      try body(start, segment.entryCount, &reader, scratch)
      start += segment.entryCount
    }
  }

  private func decodeWords(
    _ reference: StoreFooter.DictionaryReference, validity: Buffer?
  ) throws(StoreError) -> Vector {
    try checkSizes(reference, bytesPerEntryMin: 0)
    let values = Buffer(UInt64.self, count: reference.entryCount)
    let words = values.pointer(UInt64.self)
    words[0] = 0
    try forEachSegment(reference) { start, count, reader, scratch throws(StoreError) in
      try IntegerStream.decode(&reader, into: words + start, count: count, scratch: scratch)
    }
    return Vector(flat: type, count: reference.entryCount, values: values, validity: validity)
  }

  private func decodeTexts(
    _ reference: StoreFooter.DictionaryReference, validity: Buffer?
  ) throws(StoreError) -> Vector {
    try checkSizes(reference, bytesPerEntryMin: 0)
    let values = Buffer(StringView.self, count: reference.entryCount)
    let views = values.pointer(StringView.self)
    views[0] = .empty
    var owners: [AnyObject] = []
    try forEachSegment(reference) { start, count, reader, scratch throws(StoreError) in
      owners.append(
        try TextBlock.decode(&reader, into: views + start, count: count, scratch: scratch))
    }
    return Vector(
      flat: type, count: reference.entryCount, values: values, validity: validity, owners: owners)
  }

  /// Wide values lie in the file as they are used; where their segments follow each other they are
  /// not even copied.
  private func decodeWides(
    _ reference: StoreFooter.DictionaryReference, validity: Buffer?
  ) throws(StoreError) -> Vector {
    let stride = MemoryLayout<Int128>.stride
    var isContiguous = true
    var end = reference.segments.first?.blob.offset ?? 0
    for segment in reference.segments {
      guard segment.blob.byteCount == segment.entryCount * stride else {
        throw StoreError("a dictionary of 128-bit values has the wrong size", at: file.path)
      }
      _ = try file.blob(segment.blob)
      isContiguous = isContiguous && segment.blob.offset == end
      end = segment.blob.offset + segment.blob.byteCount
    }
    if isContiguous, let first = reference.segments.first?.blob.offset, first % stride == 0,
      first >= stride, let start = file.bytes.baseAddress
    {
      // Entry 0 is NULL and never read; its place is the 16 bytes before the values.
      let owners: [AnyObject] = validity.map { [file, $0] } ?? [file]
      return Vector(
        flat: type, count: reference.entryCount, values: start + first - stride,
        validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) }, owners: owners)
    }
    let values = Buffer(Int128.self, count: reference.entryCount)
    values.pointer(Int128.self)[0] = 0
    var at = 1
    for segment in reference.segments {
      let bytes = try file.blob(segment.blob)
      if let source = bytes.baseAddress {
        memcpy(values.base + at * stride, source, bytes.count)
      }
      at += segment.entryCount
    }
    return Vector(flat: type, count: reference.entryCount, values: values, validity: validity)
  }

  /// Segments are cut at ``segmentEntriesMax`` entries, so a damaged count asks for no more memory
  /// than the file's number of segments allows.
  private func checkSizes(
    _ reference: StoreFooter.DictionaryReference, bytesPerEntryMin: Int
  ) throws(StoreError) {
    for segment in reference.segments where segment.entryCount > segmentEntriesMax {
      throw StoreError("a dictionary segment has too many entries", at: file.path)
    }
  }
}

/// The most entries of one segment of a dictionary (of words or texts) or of a map.
let segmentEntriesMax = 1 << 16

/// The map of a derived column: by the parent's code, the column's code or word.
final class DerivedMap: @unchecked Sendable {
  let count: Int
  private let values: Buffer
  var codes: UnsafePointer<UInt32> { UnsafePointer(values.pointer(UInt32.self)) }
  var words: UnsafePointer<UInt64> { UnsafePointer(values.pointer(UInt64.self)) }

  init(
    _ segments: [StoreFooter.SegmentReference], holdsCodes: Bool, codeLimit: Int, file: MappedFile
  ) throws(StoreError) {
    for segment in segments where segment.entryCount > segmentEntriesMax {
      throw StoreError("a map's segment has too many entries", at: file.path)
    }
    count = segments.reduce(0) { $0 + $1.entryCount }
    let scratch = DecodingScratch(try ZstdDecompressor())
    values = Buffer(byteCount: count * (holdsCodes ? 4 : 8))
    var at = 0
    for segment in segments {
      var reader = ByteReader(try file.blob(segment.blob))
      if holdsCodes {
        try IntegerStream.decode(
          &reader, into: values.pointer(UInt32.self) + at, count: segment.entryCount,
          scratch: scratch)
      } else {
        try IntegerStream.decode(
          &reader, into: values.pointer(UInt64.self) + at, count: segment.entryCount,
          scratch: scratch)
      }
      at += segment.entryCount
    }
    if holdsCodes {
      for index in 0..<count where Int(codes[index]) >= codeLimit {
        throw StoreError("a map points outside its dictionary", at: file.path)
      }
    }
  }
}
