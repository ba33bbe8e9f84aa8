/// Writes events as CSV rows into one large buffer that is used again and again.
struct RowFormatter: ~Copyable {
  static let header: StaticString =
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"

  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0
  /// `000102…ff`: two characters for each byte.
  private let hexadecimal: [UInt16]

  init(rows: Int) {
    capacity = rows * 150 + Self.longestRow
    storage = .allocate(capacity: capacity)
    let digits = Array("0123456789abcdef".utf8)
    hexadecimal = (0..<256).map { UInt16(digits[$0 >> 4]) | UInt16(digits[$0 & 15]) << 8 }
  }

  deinit { storage.deallocate() }

  mutating func removeAll() { count = 0 }

  var bytes: UnsafeRawBufferPointer { .init(start: storage, count: count) }

  /// Appends the events at the positions in the lower halves of `order`.
  mutating func append(
    _ events: UnsafeMutableBufferPointer<Event>, in order: ArraySlice<UInt64>,
    _ catalogue: Catalogue
  ) {
    reserve(order.count * Self.longestRow)
    var cursor = storage + count
    catalogue.text.withUnsafeBufferPointer { text in
      catalogue.products.withUnsafeBufferPointer { products in
        hexadecimal.withUnsafeBufferPointer { hexadecimal in
          guard let text = text.baseAddress, let hexadecimal = hexadecimal.baseAddress else {
            return
          }
          for key in order {
            let event = events[Int(truncatingIfNeeded: key & 0xFFFF_FFFF)]
            let product = products[Int(event.product)]
            cursor = Self.write(event, product, text, hexadecimal, to: cursor)
          }
        }
      }
    }
    count = cursor - storage
  }

  @inline(__always)
  private static func write(
    _ event: Event, _ product: Product, _ text: UnsafePointer<UInt8>,
    _ hexadecimal: UnsafePointer<UInt16>, to target: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    var cursor = target
    Calendar.write(Int(event.time), to: cursor)
    cursor += Calendar.textBytes
    let action: StaticString =
      switch event.action {
      case .view: ",view"
      case .cart: ",cart"
      case .purchase: ",purchase"
      }
    cursor.update(from: action.utf8Start, count: action.utf8CodeUnitCount)
    cursor += action.utf8CodeUnitCount
    let start = Int(product.textOffset) + (event.usesOtherText ? Int(product.textBytes) : 0)
    let bytes = Int(event.usesOtherText ? product.otherTextBytes : product.textBytes)
    cursor.update(from: text + start, count: bytes)
    cursor = writeDecimal(Int(event.cents) / 100, to: cursor + bytes)
    cursor[0] = UInt8(ascii: ".")
    cursor[1] = 0x30 &+ UInt8(truncatingIfNeeded: Int(event.cents) / 10 % 10)
    cursor[2] = 0x30 &+ UInt8(truncatingIfNeeded: Int(event.cents) % 10)
    cursor[3] = UInt8(ascii: ",")
    cursor = writeDecimal(Int(event.user), to: cursor + 4)
    cursor[0] = UInt8(ascii: ",")
    cursor += 1
    if event.sessionHigh | event.sessionLow != 0 {
      writeSession(event.sessionHigh, event.sessionLow, hexadecimal, to: cursor)
      cursor += 36
    }
    cursor[0] = UInt8(ascii: "\n")
    return cursor + 1
  }

  @inline(__always)
  private static func writeDecimal(
    _ value: Int, to target: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    var digits = 1
    var limit = 10
    while value >= limit {
      digits += 1
      limit *= 10
    }
    var rest = value
    var place = digits
    repeat {
      place -= 1
      target[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while place > 0
    return target + digits
  }

  /// Writes 8-4-4-4-12 hexadecimal digits.
  @inline(__always)
  private static func writeSession(
    _ high: UInt64, _ low: UInt64, _ hexadecimal: UnsafePointer<UInt16>,
    to target: UnsafeMutablePointer<UInt8>
  ) {
    let raw = UnsafeMutableRawPointer(target)
    var offset = 0
    var byte = 0
    while byte < 16 {
      if byte == 4 || byte == 6 || byte == 8 || byte == 10 {
        target[offset] = UInt8(ascii: "-")
        offset += 1
      }
      let word = byte < 8 ? high : low
      let value = Int(truncatingIfNeeded: word >> UInt64(56 - (byte & 7) * 8)) & 255
      raw.storeBytes(of: hexadecimal[value], toByteOffset: offset, as: UInt16.self)
      offset += 2
      byte += 1
    }
  }

  private mutating func reserve(_ bytes: Int) {
    guard count + bytes > capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: count + bytes)
    larger.update(from: storage, count: count)
    storage.deallocate()
    storage = larger
    capacity = count + bytes
  }

  private static let longestRow = 240
}
