import ColStore
import Glibc

/// The lines of a file, each as soon as it is there.
final class LineReader {
  private let descriptor: Int32
  private let name: String
  private var bytes: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// The number of the line that was read last, from 1.
  private(set) var lineNumber = 0

  init(_ descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// The next line without its end; nil behind the last one.
  func next() throws -> String? {
    var searched = start
    while true {
      if let end = bytes[searched...].firstIndex(of: 0x0a) {
        defer { start = end + 1 }
        return try line(start..<end)
      }
      searched = bytes.count
      if isAtEnd {
        guard start < bytes.count else { return nil }
        defer { start = bytes.count }
        return try line(start..<bytes.count)
      }
      try fill()
      if start == 0 { continue }
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
  }

  private func line(_ range: Range<Int>) throws -> String {
    lineNumber += 1
    let hasReturn = range.upperBound > range.lowerBound && bytes[range.upperBound - 1] == 0x0d
    let content = bytes[range.lowerBound..<range.upperBound - (hasReturn ? 1 : 0)]
    guard let text = String(validating: content, as: UTF8.self) else {
      throw StoreError("line \(lineNumber) is not valid UTF-8", at: name)
    }
    return text
  }

  private func fill() throws {
    let block = 1 << 16
    let old = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: block))
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + old, block) }
    bytes.removeLast(block - max(0, count))
    if count < 0 && errno != EINTR { throw systemError("cannot read", name) }
    if count == 0 { isAtEnd = true }
  }
}
