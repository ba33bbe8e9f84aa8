/// A best-selling product. Views, carts and purchases of the first ten are published; those of the
/// others, and some brands and prices, are estimates.
struct BestSeller {
  var identifier: Int
  var isHeadphone = false
  var brand: StaticString
  var price: Double
  var views: Double
  var carts: Double
  var purchases: Double

  static let all = [
    BestSeller(
      identifier: 1_004_856, brand: "samsung", price: 130, views: 942_167, carts: 133_328,
      purchases: 61_265),
    BestSeller(
      identifier: 1_005_115, brand: "apple", price: 956, views: 910_725, carts: 80_923,
      purchases: 34_787),
    BestSeller(
      identifier: 1_004_767, brand: "samsung", price: 247, views: 861_675, carts: 102_215,
      purchases: 44_419),
    BestSeller(
      identifier: 4_804_056, isHeadphone: true, brand: "apple", price: 162, views: 497_431,
      carts: 77_400, purchases: 30_181),
    BestSeller(
      identifier: 1_005_105, brand: "apple", price: 1_364, views: 473_651, carts: 32_659,
      purchases: 15_776),
    BestSeller(
      identifier: 1_004_870, brand: "samsung", price: 282, views: 462_532, carts: 54_036,
      purchases: 21_288),
    BestSeller(
      identifier: 1_004_249, brand: "apple", price: 740, views: 462_353, carts: 39_673,
      purchases: 17_971),
    BestSeller(
      identifier: 1_004_833, brand: "samsung", price: 172, views: 450_464, carts: 56_048,
      purchases: 26_183),
    BestSeller(
      identifier: 1_005_160, brand: "xiaomi", price: 206, views: 437_340, carts: 29_784,
      purchases: 9_311),
    BestSeller(
      identifier: 1_002_544, brand: "apple", price: 464, views: 409_169, carts: 43_790,
      purchases: 22_227),
    BestSeller(
      identifier: 1_004_873, brand: "samsung", price: 370, views: 385_000, carts: 36_000,
      purchases: 13_900),
    BestSeller(
      identifier: 5_100_816, brand: "xiaomi", price: 30, views: 375_000, carts: 36_000,
      purchases: 14_800),
    BestSeller(
      identifier: 1_005_100, brand: "samsung", price: 148, views: 366_000, carts: 45_000,
      purchases: 19_600),
    BestSeller(
      identifier: 1_004_836, brand: "samsung", price: 235, views: 358_000, carts: 39_000,
      purchases: 15_500),
    BestSeller(
      identifier: 1_002_524, brand: "apple", price: 542, views: 350_000, carts: 32_000,
      purchases: 14_500),
    BestSeller(
      identifier: 1_004_838, brand: "samsung", price: 180, views: 343_000, carts: 31_000,
      purchases: 11_200),
    BestSeller(
      identifier: 1_004_750, brand: "samsung", price: 197, views: 338_000, carts: 34_000,
      purchases: 12_400),
    BestSeller(
      identifier: 1_002_633, brand: "apple", price: 362, views: 334_000, carts: 33_000,
      purchases: 13_100),
  ]

  /// Whether the product is at home in `entry`.
  func belongs(to entry: CategoryEntry) -> Bool {
    if isHeadphone { return entry == "electronics.audio.headphone" }
    return identifier < 2_000_000
      ? entry == "electronics.smartphone" : entry == "electronics.clocks"
  }
}
