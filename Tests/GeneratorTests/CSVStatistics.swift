import Glibc

/// What a test counts in the bytes of generated files, by a plain parser of its own.
struct CSVStatistics {
  var rows = 0
  var views = 0
  var carts = 0
  var purchases = 0
  var nullCodes = 0
  var nullBrands = 0
  var zeroPrices = 0
  var zeroPricePurchases = 0
  var outagePurchases = 0
  var smartphones = 0
  var inversions = 0
  var malformedRows = 0
  var cents = 0
  var purchaseCents = 0
  var hour15 = 0
  var hour2 = 0
  var rowsOfDay: [Int: Int] = [:]
  var prices: [Int32] = []
  /// By session text.
  var sessions: [[UInt8]: Session] = [:]
  /// By user: 1 for October, 2 for November, 4 for a purchase.
  var users: [Int: Int] = [:]
  var categoryOfProduct: [Int: Int] = [:]
  var productsInTwoCategories = 0
  /// By category identifier: whether it has a code.
  var hasCode: [Int: Bool] = [:]
  var categoriesWithAndWithoutCode = 0

  struct Session {
    var rows = 0
    var first = 0
    var last = 0
    var carts = 0
    var purchases = 0
    var isOctober = true
    var products: Set<Int> = []
  }

  /// Adds the rows of one month's file.
  mutating func add(_ bytes: [UInt8], isOctober: Bool) {
    var previousTime = 0
    var isHeader = true
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if isHeader {
        isHeader = false
        continue
      }
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      rows += 1
      guard fields.count == 9, fields[0].count == 23, let day = number(fields[0], 8, 2),
        let hour = number(fields[0], 11, 2), let minute = number(fields[0], 14, 2),
        let second = number(fields[0], 17, 2), let product = number(fields[2]),
        let category = number(fields[3]), let price = number(fields[6].filter { $0 != 46 }),
        let user = number(fields[7]), number(fields[0], 6, 1) == (isOctober ? 0 : 1),
        fields[8].isEmpty || fields[8].count == 36
      else {
        malformedRows += 1
        continue
      }
      let calendarDay = isOctober ? day : day + 31
      let time = ((calendarDay * 24 + hour) * 60 + minute) * 60 + second
      if time < previousTime { inversions += 1 }
      previousTime = time
      rowsOfDay[calendarDay, default: 0] += 1
      if hour == 15 { hour15 += 1 }
      if hour == 2 { hour2 += 1 }
      let isCart = fields[1].elementsEqual("cart".utf8)
      let isPurchase = fields[1].elementsEqual("purchase".utf8)
      if isCart { carts += 1 } else if isPurchase { purchases += 1 } else { views += 1 }
      if fields[4].isEmpty { nullCodes += 1 }
      if fields[4].elementsEqual("electronics.smartphone".utf8) { smartphones += 1 }
      if fields[5].isEmpty { nullBrands += 1 }
      if price == 0 { zeroPrices += 1 }
      if price == 0 && isPurchase { zeroPricePurchases += 1 }
      if isPurchase && calendarDay == 46 { outagePurchases += 1 }
      cents += price
      if isPurchase { purchaseCents += price }
      prices.append(Int32(price))
      if let known = categoryOfProduct.updateValue(category, forKey: product), known != category {
        productsInTwoCategories += 1
      }
      let coded = !fields[4].isEmpty
      if let known = hasCode.updateValue(coded, forKey: category), known != coded {
        categoriesWithAndWithoutCode += 1
      }
      users[user, default: 0] |= (isOctober ? 1 : 2) | (isPurchase ? 4 : 0)
      guard !fields[8].isEmpty else { continue }
      var session = sessions[Array(fields[8])] ?? Session(first: time, isOctober: isOctober)
      session.rows += 1
      session.last = time
      session.carts += isCart ? 1 : 0
      session.purchases += isPurchase ? 1 : 0
      session.products.insert(product)
      sessions[Array(fields[8])] = session
    }
  }

  private func number(_ field: some RandomAccessCollection<UInt8>) -> Int? {
    guard !field.isEmpty else { return nil }
    var value = 0
    for digit in field {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 48)
    }
    return value
  }

  private func number(_ field: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> Int? {
    number(field.dropFirst(offset).prefix(count))
  }
}

/// A directory of its own for a test, removed when the test ends.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/generator-tests-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    precondition(made != nil, "a directory in /tmp can be made")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The names of the files in the directory.
  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func read(_ name: String) -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "r") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let count = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = fread(buffer.baseAddress, 1, count, file)
    }
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
