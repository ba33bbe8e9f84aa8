import CKernels
import ColStore

/// A table over one text.
///
/// A slot has half of the text's hash beside its number, which tells most other texts apart, and is all
/// that is needed where the table grows.
final class TextKeyTable: KeyTable {
  private struct Slot: BitwiseCopyable {
    var hash: UInt32
    /// 0 where the slot is free.
    var numberPlusOne: UInt32
  }

  /// By number.
  private let texts = StateArray<StringView>()
  private(set) var count = 0
  private var slots = StateArray<Slot>()
  private var mask = 1023
  private let arena = TextArena()
  private var numberOfNull: UInt32?

  /// Rows whose slots are asked for at once, so that they do not wait for memory one after the other.
  private static let rowsAhead = 64

  init() { slots.resize(to: mask + 1) }

  func assign(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    lookUp(keys[0], rows, numbers, inserting: true)
  }

  func find(_ keys: [Vector], count rows: Int, into numbers: UnsafeMutablePointer<UInt32>) {
    lookUp(keys[0], rows, numbers, inserting: false)
  }

  private func lookUp(
    _ vector: Vector, _ rows: Int, _ numbers: UnsafeMutablePointer<UInt32>, inserting: Bool
  ) {
    let views = Rows<StringView>(vector)
    let isCoded = KeyTables.lookUpEntries(of: vector, count: rows, into: numbers) { row in
      lookUp(row..<row + 1, of: views, into: numbers, inserting: inserting)
    }
    if !isCoded {
      for row in stride(from: 0, to: rows, by: TextKeyTable.rowsAhead) {
        let end = min(rows, row + TextKeyTable.rowsAhead)
        lookUp(row..<end, of: views, into: numbers, inserting: inserting)
      }
    }
    withExtendedLifetime(vector) {}
  }

  /// - Parameter rows: No more than are looked up at once.
  private func lookUp(
    _ rows: Range<Int>, of views: Rows<StringView>, into numbers: UnsafeMutablePointer<UInt32>,
    inserting: Bool
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: TextKeyTable.rowsAhead) { hashes in
      for (index, row) in rows.enumerated() where !views.isNull(row) {
        hashes[index] = TextKeyTable.hash(views[row])
        ecq_prefetch(slots.states + (Int(hashes[index]) & mask))
      }
      for (index, row) in rows.enumerated() {
        numbers[row] =
          views.isNull(row)
          ? number(ofNullInserting: inserting)
          : number(of: views[row], hash: hashes[index], inserting: inserting)
      }
    }
  }

  @inline(__always)
  private static func hash(_ text: StringView) -> UInt32 {
    UInt32(truncatingIfNeeded: ByteHash.hash(text.bytes) >> 32)
  }

  private func number(ofNullInserting inserting: Bool) -> UInt32 {
    if let numberOfNull { return numberOfNull }
    guard inserting else { return KeyTables.absent }
    let number = add(.empty)
    numberOfNull = number
    return number
  }

  private func number(of text: StringView, hash: UInt32, inserting: Bool) -> UInt32 {
    var place = Int(hash) & mask
    while true {
      let slot = slots[place]
      if slot.numberPlusOne == 0 { break }
      if slot.hash == hash, texts[Int(slot.numberPlusOne) - 1] == text {
        return slot.numberPlusOne - 1
      }
      place = (place + 1) & mask
    }
    guard inserting else { return KeyTables.absent }
    let number = add(arena.copy(text.bytes))
    slots[place] = Slot(hash: hash, numberPlusOne: number + 1)
    if count * 2 > mask { grow() }
    return number
  }

  private func add(_ text: StringView) -> UInt32 {
    texts.resize(to: count + 1)
    texts[count] = text
    count += 1
    return UInt32(count - 1)
  }

  private func grow() {
    let capacity = (mask + 1) * 2
    let larger = StateArray<Slot>()
    larger.resize(to: capacity)
    for old in 0...mask where slots[old].numberPlusOne != 0 {
      var place = Int(slots[old].hash) & (capacity - 1)
      while larger[place].numberPlusOne != 0 { place = (place + 1) & (capacity - 1) }
      larger[place] = slots[old]
    }
    (slots, mask) = (larger, capacity - 1)
  }

  func keys() -> [Vector] {
    var keys = FlatBuilder<StringView>(count: count)
    for number in 0..<count { keys[number] = texts[number] }
    if let numberOfNull { keys.setNull(Int(numberOfNull), filler: .empty) }
    return [keys.finish(.varchar, owners: arena.owners)]
  }
}
