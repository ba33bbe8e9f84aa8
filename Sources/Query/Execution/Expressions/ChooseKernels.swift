import CKernels
import ColStore

/// CASE with one condition, both sides at hand: picks row by row.
enum ChooseKernels {
  static func choose(
    _ condition: Vector, _ yes: Vector, _ no: Vector, type: DataType, count: Int
  ) -> Vector {
    let verdicts = verdicts(condition, count: count)
    switch type.physical {
    case .bool: return choose(verdicts, yes, no, UInt8.self, type, count)
    case .int64: return choose(verdicts, yes, no, Int64.self, type, count)
    case .double: return choose(verdicts, yes, no, Double.self, type, count)
    case .int128: return choose(verdicts, yes, no, Int128.self, type, count)
    case .interval: return choose(verdicts, yes, no, Interval.self, type, count)
    case .string, .list:
      let picked = verdicts.pointer(UInt8.self)
      let joined = Vector.concatenate([yes.flat(), no.flat()], type: type)
      let places = Buffer(UInt32.self, count: count)
      let place = places.pointer(UInt32.self)
      for row in 0..<count { place[row] = UInt32(picked[row] != 0 ? row : row + count) }
      return withExtendedLifetime(places) {
        Vector.gather(values: joined, at: UnsafePointer(place), count: count, keeping: joined)
      }
    }
  }

  /// 1 where the condition holds, 0 where it is false or NULL.
  static func verdicts(_ condition: Vector, count: Int) -> Buffer {
    let buffer = Buffer(UInt8.self, count: count)
    let output = buffer.pointer(UInt8.self)
    var row = 0
    if let codes = condition.codes, let dictionary = condition.dictionary {
      let tableBuffer = verdicts(dictionary, count: dictionary.count)
      let table = tableBuffer.pointer(UInt8.self)
      while row < count {
        output[row] = table[Int(codes[row])]
        row += 1
      }
      return withExtendedLifetime(tableBuffer) { buffer }
    }
    let flat = condition.flat()
    let values = flat.pointer(UInt8.self)
    if let valid = flat.validity {
      while row < count {
        output[row] = values[row] & valid[row]
        row += 1
      }
    } else {
      while row < count {
        output[row] = values[row]
        row += 1
      }
    }
    withExtendedLifetime(flat) {}
    return buffer
  }

  private static func choose<Element: BitwiseCopyable>(
    _ verdicts: Buffer, _ yes: Vector, _ no: Vector, _ element: Element.Type, _ type: DataType,
    _ count: Int
  ) -> Vector {
    let picked = UnsafePointer(verdicts.pointer(UInt8.self))
    let yes = yes.flattened()
    let no = no.flattened()
    let (yesIsOne, noIsOne) = (yes.layout == .constant, no.layout == .constant)
    let buffer = Buffer(Element.self, count: count)
    switch MemoryLayout<Element>.stride {
    case 1:
      ecq_blend_u8(
        picked, count, yes.pointer(), yesIsOne ? 1 : 0, no.pointer(), noIsOne ? 1 : 0,
        buffer.pointer())
    case 8:
      ecq_blend_u64(
        picked, count, yes.pointer(), yesIsOne ? 1 : 0, no.pointer(), noIsOne ? 1 : 0,
        buffer.pointer())
    default:
      let (a, b) = (yes.pointer(Element.self), no.pointer(Element.self))
      let output = buffer.pointer(Element.self)
      for row in 0..<count {
        output[row] = picked[row] != 0 ? a[yesIsOne ? 0 : row] : b[noIsOne ? 0 : row]
      }
    }
    var validity: Buffer?
    if yes.mayHaveNulls || no.mayHaveNulls {
      let fresh = Buffer(UInt8.self, count: count)
      let valid = fresh.pointer(UInt8.self)
      let yesRows = Rows<UInt8>(yes)
      let noRows = Rows<UInt8>(no)
      for row in 0..<count {
        let yesValid = yesRows.validity.map { $0[row & yesRows.mask] } ?? 1
        let noValid = noRows.validity.map { $0[row & noRows.mask] } ?? 1
        valid[row] = picked[row] != 0 ? yesValid : noValid
      }
      validity = fresh
    }
    return withExtendedLifetime((yes, no)) {
      Vector(flat: type, count: count, values: buffer, validity: validity)
    }
  }
}
