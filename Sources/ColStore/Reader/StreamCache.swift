import Glibc
import Synchronization

/// Decompressed byte streams of a store's blocks, kept for later scans while there is room.
///
/// A stream is known by the address of its compressed bytes, which stay where they are as long as
/// the store is open.
final class StreamCache: Sendable {
  private struct Shelf {
    var streams: [UInt: Buffer] = [:]
  }

  private static let shelfCount = 16
  private let shelves: [Mutex<Shelf>.Holder]
  private let bytesLeft: Atomic<Int>

  init(bytesMax: Int) {
    shelves = (0..<Self.shelfCount).map { _ in .init(Shelf()) }
    bytesLeft = Atomic(bytesMax)
  }

  /// Leaves room for no more than `bytes`, where nothing is kept yet.
  func limit(to bytes: Int) {
    if bytes < bytesLeft.load(ordering: .relaxed) { bytesLeft.store(bytes, ordering: .relaxed) }
  }

  private func shelf(_ address: UInt) -> Mutex<Shelf>.Holder {
    shelves[Int((address >> 6) % UInt(Self.shelfCount))]
  }

  /// Copies the stream into `output`, or returns false where it is not known.
  func copy(_ source: UnsafeRawPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
    let address = UInt(bitPattern: source)
    let known = shelf(address).mutex.withLock { $0.streams[address] }
    guard let known, known.byteCount == output.count, let target = output.baseAddress else {
      return false
    }
    memcpy(target, known.base, output.count)
    return true
  }

  /// The stream, where it is known.
  func stream(at source: UnsafeRawPointer) -> Buffer? {
    let address = UInt(bitPattern: source)
    return shelf(address).mutex.withLock { $0.streams[address] }
  }

  func keep(_ source: UnsafeRawPointer, _ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress, reserve(bytes.count) else { return }
    let copy = Buffer(byteCount: bytes.count)
    memcpy(copy.base, start, bytes.count)
    let address = UInt(bitPattern: source)
    shelf(address).mutex.withLock { $0.streams[address] = copy }
  }

  /// Keeps a stream in the memory where it lies.
  func keep(_ source: UnsafeRawPointer, _ stream: Buffer) {
    guard reserve(stream.byteCount) else { return }
    let address = UInt(bitPattern: source)
    shelf(address).mutex.withLock { $0.streams[address] = stream }
  }

  /// Takes room for `bytes`, or returns false where there is none left.
  func reserve(_ bytes: Int) -> Bool {
    let left = bytesLeft.wrappingSubtract(bytes, ordering: .relaxed).newValue
    if left >= 0 { return true }
    bytesLeft.wrappingAdd(bytes, ordering: .relaxed)
    return false
  }
}

extension Mutex where Value: Copyable {
  /// A lock that can lie in an array.
  final class Holder: Sendable {
    let mutex: Mutex<Value>

    init(_ value: sending Value) { mutex = Mutex(value) }
  }
}
