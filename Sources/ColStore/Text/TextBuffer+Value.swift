extension TextBuffer {
  /// Appends the text of one row of `vector`; nothing for NULL. For single values, not for loops
  /// over many rows: it looks at the type each time.
  public func append(_ vector: Vector, row: Int) {
    guard !vector.isNull(row) else { return }
    let position = vector.position(of: row)
    let type = vector.type
    switch type {
    case .null: break
    case .boolean: append(vector.pointer(UInt8.self)[position] != 0 ? "true" : "false")
    case .varchar: append(vector.pointer(StringView.self)[position])
    case .list, .map: appendList(vector, vector.pointer(ListView.self)[position])
    case .integer, .bigint, .double, .decimal, .timestamp, .date, .time, .uuid, .interval:
      let output = reserve(TextWriting.bytesMax)
      commit(TextWriting.fixedWidth(vector.values, at: position, type: type, to: output))
    }
  }

  private func appendList(_ vector: Vector, _ list: ListView) {
    guard let keys = vector.child else { return }
    let isMap = vector.mapValues != nil
    append(isMap ? UInt8(ascii: "{") : UInt8(ascii: "["))
    for index in list.offset..<list.offset + list.count {
      if index > list.offset { append(", ") }
      appendElement(keys, index)
      if let values = vector.mapValues {
        append("=")
        appendElement(values, index)
      }
    }
    append(isMap ? UInt8(ascii: "}") : UInt8(ascii: "]"))
  }

  private func appendElement(_ vector: Vector, _ row: Int) {
    if vector.isNull(row) { return append("NULL") }
    switch vector.type {
    case .varchar:
      appendQuotedIfNeeded(vector.pointer(StringView.self)[vector.position(of: row)].bytes)
    case .timestamp, .time, .interval:
      let text = TextBuffer()
      text.append(vector, row: row)
      appendQuotedIfNeeded(text.bytes)
    default: append(vector, row: row)
    }
  }

  /// A text within a list: in quotes, with backslashes before quotes and backslashes, where it could
  /// be taken for something else.
  private func appendQuotedIfNeeded(_ bytes: UnsafeBufferPointer<UInt8>) {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }
    var needsQuotes = bytes.isEmpty || isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1])
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
        UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "["),
        UInt8(ascii: "\\"), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"):
        needsQuotes = true
      default: break
      }
    }
    if bytes.count == 4, String(decoding: bytes, as: UTF8.self).lowercased() == "null" {
      needsQuotes = true
    }
    guard needsQuotes else {
      for byte in bytes { append(byte) }
      return
    }
    append(UInt8(ascii: "'"))
    for byte in bytes {
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
      append(byte)
    }
    append(UInt8(ascii: "'"))
  }
}

extension TextWriting {
  /// One value of a type whose texts have at most ``bytesMax`` bytes, at `position` of `values`.
  public static func fixedWidth(
    _ values: UnsafeRawPointer, at position: Int, type: DataType, to output: Output
  ) -> Int {
    func int64() -> Int64 { values.assumingMemoryBound(to: Int64.self)[position] }
    func int128() -> Int128 { values.assumingMemoryBound(to: Int128.self)[position] }
    switch type {
    case .integer, .bigint: return integer(int64(), to: output)
    case .decimal(let precision, let scale):
      return precision <= 18
        ? decimal(int64(), scale: scale, to: output) : decimal(int128(), scale: scale, to: output)
    case .double: return double(values.assumingMemoryBound(to: Double.self)[position], to: output)
    case .timestamp: return timestamp(int64(), to: output)
    case .date: return date(int64(), to: output)
    case .time: return time(int64(), to: output)
    case .uuid: return uuid(int128(), to: output)
    case .interval:
      return interval(values.assumingMemoryBound(to: Interval.self)[position], to: output)
    case .boolean, .varchar, .null, .list, .map:
      preconditionFailure("\(type) has no text of fixed width")
    }
  }
}
