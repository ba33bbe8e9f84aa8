import ColStore

/// parse_filename, parse_dirname, parse_dirpath, parse_path, url_encode, url_decode.
enum Paths {
  static let functions: [ScalarFunction] = [
    part("parse_filename", takesFlag: true) { path, trims in
      let name = path.suffix(from: (path.lastIndex(where: isSlash) ?? -1) + 1)
      if trims, let dot = name.lastIndex(of: 0x2e) { return name[..<dot] }
      return name
    },
    part("parse_dirname", takesFlag: false) { path, _ in
      guard let slash = path.firstIndex(where: isSlash) else { return [] }
      return slash == 0 ? path[...0] : path[..<slash]
    },
    part("parse_dirpath", takesFlag: false) { path, _ in
      guard let slash = path.lastIndex(where: isSlash) else { return [] }
      return slash == 0 ? path[...0] : path[..<slash]
    },
    pieces, encode, decode,
  ]

  private static func isSlash(_ byte: UInt8) -> Bool { byte == 0x2f || byte == 0x5c }

  /// A part of a path; `takesFlag`: a second argument says whether the file's extension goes.
  private static func part(
    _ name: String, takesFlag: Bool,
    _ body: @escaping @Sendable (_ path: [UInt8], _ trims: Bool) -> ArraySlice<UInt8>
  ) -> ScalarFunction {
    func overload(_ parameters: [DataType]) -> ScalarOverload {
      ScalarOverload(name: name, parameters, .varchar) { arguments, count in
        let paths = Rows<StringView>(arguments[0])
        let flags = parameters.count > 1 ? Rows<UInt8>(arguments[1]) : nil
        var output = TextBuilder(count: count)
        for row in 0..<count {
          if paths.isNull(row) {
            output.set(row, .empty)
          } else {
            let trims = flags.map { $0[row] != 0 } ?? false
            output.set(row, copying: Array(body(Array(paths[row].bytes), trims)))
          }
        }
        return withExtendedLifetime(arguments) { output.finish() }
      }
    }
    return ScalarFunction(
      name, signature: "\(name)(path\(takesFlag ? "[, trim_extension]" : ""))",
      overloads: [overload([.varchar])] + (takesFlag ? [overload([.varchar, .boolean])] : []))
  }

  private static let pieces = ScalarFunction(
    "parse_path", signature: "parse_path(path)",
    overloads: [
      ScalarOverload(name: "parse_path", [.varchar], .list(.varchar)) { arguments, count in
        let paths = Rows<StringView>(arguments[0])
        var output = TextListBuilder(count: count)
        for row in 0..<count {
          if paths.isNull(row) {
            output.endNull()
            continue
          }
          let start = output.elementCount
          let path = paths[row]
          var from = 0
          for at in 0...path.count where at == path.count || isSlash(path.start[at]) {
            if at == 0 && path.count > 0 {
              output.append(StringView(start: path.start, count: 1))
            } else if at > from {
              output.append(StringView(start: path.start + from, count: at - from))
            }
            from = at + 1
          }
          output.endList(from: start)
        }
        return output.finish(borrowing: arguments)
      }
    ])

  private static let encode = ScalarFunction(
    "url_encode", signature: "url_encode(text)",
    overloads: [
      TextFunctions.overload("url_encode", [.varchar]) { row, buffer in
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in row.text(0).bytes {
          switch byte {
          case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: buffer.append(byte)
          default:
            buffer.append(0x25)
            buffer.append(digits[Int(byte >> 4)])
            buffer.append(digits[Int(byte & 15)])
          }
        }
        return buffer.view
      }
    ])

  private static let decode = ScalarFunction(
    "url_decode", signature: "url_decode(text)",
    overloads: [
      TextFunctions.overload("url_decode", [.varchar], canFail: true) {
        row, buffer throws(QueryError) in
        let bytes = row.text(0).bytes
        func digit(_ at: Int) -> UInt8? {
          guard at < bytes.count else { return nil }
          switch bytes[at] {
          case 0x30...0x39: return bytes[at] - 0x30
          case 0x41...0x46: return bytes[at] - 0x41 + 10
          case 0x61...0x66: return bytes[at] - 0x61 + 10
          default: return nil
          }
        }
        var at = 0
        while at < bytes.count {
          if bytes[at] == 0x25, let high = digit(at + 1), let low = digit(at + 2) {
            buffer.append(high << 4 | low)
            at += 3
          } else {
            buffer.append(bytes[at])
            at += 1
          }
        }
        guard String(validating: buffer.bytes, as: UTF8.self) != nil else {
          throw QueryError(.value, "the decoded URL is not valid UTF-8")
        }
        return buffer.view
      }
    ])
}
