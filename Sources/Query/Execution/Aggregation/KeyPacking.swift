import ColStore

/// How keys of fixed width share one integer: each has its value's bits and a bit for NULL.
struct KeyPacking: Sendable {
  struct Slot: Sendable {
    let type: DataType
    let shift: Int
    let bits: Int
  }

  let slots: [Slot]
  let totalBits: Int

  /// Nil where the keys do not fit into 128 bits.
  init?(_ types: [DataType]) {
    var slots: [Slot] = []
    var shift = 0
    for type in types {
      let bits: Int
      switch type {
      case .boolean, .null: bits = 1
      case .integer, .date: bits = 32
      case .decimal(let precision, _) where precision <= 9: bits = 32
      case .bigint, .timestamp, .time, .double: bits = 64
      case .decimal(let precision, _) where precision <= 18: bits = 64
      case .uuid where types.count == 1, .decimal where types.count == 1: bits = 127
      default: return nil
      }
      slots.append(Slot(type: type, shift: shift, bits: bits))
      shift += bits + 1
    }
    // A lone 128-bit key keeps all its bits; NULL is told apart by a reserved number.
    guard shift <= 128 else { return nil }
    self.slots = slots
    totalBits = shift
  }

  var isNarrow: Bool { totalBits <= 64 }
  var isWhole: Bool { slots.count == 1 && slots[0].bits == 127 }
}
