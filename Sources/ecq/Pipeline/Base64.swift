/// Bytes as text, as RFC 4648 has it.
func base64(_ bytes: [UInt8]) -> [UInt8] {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  var at = 0
  while at < bytes.count {
    let count = min(3, bytes.count - at)
    var word = 0
    for place in 0..<3 { word = word << 8 | (place < count ? Int(bytes[at + place]) : 0) }
    for place in 0..<4 {
      text.append(place <= count ? digits[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
    }
    at += 3
  }
  return text
}
