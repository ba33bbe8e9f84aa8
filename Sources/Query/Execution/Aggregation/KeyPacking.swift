import ColStore

/// How keys share one integer: each has its value's bits and one for NULL, or those of its number.
struct KeyPacking: Sendable {
  enum Key: Sendable {
    case value(DataType)
    /// Whole numbers from 0 to below `size`, never NULL.
    case number(size: Int)
  }

  struct Slot: Sendable {
    let type: DataType
    let shift: Int
    let bits: Int
    let isNumber: Bool
    /// Where the bit for NULL is; nil where there is none.
    let nullShift: Int?
  }

  let slots: [Slot]
  let totalBits: Int

  /// Nil where the keys do not fit into 128 bits.
  init?(_ keys: [Key]) {
    var slots: [Slot] = []
    var shift = 0
    for key in keys {
      switch key {
      case .number(let size):
        let bits = Int.bitWidth - max(size - 1, 1).leadingZeroBitCount
        slots.append(
          Slot(type: .bigint, shift: shift, bits: bits, isNumber: true, nullShift: nil))
        shift += bits
      case .value(let type):
        guard let bits = KeyPacking.bits(of: type, isLone: keys.count == 1) else { return nil }
        // The NULL of a lone key that fills its word is told apart by a number of its own.
        let fillsWord = keys.count == 1 && bits >= 64
        slots.append(
          Slot(
            type: type, shift: shift, bits: bits, isNumber: false,
            nullShift: fillsWord ? nil : shift + bits))
        shift += fillsWord ? bits : bits + 1
      }
    }
    guard shift <= 128 else { return nil }
    self.slots = slots
    totalBits = shift
  }

  /// The bits of a value; nil where it does not share 128 bits with others.
  static func bits(of type: DataType, isLone: Bool = false) -> Int? {
    switch type {
    case .boolean, .null: 1
    case .integer, .date: 32
    case .decimal(let precision, _) where precision <= 9: 32
    case .bigint, .timestamp, .time, .double: 64
    case .decimal(let precision, _) where precision <= 18: 64
    case .uuid where isLone, .decimal where isLone: 128
    default: nil
    }
  }

  var isNarrow: Bool { totalBits <= 64 }
  /// Whether a lone key fills its word.
  var isWhole: Bool { slots.count == 1 && !slots[0].isNumber && slots[0].nullShift == nil }
}
